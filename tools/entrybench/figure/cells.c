/* Figures whose data are cells and what they are compared with: matrix, sweeps, exit. */
#include "figure/figure.h"

#define ROWS_MAX  200 /* of a matrix */
#define LINES_MAX 64  /* of a sweep */

/* All features but one, "kpti on, erase off". Free it. */
static char *family_of(const struct cell *cell, const char *but)
{
	g_autoptr(GString) family = g_string_new(NULL);

	for_each(const struct pair, feature, cell->features.at, cell->features.count)
		if (strcmp(feature->name, but))
			g_string_append_printf(family, "%s%s %s", family->len ? ", " : "",
					       feature->name, feature->value);
	return g_strdup(family->str);
}

static const char *value_of(const struct cell *cell, const char *feature)
{
	const char *value = pairs_get(&cell->features, feature);

	return value ? value : "";
}

/* Two safe cells of a benchmark whose variants differ only in the feature, which `with` has. */
static bool adds(const struct cell *without, const struct cell *with, const char *feature)
{
	return without->safe && with->safe && !strcmp(without->bench, with->bench) &&
	       !g_strcmp0(feature_added(&without->features, &with->features), feature);
}

static struct figure *new_figure(const struct figure_context *context, const char *script,
				 const char *suffix, const char *title)
{
	struct figure *figure =
	    figure_new(context->figures, script, &context->source, suffix, title,
		       "label variant bench family against kpti exit erase flags",
		       "parameter safe round_trip low high over_reference base delta delta_low "
		       "delta_high shown");

	figure_set_number(figure, "ns_a_cycle", 1e9 / context->run->host.tsc_hz);
	return figure;
}

/* A point for each boot of a silicon cell; `against`: of the cell that the row is compared with. */
static void put_boots(struct figure *figure, const struct cell *cell, bool against)
{
	if (cell->class != CLASS_SILICON)
		return;
	if (!figure->boots)
		figure->boots = figure_table("", "row against boot round_trip");
	for_each(const struct boot, boot, cell->boots, cell->boot_count) {
		if (boot->status != STATUS_OK || !isfinite(boot->round_trip))
			continue;
		table_row(figure->boots);
		table_put_number(figure->boots, "row", (double)table_rows(figure->data));
		table_put_number(figure->boots, "against", against);
		table_put_number(figure->boots, "boot", boot->boot);
		table_put_number(figure->boots, "round_trip",
				 figure->tlb ? boot->tlb : boot->round_trip);
	}
}

/* A row; `against`: the cell that it is compared with, NULL: none. */
static void put_cell(struct figure *figure, const struct row *row, const char *label,
		     const char *family, const struct cell *against)
{
	static const char *const features[] = {"kpti", "exit", "erase"};
	const struct cell *cell = row->cell;
	bool tlb = figure->tlb;
	const struct interval *cost = tlb ? &cell->summary.tlb : &cell->summary.round_trip;
	struct table *data = figure->data;

	table_row(data);
	table_put(data, "label", "%s", label);
	table_put(data, "variant", "%s", cell->variant);
	table_put(data, "bench", "%s", cell->bench);
	table_put(data, "family", "%s", family);
	for (size_t i = 0; i < G_N_ELEMENTS(features); i++)
		table_put(data, features[i], "%s", value_of(cell, features[i]));
	table_put(data, "flags", "%s", row->notes);
	table_put_number(data, "parameter", atof(bench_param(cell->bench)));
	table_put_number(data, "safe", cell->safe);
	table_put_number(data, "round_trip", cost->estimate);
	table_put_number(data, "low", cost->low);
	table_put_number(data, "high", cost->high);
	table_put_number(data, "over_reference", cell->summary.over_reference.estimate);
	put_boots(figure, cell, false);
	if (!against)
		return;
	table_put(data, "against", "%s", against->variant);
	table_put_number(data, "base",
			 tlb ? against->summary.tlb.estimate
			     : against->summary.round_trip.estimate);
	if (against == cell)
		return;
	struct difference d = tlb ? summary_change(cell, against, BOOT_FIGURE(tlb), 0)
				  : summary_difference(cell, against);

	table_put_number(data, "delta", d.delta);
	table_put_number(data, "delta_low", d.confidence.low);
	table_put_number(data, "delta_high", d.confidence.high);
	/* On silicon a difference that was not shown gets no number to quote. */
	table_put_number(data, "shown",
			 cell->class == CLASS_DETERMINISTIC || d.change == CHANGE_LESS ||
			     d.change == CHANGE_MORE);
}

