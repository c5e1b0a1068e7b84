/* What a report says first: what each protection adds, and all round trips at one glance. */
#include "report/rows.h"

#include <math.h>
#include <string.h>

#include "model/summary.h"
#include "report/format.h"

static const char *value_of(const struct cell *cell, const char *feature)
{
	const char *value = pairs_get(&cell->features, feature);

	return value ? value : "off";
}

/* `with` has all features of `without`, and one more that is off there: which? Else NULL. */
static const char *added_feature(const struct cell *with, const struct cell *without)
{
	const char *added = NULL;

	for (size_t i = 0; i < without->features.count; i++)
		if (!pairs_get(&with->features, without->features.at[i].name) &&
		    strcmp(without->features.at[i].value, "off"))
			return NULL;
	for (size_t i = 0; i < with->features.count; i++) {
		const struct pair *one = &with->features.at[i];
		const char *before = value_of(without, one->name);

		if (!strcmp(one->value, before))
			continue;
		if (added || strcmp(before, "off"))
			return NULL;
		added = one->name;
	}
	return added;
}

static bool is_shown(enum change change)
{
	return change == CHANGE_MORE || change == CHANGE_LESS;
}

static void add_pair(struct table *table, const struct cell *with, const struct cell *without,
		     const char *feature)
{
	struct difference d = summary_difference(with, without);
	double base = without->summary.round_trip.estimate;
	struct interval interval = {d.delta, d.confidence.low, d.confidence.high};
	g_autofree char *before = format_cost(base, with->class);
	g_autofree char *after = format_cost(with->summary.round_trip.estimate, with->class);
	g_autofree char *delta = is_shown(d.change) || with->class == CLASS_DETERMINISTIC
				     ? format_delta(d.delta, base, with->class)
				     : g_strdup("~");
	g_autofree char *range = format_interval(&interval, with->class);

	table_row(table);
	table_put(table, "feature", "%s=%s", feature, value_of(with, feature));
	table_put_text(table, "path", without->variant);
	table_put_text(table, "makes", with->variant);
	table_put_both(table, "without", base, before);
	table_put_both(table, "with", with->summary.round_trip.estimate, after);
	table_put_both(table, "adds", d.delta, delta);
	table_put_both(table, "interval", NAN, range);
}

static bool is_of(const struct cell *cell, const char *machine, const char *bench)
{
	return !strcmp(cell->machine, machine) && !strcmp(cell->bench, bench) &&
	       isfinite(cell->summary.round_trip.estimate);
}

struct table *findings_added(const struct run *run, const char *machine, const char *bench)
{
	static const struct table_column columns[] = {
	    {.key = "feature"},
	    {"path", .title = "added to"},
	    {"adds", .format = TABLE_SIGNED},
	    {"interval", .title = "95 % interval", .format = TABLE_WORD, .audience = TABLE_READERS},
	    {"without", .format = TABLE_COST},
	    {"with", .format = TABLE_COST},
	    {"makes", .format = TABLE_TEXT},
	    {0},
	};
	struct table *table = table_new(NULL, columns);

	for (size_t i = 0; i < run->cell_count; i++)
		for (size_t j = 0; j < run->cell_count && is_of(&run->cells[i], machine, bench);
		     j++) {
			const char *feature = is_of(&run->cells[j], machine, bench)
						  ? added_feature(&run->cells[i], &run->cells[j])
						  : NULL;

			if (feature)
				add_pair(table, &run->cells[i], &run->cells[j], feature);
		}
	return table;
}

/* ---- the matrix ---- */

static void add_once(GPtrArray *names, char *name)
{
	if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
		g_ptr_array_add(names, name);
}

static struct table *new_matrix(const GPtrArray *variants)
{
	g_autoptr(GArray) columns = g_array_new(true, true, sizeof(struct table_column));
	struct table_column column = {.key = "benchmark:", .title = ""};

	g_array_append_val(columns, column);
	for (size_t i = 0; i < variants->len; i++) {
		column = (struct table_column){variants->pdata[i], .format = TABLE_COST};
		g_array_append_val(columns, column);
	}
	return table_new(NULL, (const struct table_column *)(void *)columns->data);
}

struct table *findings_matrix(const struct rows *rows, const char *machine)
{
	g_autoptr(GPtrArray) variants = g_ptr_array_new();
	const char *bench = NULL;
	struct table *table;

	for (size_t i = 0; i < rows->count; i++)
		if (!strcmp(rows->at[i].cell->machine, machine) && rows->at[i].boots)
			add_once(variants, rows->at[i].cell->variant);
	table = new_matrix(variants);
	for (size_t i = 0; i < rows->count && variants->len > 1; i++) {
		const struct cell *cell = rows->at[i].cell;
		g_autofree char *cost = format_cost(cell->summary.round_trip.estimate, cell->class);

		if (strcmp(cell->machine, machine) || !rows->at[i].boots)
			continue;
		if (!bench || strcmp(bench, cell->bench)) {
			bench = cell->bench;
			table_row(table);
			table_put_text(table, "benchmark:", bench);
		}
		table_put_both(table, cell->variant, cell->summary.round_trip.estimate, cost);
	}
	return table;
}
