/* A run on the first screen: what it found, and where the rest is. */
#include "report/report.h"

/* "null_syscall 299.2 cycles (115.2 ns)", where a machine has one variant only. */
static void print_plain(const struct rows *rows, const struct cell *first, FILE *out,
			struct table_style style)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->at[i];
		const struct interval *cost = &row->cell->summary.round_trip;

		if (strcmp(row->cell->machine, first->machine) || !row->boots ||
		    strcmp(row->cell->bench, FINDINGS_BENCH))
			continue;
		g_autofree char *estimate = format_cost(cost->estimate, row->cell->class);
		g_autofree char *range = format_interval(cost, row->cell->class);
		g_autofree char *ns =
		    isfinite(row->ns) ? g_strdup_printf(", %.1f ns", row->ns) : g_strdup("");
		g_autofree char *line = g_strdup_printf(
		    "%s: %s %s %s%s%s%s%s", row->cell->variant, row->cell->bench, estimate,
		    class_unit(row->cell->class), range[0] == '[' ? " " : ", ", range, ns,
		    *row->notes ? "; " : "");
		g_autofree char *whole = g_strconcat(line, row->notes, NULL);

		table_print_wrapped(whole, out, style);
	}
}

/*
 * "3 cells failed: reason", a line a reason; what was skipped in one line: "70 cells skipped, for 11 reasons", or for the one.
 */
static void print_absent(const struct rows *rows, const char *machine, FILE *out,
			 struct table_style style)
{
	g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
	unsigned skipped = 0, reasons = 0;
	const char *last = "";

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->at[i];
		guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, row->cell->reason));

		if (row->boots || strcmp(row->cell->machine, machine))
			continue;
		g_hash_table_insert(counts, row->cell->reason, GUINT_TO_POINTER(count + 1));
		if (row->cell->status != STATUS_SKIPPED)
			continue;
		skipped++;
		reasons += !count;
		last = row->cell->reason;
	}
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->at[i];
		guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, row->cell->reason));

		if (row->boots || strcmp(row->cell->machine, machine) || !count ||
		    row->cell->status == STATUS_SKIPPED)
			continue;
		g_autofree char *line =
		    g_strdup_printf("%u cell%s %s: %s", count, count == 1 ? "" : "s",
				    status_name(row->cell->status), row->cell->reason);

		table_print_wrapped(line, out, style);
		g_hash_table_remove(counts, row->cell->reason);
	}
	if (!skipped)
		return;
	g_autofree char *line =
	    reasons == 1 ? g_strdup_printf("%u cells skipped: %s", skipped, last)
			 : g_strdup_printf("%u cells skipped, for %u reasons", skipped, reasons);

	table_print_wrapped(line, out, style);
}

static void print_machine(const struct run *run, const struct rows *rows, const struct cell *first,
			  GHashTable *shown, FILE *out, struct table_style style)
{
	g_autoptr(table_t) added = findings_added(run, first->machine, FINDINGS_BENCH, shown);
	g_autofree char *line = words_machine(run, first);

	fputc('\n', out);
	table_print_heading(line, out, style);
	if (table_rows(added)) {
		if (first->class == CLASS_DETERMINISTIC)
			table_note(added, "instructions say how much work, not how long");
		table_print_text(added, out, style);
	} else {
		print_plain(rows, first, out, style);
	}
	print_absent(rows, first->machine, out, style);
}

void report_print_overview(const struct run *run, const struct rows *rows, FILE *out,
			   struct table_style style)
{
	g_autoptr(GHashTable) shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *headline = words_headline(run, rows);
	struct strings unavailable;
	g_autofree char *rest = NULL;

	if (rows->count <= REPORT_ROWS) {
		report_print(run, rows, out, style);
		return;
	}
	if (headline)
		table_print_heading(headline, out, style);
	for (size_t i = 0; i < rows->count; i++)
		if (rows->at[i].starts_machine)
			print_machine(run, rows, rows->at[i].cell, shown, out, style);
	unavailable = words_unavailable(run);
	if (unavailable.count)
		fputs("\nnot measured here:\n", out);
	for (size_t i = 0; i < unavailable.count; i++)
		table_print_wrapped(unavailable.at[i], out, style);
	strings_free(&unavailable);
	rest = g_strdup_printf(
	    "all %zu rows, flags and notes: entrybench report --full, or report.html", rows->count);
	fputc('\n', out);
	table_print_wrapped(rest, out, style);
}
