/* The command `prices`: what single instructions cost, CPU beside CPU. */
#include "cli/cli.h"

#include "table/table.h"

#define FORMAT "entrybench-prices/1"

static bool json;

/*
 * Cells that price instructions: all of one benchmark, whose parameter is the name; or a whole
 * benchmark that is nothing but them.
 */
static const struct priced {
	const char *bench, *variant, *instruction, *ring;
} priced[] = {
    {"instruction_cost:", NULL, NULL, "3"},
    {"kernel_instruction_cost:", NULL, NULL, "0"},
    {"null_syscall", "floor", "syscall_sysret", "3 0 3"},
    {"interrupt_gate", NULL, "int_iretq", "3 0 3"},
    {"call_gate", NULL, "lcall_lretq", "3 0 3"},
};

static const struct priced *priced_by(const struct cell *cell)
{
	for_each(const struct priced, p, priced, G_N_ELEMENTS(priced))
		if ((p->instruction ? !strcmp(cell->bench, p->bench)
				    : g_str_has_prefix(cell->bench, p->bench)) &&
		    (!p->variant || !strcmp(cell->variant, p->variant)))
			return p;
	return NULL;
}

static bool agree(const json_t *a, const json_t *b, const char *const keys[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (g_strcmp0(json_string_value(json_object_get(a, keys[i])),
			      json_string_value(json_object_get(b, keys[i]))))
			return false;
	return true;
}

/* Variants do not change an instruction's price: the first that has one speaks for all. */
static bool is_known(const json_t *rows, const json_t *fresh)
{
	static const char *const same[] = {"instruction", "ring", "cpu", "machine"};
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		if (agree(row, fresh, same, G_N_ELEMENTS(same)))
			return true;
	}
	return false;
}

static void put_cost(json_t *row, const char *key, double cost)
{
	if (isfinite(cost))
		json_object_set_new(row, key, json_real(cost));
}

static json_t *row_of(const struct run *run, const struct cell *cell, const struct priced *by)
{
	const struct run_machine *machine = run_find_machine(run, cell->machine);
	const struct summary *s = &cell->summary;
	bool silicon = cell->class == CLASS_SILICON;
	const char *note = cell->status != STATUS_OK ? cell->reason
			   : silicon && !s->calm     ? "not alone on the core"
						     : NULL;
	g_autofree char *cpu = g_strdup(machine && *machine->cpu ? machine->cpu : run->host.cpu);
	json_t *row =
	    json_pack("{s:s, s:s, s:s, s:s, s:s*}", "instruction",
		      by->instruction ? by->instruction : cell->bench + strlen(by->bench), "ring",
		      by->ring, "cpu", g_strstrip(cpu), "machine", cell->machine, "note", note);

	put_cost(row, silicon ? "cycles" : "instructions", s->round_trip.estimate);
	put_cost(row, "core_cycles", s->core_cycles.estimate);
	return row;
}

/* First the cells that have a price, so that a variant without the instruction does not count. */
static void add_run(json_t *rows, const struct run *run)
{
	for (unsigned pass = 0; pass < 2; pass++)
		for_each(const struct cell, cell, run->cells, run->cell_count) {
			const struct priced *by = priced_by(cell);
			json_auto_t *row = by && (cell->status == STATUS_OK) == !pass
					       ? row_of(run, cell, by)
					       : NULL;

			if (row && !is_known(rows, row))
				json_array_append(rows, row);
		}
}

/* A price file: ours, or one with published figures and their source. */
static int add_file(json_t *rows, const char *path, struct error *error)
{
	json_error_t wrong;
	json_auto_t *file = json_load_file(path, 0, &wrong);
	const char *format = json_string_value(json_object_get(file, "format"));
	const json_t *fresh = json_object_get(file, "rows"), *row;
	size_t i;

	if (!file)
		return error_set(error, "%s: %s", path, wrong.text);
	json_array_foreach(fresh, i, row) {
		if (json_unpack_ex((json_t *)row, &wrong, JSON_VALIDATE_ONLY, "{s:s, s:s, s:s}",
				   "instruction", "ring", "cpu"))
			return error_set(error, "%s: row %zu: %s", path, i + 1, wrong.text);
	}
	if (g_strcmp0(format, FORMAT) || json_array_extend(rows, (json_t *)fresh))
		return error_set(error, "%s is no price file (%s)", path, FORMAT);
	return 0;
}

static int compare_rows(const void *a, const void *b)
{
	static const char *const keys[] = {"ring", "instruction"};
	int order = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(keys) && !order; i++)
		order = g_strcmp0(json_string_value(json_object_get(*(json_t *const *)a, keys[i])),
				  json_string_value(json_object_get(*(json_t *const *)b, keys[i])));
	return order;
}