/* ---- the matrix: one benchmark by variant; all benchmarks where there is one variant */

/* A row of like bars, as of a gate with an empty handler, shows nothing. */
static bool is_flat(size_t count, size_t alike)
{
	return count > 1 && 10 * alike >= 9 * count;
}

static void matrix_of(const struct figure_context *context, const char *group, const char *title)
{
	size_t count = 0, alike = 0;
	struct figure *figure;
	double first = NAN;

	for (const struct row *row = context->rows; row < context->end; row++)
		if (row->boots && (!group || !strcmp(row->group, group))) {
			double cost = row->cell->summary.round_trip.estimate;

			first = count++ ? first : cost;
			alike += cost == first;
		}
	if (count > ROWS_MAX)
		figure_absent(context, title, "%zu results are too many for a figure", count);
	else if (is_flat(count, alike))
		figure_absent(context, title, "%zu of %zu results are the same, %.15g", alike,
			      count, first);
	if (!count || count > ROWS_MAX || is_flat(count, alike))
		return;
	figure = new_figure(context, "matrix", group ? group : "", title);
	for (const struct row *row = context->rows; row < context->end; row++)
		if (!group || !strcmp(row->group, group))
			put_cell(figure, row, group ? row->label : row->cell->bench, "",
				 row->reference);
	figure_set_number(figure, "by_benchmark", !group);
}

void figure_matrix(const struct figure_context *context)
{
	bool any = false;

	if (context->one_variant)
		matrix_of(context, NULL, "Round trips, by benchmark");
	for (const struct row *row = context->rows; row < context->end; row++) {
		g_autofree char *title =
		    g_strdup_printf("Round trip of %s, by variant", row->group);

		/* A sweep has a figure of its own. */
		any |= row->boots && !*bench_param(row->group);
		if (!context->one_variant && row->starts_group && !*bench_param(row->group))
			matrix_of(context, row->group, title);
	}
	if (!any)
		figure_absent(context, "matrix", "no benchmark without a parameter has a result");
}

/* ---- sweeps: one benchmark over its parameter, by a feature */

static const struct sweep {
	const char *bench, *feature;
	const char *script, *title;
	bool tlb;	       /* it is about what the TLB lost */
	const char *uncounted; /* why it is not run where instructions are counted */
} sweeps[] = {
    {"deep_syscall", "erase", "erase_depth", "Erasing the kernel stack, by its depth", false, ""},
    {"touch_pages", "kpti", "tlb_pages", "KPTI and the TLB, by pages touched", true,
     ": instruction counts cannot show TLB misses"},
};

/* An unsafe variant leaves out more than its features say. */
static bool is_of(const struct row *row, const struct sweep *sweep)
{
	size_t length = strlen(sweep->bench);

	return row->cell->safe && bench_base(row->cell->bench) == length &&
	       !strncmp(row->cell->bench, sweep->bench, length) && *bench_param(row->cell->bench);
}

static bool has_result(const struct row *row, const struct sweep *sweep)
{
	return row->boots && (!sweep->tlb || isfinite(row->cell->summary.tlb.estimate));
}

static const struct cell *base_of(const struct figure_context *context, const struct row *row,
				  const struct sweep *sweep)
{
	for (const struct row *base = context->rows; base < context->end; base++)
		if (has_result(base, sweep) && adds(base->cell, row->cell, sweep->feature))
			return base->cell;
	return NULL;
}

/* All cells of a variant, from its first on: a line wants them together. */
static void put_variant(struct figure *figure, const struct figure_context *context,
			const struct sweep *sweep, const struct row *first)
{
	g_autofree char *family = family_of(first->cell, sweep->feature);

	for (const struct row *row = first; row < context->end; row++)
		if (is_of(row, sweep) && has_result(row, sweep) &&
		    !strcmp(row->cell->variant, first->cell->variant))
			put_cell(figure, row, row->cell->variant, family,
				 base_of(context, row, sweep));
}

