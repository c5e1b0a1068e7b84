/* What readers and CI services see of a comparison. */
#include "compare/compare.h"

/* More rows than this nobody reads: what did not change is left out. */
#define ROWS_READ 2000

static const struct table_column columns[] = {
    {"machine", .audience = TABLE_PROGRAMS},
    {"unit", .audience = TABLE_PROGRAMS},
    {"bench", .audience = TABLE_PROGRAMS},
    {"variant", .wraps = true},
    {"old", .format = TABLE_COST},
    {"old_ci95[low]", .format = TABLE_COST, .audience = TABLE_PROGRAMS},
    {"old_ci95[high]", .format = TABLE_COST, .audience = TABLE_PROGRAMS},
    {"old_interval", "95 %", .format = TABLE_WORD, .audience = TABLE_READERS, .spare = true},
    {"new", .format = TABLE_COST},
    {"new_ci95[low]", .format = TABLE_COST, .audience = TABLE_PROGRAMS},
    {"new_ci95[high]", .format = TABLE_COST, .audience = TABLE_PROGRAMS},
    {"new_interval", "95 %", .format = TABLE_WORD, .audience = TABLE_READERS, .spare = true},
    {"delta", "change", .format = TABLE_SIGNED},
    {"delta_ci95[low]", .format = TABLE_COST, .audience = TABLE_PROGRAMS},
    {"delta_ci95[high]", .format = TABLE_COST, .audience = TABLE_PROGRAMS},
    {"part", "%", .format = TABLE_PERCENT},
    {"p", .format = TABLE_PVALUE, .spare = true},
    {"verdict", .wraps = true},
    {"regression", .audience = TABLE_PROGRAMS},
    {0},
};

static double estimate_of(const struct compared *compared, const struct cell *cell)
{
	return cell ? compared_cost(compared, cell)->estimate : NAN;
}

static void put_interval(struct table *table, const char *name, double low, double high)
{
	g_autofree char *from = g_strdup_printf("%s_ci95[low]", name);
	g_autofree char *to = g_strdup_printf("%s_ci95[high]", name);

	table_put_number(table, from, low);
	table_put_number(table, to, high);
}

static void put_side(struct table *table, const char *name, const struct compared *compared,
		     const struct cell *cell)
{
	g_autofree char *shown = g_strdup_printf("%s_interval", name);
	const struct interval *cost = cell ? compared_cost(compared, cell) : NULL;
	g_autofree char *text =
	    cost && isfinite(cost->low) ? format_interval(cost, cell->class) : NULL;

	table_put_number(table, name, estimate_of(compared, cell));
	put_interval(table, name, cost ? cost->low : NAN, cost ? cost->high : NAN);
	table_put_text(table, shown, text);
}

static void put_row(struct table *table, const struct compared *compared)
{
	const struct cell *cell = compared->cell;
	const struct difference *d = &compared->difference;
	g_autofree char *name = compared_name(compared), *verdict = compared_text(compared);

	table_row(table);
	table_put_text(table, "machine", cell->machine);
	table_put_text(table, "unit", compared_unit(compared));
	table_put_text(table, "bench", cell->bench);
	table_put_text(table, "variant", name);
	put_side(table, "old", compared, compared->old);
	put_side(table, "new", compared, compared->new);
	table_put_number(table, "delta", d->delta);
	put_interval(table, "delta", d->confidence.low, d->confidence.high);
	table_put_number(table, "part", d->delta / fabs(estimate_of(compared, compared->old)));
	table_put_number(table, "p", d->p);
	table_put_text(table, "verdict", verdict);
	table_put_json(table, "regression", json_boolean(compared->regression),
		       compared->regression ? "yes" : "no");
	if (compared->regression)
		table_emphasise(table);
}

static void add_notes(struct table *table, const struct comparison *comparison)
{
	size_t silicon = 0, exact = 0;

	for (size_t i = 0; i < comparison->count; i++) {
		bool counts = comparison->at[i].cell->class == CLASS_DETERMINISTIC;

		exact += counts;
		silicon += !counts;
	}
	if (silicon)
		table_note(table,
			   "faster or slower where the interval of the change excludes zero, it is "
			   "beyond %g %%, and p < %g",
			   100 * (comparison->drift ?: SUMMARY_THRESHOLD), comparison->alpha);
	if (silicon && comparison->drift)
		table_note(table, "two runs of one host may differ by that much without a change "
				  "(--drift); within one run, --by finds smaller ones");
	if (comparison->tests > 1)
		table_note(table,
			   "p: Mann-Whitney, adjusted for %zu cells compared at once "
			   "(Benjamini-Hochberg)",
			   comparison->tests);
	if (exact)
		table_note(table, "instructions: exact, one more is slower; they say how much "
				  "work, not how long");
	if (comparison->regressions)
		table_note(table, "%zu regression%s", comparison->regressions,
			   comparison->regressions == 1 ? "" : "s");
	for (size_t i = 0; i < comparison->why.count; i++)
		table_note(table, "%s", comparison->why.at[i]);
}

static void add_row(struct table *table, const struct compared *compared)
{
	const struct cell *cell = compared->cell;
	g_autofree char *group =
	    g_strdup_printf("%s, %s, %s", cell->machine, cell->bench, compared_unit(compared));

	table_group(table, group);
	put_row(table, compared);
}

/* Not all: of many cells those that are not the same, as far as anybody reads. */
static struct table *table_of(const struct comparison *comparison, bool all)
{
	struct table *table = table_new("comparison", columns);
	bool many = !all && comparison->count > ROWS_READ;
	size_t left_out = 0;

