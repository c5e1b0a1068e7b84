/* Pairs of cells, their differences and their verdicts. */
#include "compare/compare.h"

/* Beyond this many boots the number only says "far too many". */
#define BOOTS_CREDIBLE 10000

static bool measured(const struct cell *cell)
{
	return cell && isfinite(cell->summary.round_trip.estimate);
}

static struct compared *add(struct comparison *comparison, const struct cell *old,
			    const struct cell *new)
{
	struct compared *compared = &comparison->at[comparison->count++];

	*compared = (struct compared){
	    .old = old, .new = new, .delta = NAN, .low = NAN, .high = NAN, .p = NAN, .needs = NAN};
	if (!measured(old))
		compared->verdict = VERDICT_NEW_ONLY;
	else if (!measured(new))
		compared->verdict = VERDICT_OLD_ONLY;
	return compared;
}

static int pair_runs(struct comparison *comparison, const struct run *old, const struct run *new)
{
	for (size_t i = 0; i < new->cell_count; i++) {
		const struct cell *cell = &new->cells[i];
		const struct cell *before =
		    run_find_cell(old, cell->machine, cell->variant, cell->bench);

		if (measured(before) || measured(cell))
			add(comparison, before, cell);
	}
	for (size_t i = 0; i < old->cell_count; i++) {
		const struct cell *cell = &old->cells[i];

		if (measured(cell) &&
		    !run_find_cell(new, cell->machine, cell->variant, cell->bench))
			add(comparison, cell, NULL);
	}
	return 0;
}

/* The cell's variant without that feature, in the same run: its reference by feature, or what another feature hides. */
static const struct cell *without(const struct run *run, const struct cell *cell,
				  GHashTable *variants, const char *feature)
{
	GHashTableIter iter;
	void *other;

	g_hash_table_iter_init(&iter, variants);
	while (g_hash_table_iter_next(&iter, NULL, &other)) {
		const struct cell *candidate = other;

		if (!strcmp(candidate->machine, cell->machine) &&
		    !g_strcmp0(feature_added(&candidate->features, &cell->features), feature))
			return run_find_cell(run, cell->machine, candidate->variant, cell->bench);
	}
	return NULL;
}

static int pair_by_feature(struct comparison *comparison, const struct run *run,
			   const char *feature, struct error *error)
{
	g_autoptr(GHashTable) variants =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (size_t i = 0; i < run->cell_count; i++)
		g_hash_table_insert(
		    variants, g_strjoin("\n", run->cells[i].machine, run->cells[i].variant, NULL),
		    &run->cells[i]);
	for (size_t i = 0; i < run->cell_count; i++) {
		const struct cell *cell = &run->cells[i];
		const struct cell *base = without(run, cell, variants, feature);

		if (measured(base) && measured(cell))
			add(comparison, base, cell);
	}
	if (!comparison->count)
		return error_set(error,
				 "no two variants of this run differ in the feature \"%s\" alone",
				 feature);
	return 0;
}

static void measure_difference(struct compared *compared)
{
	struct difference d = summary_change(compared->new, compared->old);

	compared->delta = d.delta;
	compared->low = d.confidence.low;
	compared->high = d.confidence.high;
	compared->p = d.p;
	compared->needs = d.needs;
	switch (d.change) {
	case CHANGE_NONE:
		compared->verdict = VERDICT_SAME;
		break;
	case CHANGE_LESS:
		compared->verdict = VERDICT_FASTER;
		break;
	case CHANGE_MORE:
		compared->verdict = VERDICT_SLOWER;
		break;
	case CHANGE_INCONCLUSIVE:
		compared->verdict = VERDICT_INCONCLUSIVE;
		break;
	}
	if (isnan(d.delta))
		compared->verdict = VERDICT_LEVELS;
	else if (compared->verdict != VERDICT_INCONCLUSIVE)
		compared->needs = NAN;
}

