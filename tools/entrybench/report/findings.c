/* What a report says first: what each protection adds, and all round trips at one glance. */
#include "report/report.h"

static const char *value_of(const struct cell *cell, const char *feature)
{
	const char *value = pairs_get(&cell->features, feature);

	return value ? value : "off";
}

static void add_pair(struct table *table, const struct cell *with, const struct cell *without,
		     const char *feature)
{
	struct difference d = summary_difference(with, without);
	double base = without->summary.round_trip.estimate;
	struct interval interval = {d.delta, d.confidence.low, d.confidence.high};
	g_autofree char *before = format_cost(base, with->class);
	g_autofree char *after = format_cost(with->summary.round_trip.estimate, with->class);
	bool shown = d.change == CHANGE_MORE || d.change == CHANGE_LESS;
	g_autofree char *delta = shown || with->class == CLASS_DETERMINISTIC
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

static bool is_measured(const struct cell *cell)
{
	return cell && isfinite(cell->summary.round_trip.estimate);
}

static bool is_of(const struct cell *cell, const char *machine, const char *bench)
{
	return !strcmp(cell->machine, machine) && !strcmp(cell->bench, bench) && is_measured(cell);
}

/* How many features of the path are on. */
static unsigned features_on(const struct cell *cell)
{
	unsigned on = 0;

	for (size_t i = 0; i < cell->features.count; i++)
		on += strcmp(cell->features.at[i].value, "off") != 0;
	return on;
}

/* Whether `a` shows a feature plainer than `b`: on a path by SYSRET, with fewer others. */
static bool is_plainer(const struct cell *a, const struct cell *b)
{
	bool sysret_a = !strcmp(value_of(a, "exit"), "sysret");
	bool sysret_b = !strcmp(value_of(b, "exit"), "sysret");

	if (sysret_a != sysret_b)
		return sysret_a;
	return features_on(a) < features_on(b);
}

/* The plainest pair of its feature and value on this machine, not shown before. */
static bool is_plainest(const struct run *run, const GPtrArray *cells, const struct cell *with,
			const char *feature, GHashTable *shown)
{
	const char *value = value_of(with, feature);
	g_autofree char *key = g_strjoin("\n", class_name(with->class), feature, value, NULL);

	if (g_hash_table_contains(shown, key))
		return false;
	for (guint i = 0; i < cells->len; i++) {
		const struct cell *other = cells->pdata[i];

		if (other == with || strcmp(value_of(other, feature), value) ||
		    !is_plainer(other, with))
			continue;
		if (is_measured(run_without(run, other, feature)))
			return false;
	}
	return g_hash_table_add(shown, g_steal_pointer(&key));
}

struct table *findings_added(const struct run *run, const char *machine, const char *bench,
			     GHashTable *shown)
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
	g_autoptr(GPtrArray) cells = g_ptr_array_new();

	if (shown)
		table_set_title(table, "adds", bench);
	for (size_t i = 0; i < run->cell_count; i++)
		if (is_of(&run->cells[i], machine, bench))
			g_ptr_array_add(cells, &run->cells[i]);
	for (guint i = 0; i < cells->len; i++) {
		const struct cell *with = cells->pdata[i];

		for (size_t j = 0; j < with->features.count; j++) {
			const char *feature = with->features.at[j].name;
			const struct cell *without = run_without(run, with, feature);

			if (is_measured(without) &&
			    (!shown || is_plainest(run, cells, with, feature, shown)))
				add_pair(table, with, without, feature);
		}
	}
	return table;
}

/* ---- the matrix ---- */

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
			names_add_once(variants, rows->at[i].cell->variant);
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

/* ---- Linux beside the core ---- */

static bool is_stock(const struct cell *cell)
{
	return g_str_has_prefix(cell->machine, "linux") || !strcmp(cell->machine, "native");
}

/* A path that Linux would take: one named so, or SYSRET with nothing but KPTI. */
static bool is_like_linux(const struct cell *cell)
{
	unsigned own = !strcmp(value_of(cell, "exit"), "sysret");

	if (strcmp(cell->machine, "tcg") && strcmp(cell->machine, "kvm"))
		return false;
	return g_str_has_prefix(cell->variant, "linux-") ||
	       (own && features_on(cell) == own + (strcmp(value_of(cell, "kpti"), "off") != 0));
}

struct table *findings_linux(const struct run *run, const struct rows *rows,
			     enum machine_class class)
{
	g_autoptr(GPtrArray) kernels = g_ptr_array_new(), benches = g_ptr_array_new();
	bool any[2] = {false, false};
	struct table *table;

	for (size_t i = 0; i < rows->count; i++) {
		const struct cell *cell = rows->at[i].cell;
		bool stock = is_stock(cell);
		g_autofree char *key = g_strjoin(":", cell->machine, cell->variant, NULL);

		if (!rows->at[i].boots || cell->class != class || (!stock && !is_like_linux(cell)))
			continue;
		any[stock] = true;
		names_add_once(kernels, (char *)intern(key));
		if (stock)
			names_add_once(benches, cell->bench);
	}
	table = new_matrix(kernels);
	for (guint b = 0; any[0] && any[1] && b < benches->len; b++) {
		table_row(table);
		table_put_text(table, "benchmark:", benches->pdata[b]);
		for (guint k = 0; k < kernels->len; k++) {
			g_auto(GStrv) words = g_strsplit(kernels->pdata[k], ":", 2);
			const struct cell *cell =
			    run_find_cell(run, words[0], words[1], benches->pdata[b]);
			double cost = cell ? cell->summary.round_trip.estimate : NAN;
			g_autofree char *text = isfinite(cost) ? format_cost(cost, class) : NULL;

			table_put_both(table, kernels->pdata[k], cost, text);
		}
	}
	return table;
}
