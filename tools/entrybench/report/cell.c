/* One cell: its row, its boots, its levels, what its flags mean, and what the guest said last. */
#include "report/report.h"

#define TAIL 10 /* lines of a log */

static struct table *boots_table(const struct cell *cell)
{
	static const struct table_column columns[] = {
	    {"boot", .format = TABLE_COUNT},
	    {.key = "status"},
	    {"round_trip", .title = "round trip", .format = TABLE_COST},
	    {"p10", .title = "by p10", .format = TABLE_COST, .spare = true},
	    {"turn", .title = "in turn", .format = TABLE_COST},
	    {"core", .format = TABLE_COST},
	    {"shared", .format = TABLE_PERCENT},
	    {"p50", .format = TABLE_COUNT, .spare = true},
	    {"p99", .format = TABLE_COUNT, .spare = true},
	    {"flags", .wraps = true},
	    {0},
	};
	struct table *table = table_new("boots", columns);

	for_each(const struct boot, boot, cell->boots, cell->boot_count) {
		g_autoptr(GString) flags = g_string_new(boot->reason);

		for (size_t k = 0; k < boot->flags.count; k++)
			g_string_append_printf(flags, "%s%s (%" PRIu64 ")", flags->len ? ", " : "",
					       boot->flags.at[k].name, boot->flags.at[k].count);
		table_row(table);
		table_put_number(table, "boot", boot->boot);
		table_put_text(table, "status", status_name(boot->status));
		table_put_number(table, "round_trip", boot->round_trip);
		table_put_number(table, "p10", boot->round_trip_p10);
		table_put_number(table, "turn", boot->over_reference);
		table_put_number(table, "core", boot->core_cycles);
		table_put_number(table, "shared", boot->shared);
		if (boot->window.n) {
			table_put_number(table, "p50", (double)boot->window.p50);
			table_put_number(table, "p99", (double)boot->window.p99);
		}
		table_put_text(table, "flags", flags->str);
	}
	for (size_t i = 0; i < cell->summary.level_count; i++) {
		const struct run_level *level = &cell->summary.levels[i];

		table_note(table, "level %zu: %.1f, from %.1f to %.1f, %" PRIu64 " boots", i + 1,
			   level->estimate, level->low, level->high, level->boots);
	}
	for_each(const struct flag, flag, cell->flags.at, cell->flags.count) {
		const char *about = flag_about(flag->name);

		table_note(table, "%s: %s", flag->name, about ? about : flag->text);
	}
	return table;
}

/* The end of the log of the last boot that failed, else of the last one. */
static void print_log(const struct cell *cell, const char *dir, FILE *out, struct table_style style)
{
	const struct boot *boot = NULL;
	struct error error;

	for (size_t i = 0; i < cell->boot_count; i++)
		if (!boot || cell->boots[i].status != STATUS_OK || boot->status == STATUS_OK)
			boot = &cell->boots[i];
	if (!boot || !*boot->log)
		return;
	g_autofree char *path = g_build_filename(dir, boot->log, NULL);
	g_autofree char *text = file_read(path, NULL, &error);
	g_auto(GStrv) lines = g_strsplit(text ? g_strchomp(text) : error.text, "\n", -1);
	size_t count = g_strv_length(lines);
	g_autofree char *title = g_strdup_printf("%s, boot %u", path, boot->boot);

	fputc('\n', out);
	table_print_heading(title, out, style);
	for (size_t i = count > TAIL ? count - TAIL : 0; i < count; i++)
		table_print_wrapped(lines[i], out, style);
}

void report_print_cell(const struct run *run, const struct cell *cell, const char *dir, FILE *out,
		       struct table_style style)
{
	g_auto(rows_t) rows = {0};

	rows_fill(&rows, run);
	g_autofree char *line = words_machine(run, cell);
	g_autoptr(table_t) row =
	    rows_table_of(run, &rows, cell->machine, cell->bench, cell->variant);
	g_autoptr(table_t) boots = boots_table(cell);

	table_print_heading(line, out, style);
	if (!table_rows(row))
		table_note(row, "%s %s: %s%s%s", cell->variant, cell->bench,
			   status_name(cell->status), *cell->reason ? ": " : "", cell->reason);
	table_print_text(row, out, style);
	fputc('\n', out);
	table_print_text(boots, out, style);
	print_log(cell, dir, out, style);
}

const struct cell *report_find_cell(const struct run *run, const char *name, struct error *error)
{
	const struct cell *found = NULL;
	g_auto(strings_t) names = {0};
	size_t count = 0;

	for_each(const struct cell, cell, run->cells, run->cell_count) {
		g_autofree char *whole =
		    g_strjoin(":", cell->machine, cell->variant, cell->bench, NULL);
		g_autofree char *tail = g_strconcat(":", name, NULL);

		strings_add(&names, whole);
		if (strcmp(whole, name) && !g_str_has_suffix(whole, tail))
			continue;
		found = found ? found : cell;
		count++;
	}
	g_autofree char *near = did_you_mean(name, &names);

	if (!count)
		error_set(error, "no cell %s%s: give MACHINE:VARIANT:BENCH, or its end", name,
			  near);
	if (count > 1)
		error_set(error, "%zu cells end in %s, the first is %s:%s:%s: name it whole", count,
			  name, found->machine, found->variant, found->bench);
	return count == 1 ? found : NULL;
}
