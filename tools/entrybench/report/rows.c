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

	for_each(const struct flag, flag, cell->flags.at, cell->flags.count)
		if (strcmp(flag->name, "unsafe"))
			g_string_append_printf(text, "%s%s=%llu", text->len ? " " : "", flag->name,
					       (unsigned long long)flag->count);
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

	for_each(const struct row, row, rows->at, rows->count) {
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

struct table *rows_table_of(const struct run *run, const struct rows *rows, const char *machine,
			    const char *bench, const char *variant)
{
	struct table *table = table_new(NULL, columns);
	g_autofree char *versus = delta_title(rows, machine);

	table_set_title(table, "delta", versus);
	for_each(const struct row, row, rows->at, rows->count) {
		if (strcmp(row->cell->machine, machine) || !row->boots ||
		    (bench && strcmp(row->cell->bench, bench)) ||
		    (variant && strcmp(row->cell->variant, variant)))
			continue;
		table_group(table, row->group);
		table_set_unit(table, "estimate", class_unit(row->cell->class));
		add_row(table, run, row);
	}
	return table;
}

/* ---- cells without a result ---- */

void names_add_once(GPtrArray *names, const char *name)
{
	if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
		g_ptr_array_add(names, (void *)name);
}

/* The first `most` and how many more; one more than these is named as well. */
static char *join_names(GPtrArray *names, size_t most)
{
	size_t left = names->len > most + 1 ? names->len - most : 0;

	g_ptr_array_set_size(names, (int)(names->len - left));
	g_ptr_array_add(names, NULL);
	g_autofree char *text = g_strjoinv(", ", (char **)names->pdata);

	return left ? g_strdup_printf("%s and %zu more", text, left) : g_steal_pointer(&text);
}

/* A row for the first absent cell and all those behind it that share its fate. */
static void add_absent(struct table *table, const struct rows *rows, const struct row *first,
		       size_t names)
{
	g_autoptr(GPtrArray) variants = g_ptr_array_new(), benches = g_ptr_array_new();
	size_t cells = 0;

	for (const struct row *row = first; row < rows->at + rows->count; row++) {
		if (row->boots || strcmp(row->cell->machine, first->cell->machine) ||
		    strcmp(row->notes, first->notes) != 0)
			continue;
		names_add_once(variants, row->cell->variant);
		names_add_once(benches, row->cell->bench);
		cells++;
	}
	g_autofree char *of = join_names(variants, names), *which = join_names(benches, names);

	table_row(table);
	table_put_number(table, "cells", (double)cells);
	table_put_text(table, "why", first->notes);
	table_put(table, "which", "%s: %s", of, which);
}

struct table *rows_absent(const struct rows *rows, const char *machine, size_t names)
{
	static const struct table_column absent_columns[] = {
	    {"cells", .format = TABLE_COUNT},
	    {"why", .title = "no round trip", .wraps = true},
	    {"which", .title = "", .wraps = true},
	    {0},
	};
	struct table *table = table_new(NULL, absent_columns);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for_each(const struct row, row, rows->at, rows->count)
		if (!row->boots && !strcmp(row->cell->machine, machine) &&
		    g_hash_table_add(seen, row->notes))
			add_absent(table, rows, row, names);
	return table;
}

static const char *fate_of(const struct row *row)
{
	return row->cell->status == STATUS_SKIPPED ? "skipped" : row->notes;
}

struct strings rows_absent_lines(const struct rows *rows, const char *machine)
{
	const struct row *end = rows->at + rows->count;
	g_autoptr(GPtrArray) fates = g_ptr_array_new();
	struct strings lines = {0};

	for (const struct row *first = rows->at; first < end; first++) {
		g_autoptr(GPtrArray) reasons = g_ptr_array_new();
		size_t cells = 0;

		if (first->boots || strcmp(first->cell->machine, machine) ||
		    g_ptr_array_find_with_equal_func(fates, fate_of(first), g_str_equal, NULL))
			continue;
		g_ptr_array_add(fates, (void *)fate_of(first));
		for (const struct row *row = first; row < end; row++) {
			if (row->boots || strcmp(row->cell->machine, machine) ||
			    strcmp(fate_of(row), fate_of(first)))
				continue;
			names_add_once(reasons, row->notes);
			cells++;
		}
		if (reasons->len > 1)
			strings_addf(&lines, "no round trip: %zu cells skipped, for %u reasons",
				     cells, reasons->len);
		else
			strings_addf(&lines, "no round trip: %zu cell%s %s", cells,
				     cells == 1 ? "" : "s", first->notes);
	}
	return lines;
}

struct table *rows_failed(const struct rows *rows, const char *machine)
{
	static const struct table_column failed_columns[] = {{.key = "variant"},
							     {"bench", .title = "benchmark"},
							     {"why", .title = "", .wraps = true},
							     {"log", .links = true},
							     {0}};
	struct table *table = table_new(NULL, failed_columns);

	for (size_t i = 0; i < rows->count; i++) {
		const struct cell *cell = rows->at[i].cell;

		if (strcmp(cell->machine, machine) || cell->status <= STATUS_SKIPPED)
			continue;
		table_row(table);
		table_put_text(table, "variant", cell->variant);
		table_put_text(table, "bench", cell->bench);
		table_put(table, "why", "%s: %s", status_name(cell->status), cell->reason);
		for (size_t boot = 0; boot < cell->boot_count; boot++)
			if (cell->boots[boot].status == cell->status)
				table_put_text(table, "log", cell->boots[boot].log);
	}
	return table;
}

/* ---- counted events ---- */

static double count_of(const struct boot *boot, const void *event)
{
	const char *text = pairs_get(&boot->counts, event);

	return text ? strtod(text, NULL) : NAN;
}

static void add_event(struct table *table, const struct cell *cell, const char *event)
{
	double count = cell_median(cell, count_of, event);
	double cycles = cell->class == CLASS_SILICON ? cell->summary.round_trip.estimate : NAN;

	if (isnan(count))
		return;
	table_row(table);
	table_put_text(table, "event", event);
	table_put_text(table, "machine", cell->machine);
	table_put_text(table, "variant", cell->variant);
	table_put_text(table, "bench", cell->bench);
	table_put(table, "crossing", "%.6g", count);
	if (cycles > 0)
		table_put(table, "cycle", "%.3f", count / cycles);
}

struct table *events_table(const struct run *run)
{
	static const struct table_column event_columns[] = {
	    {.key = "event"},
	    {.key = "machine"},
	    {.key = "variant"},
	    {"bench", .title = "benchmark"},
	    {"crossing", .title = "a crossing", .format = TABLE_WORD},
	    {"cycle", .title = "a TSC cycle", .format = TABLE_WORD},
	    {0},
	};
	struct table *table = table_new(NULL, event_columns);

	for (size_t i = 0; i < run->options.events.count; i++) {
		g_auto(GStrv) names = g_strsplit(run->options.events.at[i], ",", -1);

		for (size_t name = 0; names[name]; name++)
			for (size_t cell = 0; cell < run->cell_count; cell++)
				add_event(table, &run->cells[cell], names[name]);
	}
	return table;
}
