/* From boots to a cell's summary. */
#include "model/model.h"

/* Beyond this many boots the number only says "far too many". */
#define BOOTS_CREDIBLE 10000

static double round_trip_of(const struct boot *boot)
{
	return boot->round_trip;
}

static double core_cycles_of(const struct boot *boot)
{
	return boot->core_cycles;
}

static double over_reference_of(const struct boot *boot)
{
	return boot->over_reference;
}

/*
 * How much of a boot was not its own. 0: nothing that shows. Else what it shared of the core, where that is known; else how
 * many of its batches had to bear something: half of them, or nine tenths.
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

static bool counts(const struct boot *boot, double (*figure)(const struct boot *))
{
	return boot->status == STATUS_OK && isfinite(figure(boot));
}

/*
 * The most trouble of a boot that counts: none, where enough boots had none, else what the least troubled ones had. Trouble
 * is never told by a boot's figure, so this favours neither high nor low ones (docs/method.md).
 */
static double trouble_borne(const struct cell *cell)
{
	double *values = g_new(double, cell->boot_count + 1);
	struct sample sample = {.values = values, .n = 0};

	for (size_t i = 0; i < cell->boot_count; i++)
		if (counts(&cell->boots[i], round_trip_of))
			values[sample.n++] = trouble_of(&cell->boots[i]);
	double borne = sample_smallest(sample, SUMMARY_QUIET_LEAST);

	g_free(values);
	return borne;
}

/* What the clock's step leaves open of D, in ticks: s / n to both sides (docs/statistics.md, "Round trip"). */
static double resolution_of(const struct cell *cell)
{
	double resolution = 0;

	for (size_t i = 0; i < cell->boot_count; i++)
		if (cell->boots[i].batch && isfinite(cell->boots[i].clock.step))
			resolution = fmax(resolution,
					  cell->boots[i].clock.step / (double)cell->boots[i].batch);
	return cell->class == CLASS_SILICON ? resolution : 0;
}

/* A figure of the boots that are ok and count; free .values. */
static struct sample sample_of(const struct cell *cell, double (*figure)(const struct boot *))
{
	double *values = g_new(double, cell->boot_count + 1);
	double borne = trouble_borne(cell);
	size_t n = 0;

	for (size_t i = 0; i < cell->boot_count; i++)
		if (counts(&cell->boots[i], figure) && trouble_of(&cell->boots[i]) <= borne)
			values[n++] = figure(&cell->boots[i]);
	return (struct sample){values, n, resolution_of(cell)};
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

static bool has_levels(const struct cell *cell)
{
	return cell->summary.level_count > 1;
}

static enum sampling sampling_of(const struct cell *cell)
{
	return cell->class == CLASS_DETERMINISTIC ? SAMPLING_EXACT : SAMPLING_RANDOM;
}

static void set_verdict(struct cell *cell, const struct difference *d)
{
	bool silicon = cell->class == CLASS_SILICON;
	char *text = NULL;

	switch (d->change) {
	case CHANGE_NONE:
		text = g_strdup("same");
		break;
	case CHANGE_LESS:
		text = g_strdup(silicon ? "faster" : "fewer");
		break;
	case CHANGE_MORE:
		text = g_strdup(silicon ? "slower" : "more");
		break;
	case CHANGE_INCONCLUSIVE:
		if (d->needs <= BOOTS_CREDIBLE)
			text = g_strdup_printf("inconclusive, needs about %.0f boots", d->needs);
		else
			text = g_strdup("inconclusive");
		break;
	}
	run_set(&cell->summary.verdict, text);
	g_free(text);
}

static double threshold_of(struct sample reference, enum machine_class class)
{
	return class == CLASS_SILICON ? SUMMARY_THRESHOLD * fabs(sample_middle(reference)) : 0;
}

struct difference summary_change(const struct cell *a, const struct cell *b)
{
	struct sample left = sample_of(a, round_trip_of), right = sample_of(b, round_trip_of);
	struct difference d = {.delta = NAN, .confidence = {NAN, NAN, CONFIDENCE_NONE}, .p = NAN};