/* A difference that is significant by itself need not be among many. */
static void correct(struct comparison *comparison)
{
	g_autofree double *p = g_new(double, comparison->count + 1);

	for (size_t i = 0; i < comparison->count; i++) {
		p[i] = comparison->at[i].p;
		comparison->tests += !isnan(p[i]);
	}
	discovery_adjust(p, comparison->count);
	for (size_t i = 0; i < comparison->count; i++) {
		struct compared *compared = &comparison->at[i];

		compared->p = p[i];
		if (p[i] >= comparison->alpha &&
		    (compared->verdict == VERDICT_FASTER || compared->verdict == VERDICT_SLOWER))
			compared->verdict = VERDICT_INCONCLUSIVE;
	}
}

static bool is_regression(const struct compared *compared,
			  const struct compare_threshold *threshold)
{
	double limit = threshold->part *
		       fabs(compared->old ? compared->old->summary.round_trip.estimate : NAN);

	if (compared->verdict != VERDICT_SLOWER)
		return false;
	if (threshold->ticks > 0)
		return compared->new->class == threshold->class &&
		       compared->delta > threshold->ticks;
	return compared->delta > limit;
}

/* "" where the two may be compared. */
static int check_pair(const struct compared *compared, const struct run *old, const struct run *new,
		      bool force, struct error *error)
{
	const struct cell *a = compared->old, *b = compared->new;
	const struct run_machine *before, *after;

	if (!measured(a) || !measured(b))
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

static int by_order(const void *left, const void *right)
{
	const struct compared *a = left, *b = right;
	size_t k = a->order[0] == b->order[0];

	return (a->order[k] > b->order[k]) - (a->order[k] < b->order[k]);
}

static void group(struct comparison *comparison)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (size_t i = 0; i < comparison->count; i++) {
		struct compared *compared = &comparison->at[i];
		const struct cell *cell = compared->new ? compared->new : compared->old;
		char *key = g_strjoin("\n", cell->machine, cell->bench, NULL);
		void *first = GSIZE_TO_POINTER(i);

		if (g_hash_table_lookup_extended(seen, key, NULL, &first))
			g_free(key);
		else
			g_hash_table_insert(seen, key, first);
		compared->order[0] = GPOINTER_TO_SIZE(first);
		compared->order[1] = i;
	}
	qsort(comparison->at, comparison->count, sizeof(*comparison->at), by_order);
}

static bool in_common(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++)
		if (comparison->at[i].verdict < VERDICT_OLD_ONLY)
			return true;
	return false;
}

int compare_runs(struct comparison *comparison, const struct run *old, const struct run *new,
		 const struct compare_options *options, struct error *error)
{
	*comparison = (struct comparison){
	    .at = g_new(struct compared, old->cell_count + new->cell_count + 1),
	    .alpha = options->alpha,
	};
	if (options->by ? pair_by_feature(comparison, new, options->by, error)
			: pair_runs(comparison, old, new))
		return -1;
	group(comparison);
	if (!in_common(comparison))
		return error_set(error, "the two runs have no cell in common that both measured");
	for (size_t i = 0; i < comparison->count; i++) {
		struct compared *compared = &comparison->at[i];

		if (check_pair(compared, old, new, options->force, error))
			return -1;
		if (measured(compared->old) && measured(compared->new))
			measure_difference(compared);
	}
	correct(comparison);
	for (size_t i = 0; i < comparison->count; i++) {
		struct compared *compared = &comparison->at[i];

		compared->regression = is_regression(compared, &options->threshold);
		comparison->regressions += compared->regression;
	}
	return 0;
}

void comparison_free(struct comparison *comparison)
{
	g_free(comparison->at);
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
	    [VERDICT_INCONCLUSIVE] = "inconclusive",
	    [VERDICT_LEVELS] = "on several levels",
	    [VERDICT_OLD_ONLY] = "only in OLD",
	    [VERDICT_NEW_ONLY] = "only in NEW",
	};

	if (compared->verdict == VERDICT_INCONCLUSIVE && compared->needs <= BOOTS_CREDIBLE)
		return g_strdup_printf("inconclusive, needs about %.0f boots", compared->needs);
	return g_strdup(names[compared->verdict]);
}

char *compared_name(const struct compared *compared)
{
	const struct cell *cell = compared->new ? compared->new : compared->old;

	if (compared->old && compared->new &&strcmp(compared->old->variant, cell->variant))
		return g_strdup_printf("%s against %s", cell->variant, compared->old->variant);
	return g_strdup(cell->variant);
}
