/* Pairs of cells, their differences and their verdicts. */
#include "compare/compare.h"

static bool measured(const struct cell *cell)
{
	return cell && isfinite(cell->summary.round_trip.estimate);
}

const struct interval *compared_cost(const struct compared *compared, const struct cell *cell)
{
	return compared->by_core ? &cell->summary.core_cycles : &cell->summary.round_trip;
}

const char *compared_unit(const struct compared *compared)
{
	return compared->by_core ? "cycles of the core" : class_unit(compared->cell->class);
}

/* Of two runs by the core's cycles: its clock need not have been the same. */
static void add(struct comparison *comparison, const struct cell *old, const struct cell *new)
{
	struct compared *compared = &comparison->at[comparison->count];

	if (!measured(old) && !measured(new))
		return;
	comparison->count++;
	*compared = (struct compared){.old = old, .new = new, .cell = new ? new : old};
	compared->difference = (struct difference){NAN, {NAN, NAN, CONFIDENCE_NONE}, NAN, 0, NAN};
	if (!measured(old)) {
		compared->verdict = VERDICT_NEW_ONLY;
	} else if (!measured(new)) {
		compared->verdict = VERDICT_OLD_ONLY;
	} else {
		compared->by_core = comparison->drift > 0 && summary_by_core(new, old);
		compared->difference = summary_change(new, old,
						      compared->by_core ? BOOT_FIGURE(core_cycles)
									: BOOT_FIGURE(round_trip),
						      comparison->drift);
		compared->verdict = isnan(compared->difference.delta)
					? VERDICT_LEVELS
					: (enum verdict)compared->difference.change;
	}
}

static void pair_runs(struct comparison *comparison, const struct run *old, const struct run *new)
{
	const struct run *const runs[] = {new, old};

	for (size_t i = 0; i < 2; i++) {
		struct rows rows;

		rows_fill(&rows, runs[i]);
		for (size_t row = 0; row < rows.count; row++) {
			const struct cell *cell = rows.at[row].cell;
			const struct cell *other =
			    run_find_cell(runs[!i], cell->machine, cell->variant, cell->bench);

			if (runs[i] == new)
				add(comparison, other, cell);
			else if (!other)
				add(comparison, cell, NULL);
		}
		rows_free(&rows);
	}
}

/*
 * Each cell against that of the variant without the feature, whatever else it may be compared with
 * in a report.
 */
static void pair_by_feature(struct comparison *comparison, const struct run *run,
			    const char *feature)
{
	struct rows rows;

	rows_fill(&rows, run);
	for (const struct row *row = rows.at; row < rows.at + rows.count; row++) {
		const struct cell *base = run_without(run, row->cell, feature);

		if (measured(row->cell) && measured(base))
			add(comparison, base, row->cell);
	}
	rows_free(&rows);
}

/* A difference that is significant by itself need not be among many. */
static void correct(struct comparison *comparison)
{
	g_autofree double *p = g_new(double, comparison->count + 1);

	for (size_t i = 0; i < comparison->count; i++) {
		p[i] = comparison->at[i].difference.p;
		comparison->tests += !isnan(p[i]);
	}
	discovery_adjust(p, comparison->count);
	for (size_t i = 0; i < comparison->count; i++) {
		struct compared *compared = &comparison->at[i];

		compared->difference.p = p[i];
		if (p[i] >= comparison->alpha &&
		    (compared->verdict == VERDICT_FASTER || compared->verdict == VERDICT_SLOWER))
			compared->verdict = VERDICT_INCONCLUSIVE;
	}
}

static bool is_regression(const struct compared *compared,
			  const struct compare_threshold *threshold)
{
	double delta = compared->difference.delta;

	if (compared->verdict != VERDICT_SLOWER)
		return false;
	if (threshold->ticks > 0)
		return compared->cell->class == threshold->class && delta > threshold->ticks;
	return delta > threshold->part * fabs(compared_cost(compared, compared->old)->estimate);
}

/* 0 where the two may be compared. */
static int check_pair(const struct compared *compared, const struct run *old, const struct run *new,
		      bool force, struct error *error)
{
	const struct cell *a = compared->old, *b = compared->new;
	const struct run_machine *before, *after;

	if (compared->verdict >= VERDICT_OLD_ONLY)
		return 0;
	if (a->class != b->class)
		return error_set(error, "%s: %s against %s: classes are never compared", b->machine,
				 class_unit(a->class), class_unit(b->class));
	before = run_find_machine(old, a->machine);
	after = run_find_machine(new, b->machine);
	if (!force && before && after && strcmp(before->cpu, after->cpu))
		return error_set(error,
				 "%s ran on another CPU: %s, then %s; --force compares all the "
				 "same",
				 b->machine, before->cpu, after->cpu);
	return 0;
}