/* A column of the table: what one CPU was measured in, on one machine or by one source. */
struct column {
	const json_t *row; /* the first in it */
	const char *unit;
};
enum { MOST_COLUMNS = 40 };
static const char *const units[][2] = {{"core_cycles", "cycles of the core"},
				       {"cycles", "cycles of the TSC"},
				       {"instructions", "instructions counted"}};

/* The column for that cost, made where there is none yet. -1: the table has no room for it. */
static int column_of(struct column *columns, size_t *count, const json_t *row, const char *unit)
{
	static const char *const same[] = {"cpu", "machine", "source"};
	size_t i = 0;

	while (i < *count &&
	       !(columns[i].unit == unit && agree(columns[i].row, row, same, G_N_ELEMENTS(same))))
		i++;
	if (i == *count && i < MOST_COLUMNS)
		columns[(*count)++] = (struct column){row, unit};
	return i < MOST_COLUMNS ? (int)i : -1;
}

static void note_columns(struct table *table, const struct column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *source = json_string_value(json_object_get(columns[i].row, "source"));
		const char *name = "";

		for (size_t u = 0; u < G_N_ELEMENTS(units); u++)
			if (units[u][0] == columns[i].unit)
				name = units[u][1];
		table_note(table, "%zu: %s, %s%s%s", i + 1,
			   json_string_value(json_object_get(columns[i].row, "cpu")), name,
			   source ? "; " : " on ",
			   source ? source
				  : json_string_value(json_object_get(columns[i].row, "machine")));
	}
	table_note(table, "*: not alone on the core");
}

/* How many found no room. */
static size_t put_costs(struct table *table, struct column *columns, size_t *count,
			const json_t *row)
{
	size_t left_out = 0;

	for (size_t u = 0; u < G_N_ELEMENTS(units); u++) {
		const json_t *cost = json_object_get(row, units[u][0]);
		int at = json_is_number(cost) ? column_of(columns, count, row, units[u][0]) : -1;
		g_autofree char *key = g_strdup_printf("%d", at + 1);

		if (at >= 0)
			table_put(table, key, "%.4g%s", json_number_value(cost),
				  json_object_get(row, "note") ? "*" : "");
		left_out += json_is_number(cost) && at < 0;
	}
	return left_out;
}

static void print_table(const json_t *rows)
{
	static const char *const same[] = {"instruction", "ring"};
	static char keys[MOST_COLUMNS][4];
	struct table_column shown[MOST_COLUMNS + 3] = {{.key = "instruction"}, {.key = "ring"}};
	struct column columns[MOST_COLUMNS];
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	size_t i, count = 0, left_out = 0;
	json_t *row;

	json_array_foreach(rows, i, row) {
		g_ptr_array_add(sorted, row);
	}
	g_ptr_array_sort(sorted, compare_rows);
	for (i = 0; i < MOST_COLUMNS; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%zu", i + 1);
		shown[i + 2] = (struct table_column){.key = keys[i], .format = TABLE_WORD};
	}
	g_autoptr(table_t) table = table_new("prices", shown);
	for (i = 0; i < sorted->len; i++) {
		if (!i || !agree(sorted->pdata[i - 1], sorted->pdata[i], same, 2)) {
			table_row(table);
			for (size_t k = 0; k < G_N_ELEMENTS(same); k++)
				table_put_text(
				    table, same[k],
				    json_string_value(json_object_get(sorted->pdata[i], same[k])));
		}
		left_out += put_costs(table, columns, &count, sorted->pdata[i]);
	}
	note_columns(table, columns, count);
	if (left_out)
		table_note(table, "%zu prices are left out: more than %d columns", left_out,
			   MOST_COLUMNS);
	table_print_text(table, stdout, table_style_of(stdout));
}

static int main_prices(const struct words *words, struct error *error)
{
	json_auto_t *rows = json_array();

	for (size_t i = 0; i < words->operands.count; i++) {
		const char *path = words->operands.at[i];
		g_auto(run_t) run = {0};

		if (g_file_test(path, G_FILE_TEST_IS_DIR) ? results_open(path, false, &run, error)
							  : add_file(rows, path, error))
			return EXIT_USAGE;
		add_run(rows, &run);
	}
	if (!json_array_size(rows)) {
		error_set(error, "no price in there: run -B '*instruction_cost' first");
		return EXIT_FAILED;
	}
	if (json)
		json_print(json_pack("{s:s, s:O}", "format", FORMAT, "rows", rows), stdout);
	else
		print_table(rows);
	return EXIT_OK;
}

const struct command command_prices = {
    .name = "prices",
    .usage = "DIR|FILE...",
    .about = "what single instructions cost, of results folders and price files",
    .options =
	(const struct option_row[]){{0, "json", NULL, "print a price file", .flag = &json}, {0}},
    .operands_min = 1,
    .operands_max = 1000,
    .lacking = "which folder or file?",
    .main = main_prices,
};
