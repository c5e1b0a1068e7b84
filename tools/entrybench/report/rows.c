/* The cells of a run as tables. */
#include "report/report.h"

static const char *cpu_of(const struct run *run, const struct cell *cell)
{
	const struct run_machine *machine = run_find_machine(run, cell->machine);

	return machine ? machine->cpu : "";
}

static char *features_text(const struct cell *cell)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < cell->features.count; i++)
		g_string_append_printf(text, "%s%s=%s", i ? " " : "", cell->features.at[i].name,
				       cell->features.at[i].value);
	return g_string_free(text, false);
}

static char *cost_text(const struct cell *cell, double cost)
{
	return isfinite(cost) ? format_cost(cost, cell->class) : NULL;
}

static char *interval_text(const struct cell *cell, const struct interval *interval)
{
	return isfinite(interval->low) ? format_interval(interval, cell->class) : NULL;
}

static char *delta_text(const struct row *row)
{
	const struct summary *s = &row->cell->summary;

	if (row->reference == row->cell)
		return g_strdup("reference");
	if (!row->reference || !isfinite(s->vs_reference.estimate))
		return NULL;
	/* On silicon a difference that was not shown gets no figure to quote. */
	if (row->cell->class == CLASS_SILICON && strcmp(s->verdict, "faster") &&
	    strcmp(s->verdict, "slower"))
		return g_strdup("~");
	return format_delta(s->vs_reference.estimate, row->reference->summary.round_trip.estimate,
			    row->cell->class);
}

static double delta_percent(const struct row *row)
{
	double base = row->reference ? row->reference->summary.round_trip.estimate : NAN;

	return base == 0 ? NAN : 100 * row->cell->summary.vs_reference.estimate / fabs(base);
}

static json_t *flag_names(const struct flags *flags)
{
	json_t *list = json_array();

	for (size_t i = 0; i < flags->count; i++)
		json_array_append_new(list, json_string(flags->at[i].name));
	return list;
}

/* All flags, also those that the table says once for all rows. */
static char *flag_counts(const struct cell *cell)
{
	GString *text = g_string_new(cell->safe ? "" : "unsafe");

	for (size_t i = 0; i < cell->flags.count; i++) {
		const struct flag *flag = &cell->flags.at[i];

		if (strcmp(flag->name, "unsafe"))
			g_string_append_printf(text, "%s%s=%llu", text->len ? " " : "", flag->name,
					       (unsigned long long)flag->count);
	}
	return g_string_free(text, false);
}

static const struct table_column columns[] = {
#define TEXT(name, value, ...)	       {.key = name, __VA_ARGS__},
#define NUMBER(name, value, how, ...)  {.key = name, .format = (how), __VA_ARGS__},
#define SHOWN(name, value, shown, ...) {.key = name, .format = TABLE_COST, __VA_ARGS__},
#define LIST(name, value, shown, ...)  {.key = name, __VA_ARGS__},
#include "report/columns.def"
#undef TEXT
#undef NUMBER
#undef SHOWN
#undef LIST
    {0},
};

static void put_shown(struct table *table, const char *key, double number, char *text)
{
	table_put_both(table, key, number, text);
	g_free(text);
}

static void put_list(struct table *table, const char *key, json_t *json, char *text)
{
	table_put_json(table, key, json, text);
	g_free(text);
}

static void add_row(struct table *table, const struct run *run, const struct row *row)
{
	const struct cell *cell = row->cell;
	const struct summary *summary = &cell->summary;

	table_row(table);
#define TEXT(key, value, ...)	     table_put_text(table, key, value);
#define NUMBER(key, value, ...)	     table_put_number(table, key, value);
#define SHOWN(key, value, text, ...) put_shown(table, key, value, text);
#define LIST(key, value, text, ...)  put_list(table, key, value, text);
#include "report/columns.def"
}

struct table *rows_table(const struct run *run, const struct rows *rows)
{
	struct table *table = table_new(NULL, columns);

	for (size_t i = 0; i < rows->count; i++)
		add_row(table, run, &rows->at[i]);
	return table;
}

/* "vs NAME", or "vs reference" where the machine's cells have several. */
static char *delta_title(const struct rows *rows, const char *machine)
{
	const char *name = "reference";

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->at[i];

		if (strcmp(row->cell->machine, machine) || !row->reference)
			continue;
		/* A case of the benchmark's own is no variant: no one name fits the column. */
		if (row->cell->reference_case[0] ||
		    (strcmp(name, "reference") && strcmp(name, row->reference->variant)))
			return g_strdup("vs reference");
		name = row->reference->variant;
	}
	return g_strdup_printf("vs %s", name);
}

struct table *rows_table_of(const struct run *run, const struct rows *rows, const char *machine)
{
	struct table *table = table_new(NULL, columns);
	g_autofree char *versus = delta_title(rows, machine);
	const char *group = NULL;

	table_set_title(table, "delta", versus);
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->at[i];

		if (strcmp(row->cell->machine, machine) || !row->boots)
			continue;
		if (!group || strcmp(group, row->group))
			table_group(table, group = row->group);
		table_set_unit(table, "estimate", class_unit(row->cell->class));
		add_row(table, run, row);
	}
	return table;
}

/* ---- cells without a result ---- */

#define NAMES 3 /* so many are enough for a reader to recognise what is meant */

static void add_name(GPtrArray *names, const char *name)
{
	if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
		g_ptr_array_add(names, (void *)name);
}

static char *join_names(const GPtrArray *names, bool whole)
{
	size_t count = whole || names->len <= NAMES + 1 ? names->len : NAMES;
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < count; i++)
		g_string_append_printf(text, "%s%s", i ? ", " : "", (char *)names->pdata[i]);
	if (count < names->len)
		g_string_append_printf(text, " and %zu more", names->len - count);
	return g_string_free(text, false);
}

/* A row for the first absent cell and all those behind it that share its fate. */
static void add_absent(struct table *table, const struct rows *rows, size_t first, bool whole)
{
	const struct row *like = &rows->at[first];
	g_autoptr(GPtrArray) variants = g_ptr_array_new();
	g_autoptr(GPtrArray) benches = g_ptr_array_new();
	size_t cells = 0;

	for (size_t i = first; i < rows->count; i++) {
		const struct row *row = &rows->at[i];

		if (row->boots || strcmp(row->cell->machine, like->cell->machine) ||
		    strcmp(row->notes, like->notes))
			continue;
		add_name(variants, row->cell->variant);
		add_name(benches, row->cell->bench);
		cells++;
	}
	g_autofree char *of = join_names(variants, whole), *which = join_names(benches, whole);

	table_row(table);
	table_put_number(table, "cells", (double)cells);
	table_put_text(table, "why", like->notes);
	table_put(table, "which", "%s: %s", of, which);
}

struct table *rows_absent(const struct rows *rows, const char *machine, bool whole)
{
	static const struct table_column absent_columns[] = {
	    {"cells", .format = TABLE_COUNT},
	    {"why", .title = "no round trip", .wraps = true},
	    {"which", .title = "", .wraps = true},
	    {0},
	};
	struct table *table = table_new(NULL, absent_columns);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; i < rows->count; i++)
		if (!rows->at[i].boots && !strcmp(rows->at[i].cell->machine, machine) &&
		    g_hash_table_add(seen, rows->at[i].notes))
			add_absent(table, rows, i, whole);
	return table;
}