	for_each(const struct compared, compared, comparison->at, comparison->count) {
		if (many && (compared->verdict == VERDICT_SAME || table_rows(table) >= ROWS_READ))
			left_out++;
		else
			add_row(table, compared);
	}
	add_notes(table, comparison);
	if (left_out)
		table_note(table,
			   "%zu of %zu cells are not shown, the same ones first: --format "
			   "csv has all",
			   left_out, comparison->count);
	return table;
}

static void print_csv(const struct comparison *comparison, FILE *out)
{
	for (size_t from = 0; from < comparison->count || !from; from += TABLE_PIECE) {
		g_autoptr(table_t) table = table_new("comparison", columns);

		for (size_t i = from; i < MIN(comparison->count, from + TABLE_PIECE); i++)
			add_row(table, &comparison->at[i]);
		(from ? table_print_more_csv : table_print_csv)(table, out);
	}
}

/* "55 to 57 instructions (+2): slower" */
static char *sentence(const struct compared *compared)
{
	enum machine_class class = compared->cell->class;
	g_autofree char *verdict = compared_text(compared), *old = NULL, *new = NULL, *delta = NULL;

	if (!isfinite(compared->difference.delta))
		return g_strdup(verdict);
	old = format_cost(estimate_of(compared, compared->old), class);
	new = format_cost(estimate_of(compared, compared->new), class);
	delta =
	    format_delta(compared->difference.delta, estimate_of(compared, compared->old), class);
	return g_strdup_printf("%s to %s %s, %s: %s", old, new, compared_unit(compared), delta,
			       verdict);
}

static bool says_nothing(const struct compared *compared)
{
	return compared->verdict >= VERDICT_INCONCLUSIVE;
}

static void print_junit(const struct comparison *comparison, FILE *out)
{
	size_t skipped = 0;

	for (size_t i = 0; i < comparison->count; i++)
		skipped += says_nothing(&comparison->at[i]);
	fprintf(
	    out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"entrybench compare\" "
	    "tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\">\n",
	    comparison->count, comparison->regressions, skipped);
	for_each(const struct compared, compared, comparison->at, comparison->count) {
		const struct cell *cell = compared->cell;
		g_autofree char *name = compared_name(compared), *said = sentence(compared);
		g_autofree char *visible = g_strdup_printf("%s %s", cell->bench, name);
		g_autofree char *class = text_visible(cell->machine);
		g_autofree char *title = text_visible(visible);
		g_autofree char *line = g_markup_printf_escaped(
		    "  <testcase classname=\"%s\" name=\"%s\">", class, title);
		g_autofree char *outcome = g_markup_printf_escaped(
		    compared->regression     ? "<failure message=\"%s\"/>"
		    : says_nothing(compared) ? "<skipped message=\"%s\"/>"
					     : "<system-out>%s</system-out>",
		    said);

		fprintf(out, "%s%s</testcase>\n", line, outcome);
	}
	fputs("</testsuite>\n", out);
}

/* Workflow commands end at a line's end, and take % as the start of an escape. */
static void annotate(FILE *out, const char *kind, const char *text)
{
	g_autofree char *visible = text_visible(text);
	g_auto(GStrv) parts = g_strsplit(visible, "%", -1);
	g_autofree char *escaped = g_strjoinv("%25", parts);

	fprintf(out, "::%s title=entrybench::%s\n", kind, escaped);
}

static void print_github(const struct comparison *comparison, FILE *out)
{
	size_t pairs = 0;

	for_each(const struct compared, compared, comparison->at, comparison->count) {
		const struct cell *cell = compared->cell;
		g_autofree char *name = compared_name(compared), *said = sentence(compared);
		g_autofree char *line =
		    g_strdup_printf("%s, %s, %s: %s", cell->machine, cell->bench, name, said);

		pairs += compared->verdict < VERDICT_OLD_ONLY;
		if (compared->regression || says_nothing(compared))
			annotate(out, compared->regression ? "error" : "warning", line);
	}
	for (size_t i = 0; i < comparison->why.count; i++)
		annotate(out, "notice", comparison->why.at[i]);
	g_autofree char *sum =
	    g_strdup_printf("%zu cells compared, %zu of one side only, %zu regressions", pairs,
			    comparison->count - pairs, comparison->regressions);

	annotate(out, "notice", sum);
}

static void print_whole_json(const struct comparison *comparison, FILE *out)
{
	g_autoptr(table_t) table = table_of(comparison, true);
	json_t *why = json_array();

	for (size_t i = 0; i < comparison->why.count; i++)
		json_array_append_new(why, json_string(comparison->why.at[i]));
	json_print(json_pack("{s:f, s:I, s:I, s:o, s:o}", "alpha", comparison->alpha, "tests",
			     (json_int_t)comparison->tests, "regressions",
			     (json_int_t)comparison->regressions, "cells", table_json(table), "why",
			     why),
		   out);
}

static void print_text(const struct table *table, FILE *out)
{
	table_print_text(table, out, table_style_of(out));
}

static const struct {
	const char *name;
	void (*whole)(const struct comparison *comparison, FILE *out);
	void (*table)(const struct table *table, FILE *out);
} formats[] = {
    {"table", NULL, print_text},  {"markdown", NULL, table_print_markdown},
    {"csv", print_csv, NULL},	  {"json", print_whole_json, NULL},
    {"junit", print_junit, NULL}, {"github", print_github, NULL},
};

bool compared_print(const struct comparison *comparison, const char *format, FILE *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (strcmp(formats[i].name, format))
			continue;
		if (comparison && formats[i].whole)
			formats[i].whole(comparison, out);
		if (!comparison || formats[i].whole)
			return true;
		g_autoptr(table_t) table = table_of(comparison, false);

		formats[i].table(table, out);
		return true;
	}
	return false;
}
