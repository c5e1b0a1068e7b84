/* From boots to a cell's summary. */
#include "model/model.h"

/* Beyond this many boots the number only says "far too many". */
#define BOOTS_CREDIBLE 10000

/* A figure of a boot is told by where it stands. */
static double figure_of(const struct boot *boot, size_t figure)
{
	return boot->status == STATUS_OK
		   ? *(const double *)(const void *)((const char *)boot + figure)
		   : NAN;
}

/*
 * How much of a boot was not its own. 0: nothing that shows. Else what it shared of the core, where
 * that is known; else how many of its batches had to bear something: half of them, or nine tenths.
 */
static double trouble_of(const struct boot *boot)
{
	enum { HALF = 1, NINE_TENTHS = 2 };
	int borne = flags_get(&boot->flags, "unstable")	   ? NINE_TENTHS
		    : flags_get(&boot->flags, "disturbed") ? HALF
							   : 0;

	if (!borne && !(boot->shared > SHARING_TOLERANCE))
		return 0;
	return isnan(boot->shared) ? borne : fmax(boot->shared, SHARING_TOLERANCE);
}

/* Figures of boots that are ok and count. */
typedef struct sample figures;

static void free_figures(figures *sample)
{
	g_free((void *)sample->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(figures, free_figures)

/*
 * The most trouble of a boot that counts: none, where enough boots had none, else what the least
 * troubled ones had. Trouble is never told by a boot's figure, so this favours neither high nor low
 * ones (docs/method.md).
 */
static double trouble_borne(const struct cell *cell)
{
	g_autofree double *values = g_new(double, cell->boot_count + 1);
	struct sample sample = {.values = values, .n = 0};

	for (size_t i = 0; i < cell->boot_count; i++)
		if (isfinite(figure_of(&cell->boots[i], BOOT_FIGURE(round_trip))))
			values[sample.n++] = trouble_of(&cell->boots[i]);
	return sample_smallest(sample, SUMMARY_QUIET_LEAST);
}

/*
 * What the clock's step leaves open of D, in ticks: s / n to both sides (docs/statistics.md, "Round
 * trip").
 */
static double resolution_of(const struct cell *cell)
{
	double resolution = 0;

	for (size_t i = 0; i < cell->boot_count; i++)
		if (cell->boots[i].batch && isfinite(cell->boots[i].clock.step))
			resolution = fmax(resolution,
					  cell->boots[i].clock.step / (double)cell->boots[i].batch);
	return cell->class == CLASS_SILICON ? resolution : 0;
}

static figures sample_of(const struct cell *cell, size_t figure)
{
	double *values = g_new(double, cell->boot_count + 1);
	double borne = trouble_borne(cell);
	size_t n = 0;

	for (size_t i = 0; i < cell->boot_count; i++) {
		double value = figure_of(&cell->boots[i], figure);

		if (isfinite(value) && trouble_of(&cell->boots[i]) <= borne)
			values[n++] = value;
	}
	return (figures){.values = values, .n = n, .resolution = resolution_of(cell)};
}

/* b is the reference case of a, and a's programs have timed it in turn with their own. */
static bool is_paired(const struct cell *a, const struct cell *b)
{
	bool any = false;

	for (size_t i = 0; i < a->boot_count; i++)
		any |= isfinite(a->boots[i].over_reference);
	return any && a->class == CLASS_SILICON && !strcmp(a->reference_case, b->bench) &&
	       !strcmp(a->variant, b->variant) && !strcmp(a->machine, b->machine);
}

char *summary_inconclusive(const struct difference *d)
{
	return d->needs <= BOOTS_CREDIBLE
		   ? g_strdup_printf("inconclusive, needs about %.0f boots", d->needs)
		   : g_strdup("inconclusive");
}

static void set_verdict(struct cell *cell, const struct difference *d)
{
	static const char *const verdicts[][2] = {
	    [CHANGE_NONE] = {"same", "same"},
	    [CHANGE_LESS] = {[CLASS_SILICON] = "faster", [CLASS_DETERMINISTIC] = "fewer"},
	    [CHANGE_MORE] = {[CLASS_SILICON] = "slower", [CLASS_DETERMINISTIC] = "more"},
	};
	g_autofree char *text = d->change == CHANGE_INCONCLUSIVE
				    ? summary_inconclusive(d)
				    : g_strdup(verdicts[d->change][cell->class]);

	run_set(&cell->summary.verdict, text);
}

static double threshold_of(struct sample reference, enum machine_class class, double part)
{
	return class == CLASS_SILICON ? part * fabs(sample_middle(reference)) : 0;
}

struct difference summary_change(const struct cell *a, const struct cell *b, size_t figure,
				 double drift)
{
	g_auto(figures) left = sample_of(a, figure), right = sample_of(b, figure);
	struct difference d = {.delta = NAN, .confidence = {NAN, NAN, CONFIDENCE_NONE}, .p = NAN};

	if (left.n && right.n && a->class == b->class && a->summary.level_count < 2 &&
	    b->summary.level_count < 2)
		d = difference_of(left, right,
				  a->class == CLASS_SILICON ? SAMPLING_RANDOM : SAMPLING_EXACT,
				  threshold_of(right, a->class, drift ?: SUMMARY_THRESHOLD));
	/* Who had to share the core may lie higher for that alone. */
	if ((trouble_borne(a) > 0 || trouble_borne(b) > 0) &&
	    (d.change == CHANGE_LESS || d.change == CHANGE_MORE) && a->class == CLASS_SILICON) {
		d.change = CHANGE_INCONCLUSIVE;
		d.needs = INFINITY;
	}
	return d;
}

double summary_drift(const struct run *run)
{
	return pairs_get(&run->host.warnings, "virtual") ? 0.12 : 0.01;
}

bool summary_by_core(const struct cell *a, const struct cell *b)
{
	return isfinite(a->summary.core_cycles.estimate) &&
	       isfinite(b->summary.core_cycles.estimate);
}

struct difference summary_difference(const struct cell *a, const struct cell *b)
{
	g_auto(figures) pairs = sample_of(a, BOOT_FIGURE(over_reference));
	g_auto(figures) right = sample_of(b, BOOT_FIGURE(round_trip));

	return pairs.n && is_paired(a, b)
		   ? paired_difference_of(pairs, threshold_of(right, a->class, SUMMARY_THRESHOLD))
		   : summary_change(a, b, BOOT_FIGURE(round_trip), 0);
}

static void compare(struct cell *cell, const struct cell *reference)
{
	struct difference d = summary_difference(cell, reference);

	if (isfinite(d.delta)) {
		cell->summary.vs_reference =
		    (struct interval){d.delta, d.confidence.low, d.confidence.high};
		cell->summary.p_value = d.p;
		set_verdict(cell, &d);
	} else if (cell->class == reference->class && cell->summary.boots_used &&
		   reference->summary.boots_used) {
		run_set(&cell->summary.verdict, "levels");
	}
}

static struct interval interval_of(struct sample sample, enum machine_class class, double drift)
{
	sample.drift = drift;
	struct confidence c = class == CLASS_SILICON ? repeatable_confidence(sample)
						     : median_confidence(sample, SAMPLING_EXACT);

	return (struct interval){sample_middle(sample), c.low, c.high};
}

/*
 * Levels are a matter of silicon: where boots of a deterministic machine differ, the cell has
 * failed.
 */
static void fill_round_trip(struct cell *cell, double drift)
{
	g_auto(figures) sample = sample_of(cell, BOOT_FIGURE(round_trip));
	g_autoptr(GArray) lowest = g_array_new(FALSE, FALSE, sizeof(double));
	struct levels levels = {.count = 0};

	fields_clear(run_level_shape(), &cell->summary.levels);
	if (cell->class == CLASS_SILICON)
		levels_find(sample, &levels);
	for (size_t i = 0; i < levels.count; i++)
		*(struct run_level *)fields_append(run_level_shape(), &cell->summary.levels) =
		    (struct run_level){levels.at[i].estimate, levels.at[i].low, levels.at[i].high,
				       levels.at[i].n};
	/* Those of the lowest level, in their order of time. */
	for (size_t i = 0; i < sample.n; i++)
		if (levels.count < 2 || sample.values[i] <= levels.at[0].high)
			g_array_append_val(lowest, sample.values[i]);
	cell->summary.round_trip = interval_of((struct sample){.values = (double *)lowest->data,
							       .n = lowest->len,
							       .resolution = sample.resolution},
					       cell->class, drift);
	cell->summary.boots_used = sample.n;
}

/*
 * Range of the medians of groups: value i belongs to group[i] of so many. NAN where one is empty.
 */
static double range_of_groups(struct sample sample, const double *group, size_t groups)
{
	g_autofree double *values = g_new(double, sample.n + 1);
	double low = INFINITY, high = -INFINITY;

	for (size_t g = 0; g < groups; g++) {
		struct sample one = {.values = values};

		for (size_t i = 0; i < sample.n; i++)
			if (group[i] == (double)g)
				values[one.n++] = sample.values[i];
		if (!one.n)
			return NAN;
		low = fmin(low, sample_median(one));
		high = fmax(high, sample_median(one));
	}
	return high - low;
}

/*
 * Boots have their layouts in turn, so groups that follow each other have all of them alike. All
 * boots count: those that had the core to themselves need not be of every layout.
 */
static void fill_layouts(struct cell *cell)
{
	g_autofree double *values = g_new(double, cell->boot_count + 1);
	g_autofree double *group = g_new(double, cell->boot_count + 1);
	struct sample sample = {.values = values};
	size_t count = 0;

	for (size_t i = 0; i < cell->boot_count; i++) {
		if (cell->boots[i].status != STATUS_OK || !isfinite(cell->boots[i].round_trip))
			continue;
		count = MAX(count, (size_t)cell->boots[i].layout + 1);
		group[sample.n] = cell->boots[i].layout;
		values[sample.n++] = cell->boots[i].round_trip;
	}
	cell->summary.layouts = count > 1 ? count : 0;
	cell->summary.layout_spread = cell->summary.boot_spread = NAN;
	if (count < 2)
		return;
	cell->summary.layout_spread = range_of_groups(sample, group, count);
	for (size_t i = 0; i < sample.n; i++)
		group[i] = (double)(i * count / sample.n);
	cell->summary.boot_spread = range_of_groups(sample, group, count);
}

static double higher_of(const struct cell *cell)
{
	g_auto(figures) sample = sample_of(cell, BOOT_FIGURE(higher));
	double sum = 0;

	for (size_t i = 0; i < sample.n; i++)
		sum += sample.values[i];
	return sum / (double)sample.n;
}

static void fill_cell(struct cell *cell, double drift)
{
	/* bench/touch_pages.c */
	for_each(struct boot, boot, cell->boots, cell->boot_count)
		boot->tlb = boot->round_trip - (costs_get(&boot->loops, "crossing_packed") -
						costs_get(&boot->loops, "bare_packed"));

	g_auto(figures) tlb = sample_of(cell, BOOT_FIGURE(tlb));
	g_auto(figures) core_cycles = sample_of(cell, BOOT_FIGURE(core_cycles));
	g_auto(figures) over_reference = sample_of(cell, BOOT_FIGURE(over_reference));
	struct summary *summary = &cell->summary;

	fill_round_trip(cell, drift);
	summary->calm = !(trouble_borne(cell) > 0); /* nothing was measured: nor disturbed */
	summary->higher = higher_of(cell);
	fill_layouts(cell);
	summary->core_cycles = interval_of(core_cycles, cell->class, drift);
	summary->over_reference = interval_of(over_reference, cell->class, drift);
	summary->tlb = interval_of(tlb, cell->class, drift);
	summary->vs_reference = (struct interval){NAN, NAN, NAN};
	summary->p_value = NAN;
	run_set(&summary->verdict, "");
}

/*
 * Newer Linux reads the local APIC on INT 0x80, which a hypervisor may trap: some 10,000 cycles,
 * where a gate without that takes at most 8 times a system call (docs/method.md).
 */
#define TRAPPED 10

static void flag_trapped(const struct run *run, struct cell *cell)
{
	const struct cell *plain = run_find_cell(run, cell->machine, cell->variant, "null_syscall");
	double cost = cell->summary.round_trip.estimate;

	if (cell->class == CLASS_SILICON && plain && !flags_get(&cell->flags, "apic_trap") &&
	    (g_str_equal(cell->bench, "int80") || g_str_has_prefix(cell->bench, "ldt_stack:")) &&
	    cost > TRAPPED * plain->summary.round_trip.estimate)
		flags_add(&cell->flags, "apic_trap", 1, NULL);
}

void summary_fill(struct run *run)
{
	sharing_fill(run);
	for (size_t i = 0; i < run->cell_count; i++)
		fill_cell(&run->cells[i], summary_drift(run));
	for_each(struct cell, cell, run->cells, run->cell_count) {
		const struct cell *reference = run_reference_of(run, cell);

		if (reference && reference != cell)
			compare(cell, reference);
		flag_trapped(run, cell);
	}
}