/* Whether there is anything to compare; says why not. */
static bool can_sweep(const struct figure_context *context, const struct sweep *sweep)
{
	bool silicon = context->source.class == CLASS_SILICON;
	const char *lost = NULL;
	bool ran = false;

	for (const struct row *row = context->rows; row < context->end; row++) {
		if (!is_of(row, sweep))
			continue;
		if (has_result(row, sweep) && base_of(context, row, sweep))
			return true;
		ran |= has_result(row, sweep);
		lost = lost ? lost : row->boots ? "its packed control was not timed" : row->notes;
	}
	if (ran)
		figure_absent(context, sweep->title, "no two variants differ in %s only",
			      sweep->feature);
	else if (lost)
		figure_absent(context, sweep->title, "%s has no result (%s)", sweep->bench, lost);
	else
		figure_absent(context, sweep->title, "%s was not run%s", sweep->bench,
			      silicon ? "" : sweep->uncounted);
	return false;
}

/* Too many lines for plots/sweep.gp; says so. */
static bool has_many(const struct figure_context *context, const struct sweep *sweep)
{
	g_autoptr(GHashTable) variants = g_hash_table_new(g_str_hash, g_str_equal);

	for (const struct row *row = context->rows; row < context->end; row++)
		if (is_of(row, sweep) && has_result(row, sweep))
			g_hash_table_add(variants, row->cell->variant);
	if (g_hash_table_size(variants) <= LINES_MAX)
		return false;
	figure_absent(context, sweep->title, "%u variants are too many for a figure",
		      g_hash_table_size(variants));
	return true;
}

void figure_sweeps(const struct figure_context *context)
{
	for (const struct sweep *sweep = sweeps; sweep < sweeps + G_N_ELEMENTS(sweeps); sweep++) {
		g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);
		struct figure *figure;

		if (!can_sweep(context, sweep) || has_many(context, sweep))
			continue;
		figure = new_figure(context, sweep->script, "", sweep->title);
		figure_set_text(figure, "reference", context->run->reference);
		figure->tlb = sweep->tlb;
		for (const struct row *row = context->rows; row < context->end; row++)
			if (is_of(row, sweep) && has_result(row, sweep) &&
			    g_hash_table_add(done, row->cell->variant))
				put_variant(figure, context, sweep, row);
	}
}

/* ---- IRET against SYSRET, beside the saving that was published in 2015 */

/* ...:iret-* with reference ...:sysret, or variants that differ only in their exit. */
static bool is_pair(const struct row *iret, const struct row *sysret)
{
	const char *param = bench_param(iret->cell->bench);

	if (!iret->boots || !sysret->boots)
		return false;
	if (*param)
		return g_str_has_prefix(param, "iret") && iret->reference == sysret->cell &&
		       !strcmp(bench_param(sysret->cell->bench), "sysret");
	return !strcmp(iret->cell->bench, "null_syscall") && adds(iret->cell, sysret->cell, "exit");
}

void figure_exit(const struct figure_context *context)
{
	static const char title[] = "IRET against SYSRET";
	struct figure *figure = NULL;

	for (const struct row *iret = context->rows; iret < context->end; iret++)
		for (const struct row *sysret = context->rows; sysret < context->end; sysret++) {
			if (!is_pair(iret, sysret))
				continue;
			g_autofree char *family = family_of(iret->cell, "exit");
			g_autofree char *label =
			    *bench_param(iret->cell->bench)
				? g_strdup_printf("%s %s", iret->cell->variant, iret->cell->bench)
				: g_strdup(family);

			if (!figure)
				figure = new_figure(context, "iret_sysret", "", title);
			if (table_rows(figure->data) == LINES_MAX) {
				figure_absent(context, title, "only the first %d pairs are drawn",
					      LINES_MAX);
				return;
			}
			put_cell(figure, iret, label, family, sysret->cell);
			put_boots(figure, sysret->cell, true);
		}
	if (!figure)
		figure_absent(context, title, "no two cells differ in the exit only");
}