/* Says why nothing of the two can be compared. */
static int no_pair(const struct comparison *comparison, const struct compare_options *options,
		   struct error *error)
{
	const struct cell *old = NULL, *new = NULL;

	if (options->by)
		return error_set(error,
				 "no two variants of this run differ in the feature \"%s\" alone",
				 options->by);
	for_each(const struct compared, compared, comparison->at, comparison->count) {
		old = compared->old ? compared->old : old;
		new = compared->new ? compared->new : new;
	}
	if (old && new && old->class != new->class)
		return error_set(error, "%s of %s against %s of %s: classes are never compared",
				 class_unit(old->class), old->machine, class_unit(new->class),
				 new->machine);
	return error_set(error, "the two runs have no cell in common that both measured");
}

/* A limit of a unit that no cell has would hide every regression. */
static int check_threshold(const struct comparison *comparison,
			   const struct compare_threshold *threshold, struct error *error)
{
	for (size_t i = 0; i < comparison->count; i++)
		if (!(threshold->ticks > 0) || comparison->at[i].cell->class == threshold->class)
			return 0;
	return error_set(error, "--fail-threshold is in %s, and these runs count %s",
			 class_unit(threshold->class), class_unit(!threshold->class));
}

int compare_runs(struct comparison *comparison, const struct run *old, const struct run *new,
		 const struct compare_options *options, struct error *error)
{
	double drift = options->drift ?: fmax(summary_drift(old), summary_drift(new));
	bool common = false;

	*comparison = (struct comparison){
	    .at = g_new(struct compared, old->cell_count + new->cell_count + 1),
	    .alpha = options->alpha,
	    .drift = options->by ? 0 : drift,
	};
	if (options->by)
		pair_by_feature(comparison, new, options->by);
	else
		pair_runs(comparison, old, new);
	for (size_t i = 0; i < comparison->count; i++) {
		if (check_pair(&comparison->at[i], old, new, options->force, error))
			return -1;
		common |= comparison->at[i].verdict < VERDICT_OLD_ONLY;
	}
	if (!common)
		return no_pair(comparison, options, error);
	if (check_threshold(comparison, &options->threshold, error))
		return -1;
	correct(comparison);
	for_each(struct compared, compared, comparison->at, comparison->count) {
		compared->regression = is_regression(compared, &options->threshold);
		comparison->regressions += compared->regression;
	}
	return 0;
}

void comparison_free(struct comparison *comparison)
{
	g_free(comparison->at);
	strings_free(&comparison->why);
	*comparison = (struct comparison){0};
}

int compare_threshold_parse(const char *text, struct compare_threshold *threshold,
			    struct error *error)
{
	char *unit;
	double value = g_ascii_strtod(text, &unit);

	*threshold = (struct compare_threshold){0};
	if (unit == text || !(value >= 0) || !isfinite(value))
		unit = (char *)"no unit";
	if (!strcmp(unit, "%")) {
		threshold->part = value / 100;
		return 0;
	}
	threshold->ticks = value;
	for (int class = CLASS_SILICON; class <= CLASS_DETERMINISTIC; class ++) {
		g_autofree char *one = g_strndup(class_unit(class), strlen(class_unit(class)) - 1);

		threshold->class = class;
		if (!strcmp(unit, class_unit(class)) || !strcmp(unit, one))
			return 0;
	}
	return error_set(
	    error, "--fail-threshold \"%s\": give a number with %%, cycles or instructions", text);
}

char *compared_text(const struct compared *compared)
{
	static const char *const names[] = {
	    [VERDICT_SAME] = "~",
	    [VERDICT_FASTER] = "faster",
	    [VERDICT_SLOWER] = "slower",
	    [VERDICT_LEVELS] = "on several levels",
	    [VERDICT_OLD_ONLY] = "only in OLD",
	    [VERDICT_NEW_ONLY] = "only in NEW",
	};

	return compared->verdict == VERDICT_INCONCLUSIVE
		   ? summary_inconclusive(&compared->difference)
		   : g_strdup(names[compared->verdict]);
}

char *compared_name(const struct compared *compared)
{
	const struct cell *cell = compared->cell, *old = compared->old;

	return old && strcmp(old->variant, cell->variant)
		   ? g_strdup_printf("%s against %s", cell->variant, old->variant)
		   : g_strdup(cell->variant);
}