	if (left.n && right.n && a->class == b->class && !has_levels(a) && !has_levels(b))
		d = difference_of(left, right, sampling_of(a), threshold_of(right, a->class));
	g_free((void *)left.values);
	g_free((void *)right.values);
	return d;
}

struct difference summary_difference(const struct cell *a, const struct cell *b)
{
	struct sample pairs = sample_of(a, over_reference_of), right = sample_of(b, round_trip_of);
	struct difference d;

	if (pairs.n && is_paired(a, b))
		d = paired_difference_of(pairs, threshold_of(right, a->class));
	else
		d = summary_change(a, b);
	g_free((void *)pairs.values);
	g_free((void *)right.values);
	return d;
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

static struct interval interval_of(struct sample sample, const struct cell *cell)
{
	struct confidence c = cell->class == CLASS_SILICON
				  ? repeatable_confidence(sample)
				  : median_confidence(sample, SAMPLING_EXACT);

	return (struct interval){sample_middle(sample), c.low, c.high};
}

static struct interval figure_interval(const struct cell *cell,
				       double (*figure)(const struct boot *))
{
	struct sample sample = sample_of(cell, figure);
	struct interval interval = interval_of(sample, cell);

	g_free((void *)sample.values);
	return interval;
}

/* Those of the lowest level, in their order of time. */
static struct sample lowest_of(struct sample sample, const struct levels *levels)
{
	double *values = g_new(double, sample.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < sample.n; i++)
		if (sample.values[i] <= levels->at[0].high)
			values[n++] = sample.values[i];
	return (struct sample){values, n, sample.resolution};
}

/* Levels are a matter of silicon: where boots of a deterministic machine differ, the cell has failed. */
static void fill_round_trip(struct cell *cell)
{
	struct sample sample = sample_of(cell, round_trip_of), lowest;
	struct levels levels = {.count = 0};

	fields_clear(run_level_shape(), &cell->summary.levels);
	if (cell->class == CLASS_SILICON)
		levels_find(sample, &levels);
	for (size_t i = 0; i < levels.count; i++)
		*(struct run_level *)fields_append(run_level_shape(), &cell->summary.levels) =
		    (struct run_level){levels.at[i].estimate, levels.at[i].low, levels.at[i].high,
				       levels.at[i].n};
	lowest = levels.count > 1 ? lowest_of(sample, &levels) : sample;
	cell->summary.round_trip = interval_of(lowest, cell);
	cell->summary.boots_used = sample.n;
	if (levels.count > 1)
		g_free((void *)lowest.values);
	g_free((void *)sample.values);
}

static double higher_part(const struct boot *boot)
{
	return boot->higher;
}

static double higher_of(const struct cell *cell)
{
	struct sample sample = sample_of(cell, higher_part);
	double sum = 0;

	for (size_t i = 0; i < sample.n; i++)
		sum += sample.values[i];
	g_free((void *)sample.values);
	return sum / (double)sample.n;
}

static void fill_cell(struct cell *cell)
{
	struct summary *summary = &cell->summary;

	fill_round_trip(cell);
	summary->calm = !(trouble_borne(cell) > 0); /* nothing was measured: nor disturbed */
	summary->higher = higher_of(cell);
	summary->core_cycles = figure_interval(cell, core_cycles_of);
	summary->over_reference = figure_interval(cell, over_reference_of);
	summary->vs_reference = (struct interval){NAN, NAN, NAN};
	summary->p_value = NAN;
	run_set(&summary->verdict, "");
}

void summary_fill(struct run *run)
{
	sharing_fill(run);
	for (size_t i = 0; i < run->cell_count; i++)
		fill_cell(&run->cells[i]);
	for (size_t i = 0; i < run->cell_count; i++) {
		struct cell *cell = &run->cells[i];
		const struct cell *reference = run_reference_of(run, cell);

		if (reference && reference != cell)
			compare(cell, reference);
	}
}
