/* The bill as a table on a terminal. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bill/lines.h"
#include "bill/output.h"
#include "base/memory.h"

#define RULE "--------------------------------------------------------------------------------"

/* Wide enough for the longest name, within reason. */
static int width_of(const struct bill *bill, bool symbols)
{
	size_t width = 8;

	for (size_t i = 0; i < bill->line_count; i++) {
		size_t length = strlen(symbols ? bill->lines[i].symbol : bill->lines[i].phase);

		if (length > width)
			width = length;
	}
	return width > 40 ? 40 : (int)width;
}

static void print_line(FILE *out, const int widths[2], const char *phase,
		       const struct bill_line *line, int64_t total)
{
	const struct bill_sums *sums = &line->sums;

	fprintf(out, "%-*s  %-*s %8" PRId64 " %6.1f %% %6" PRId64 " %6" PRId64 " %6" PRId64 "\n",
		widths[0], phase, widths[1], line->symbol, sums->count,
		total ? 100.0 * (double)sums->count / (double)total : 0.0, sums->loads,
		sums->stores, sums->taken);
}

static void print_phase(FILE *out, const int widths[2], const struct bill *bill,
			const struct phase_sums *phase)
{
	const char *name = phase->phase;

	for (size_t i = 0; i < bill->line_count; i++) {
		if (strcmp(bill->lines[i].phase, phase->phase) != 0)
			continue;
		print_line(out, widths, name, &bill->lines[i], bill->sums.count);
		name = "";
	}
	if (phase->symbols > 1)
		fprintf(out, "%-*s  %-*s %8" PRId64 " %6.1f %%\n", widths[0], "", widths[1],
			"  together", phase->count,
			bill->sums.count ? 100.0 * (double)phase->count / (double)bill->sums.count
					 : 0.0);
}

static void print_totals(FILE *out, const struct bill *bill)
{
	fprintf(out,
		"\nloads %" PRId64 " (%" PRId64 " bytes), stores %" PRId64 " (%" PRId64
		" bytes), kernel stack touched %" PRIu64 " bytes, taken branches %" PRId64 "\n",
		bill->sums.loads, bill->sums.bytes_loaded, bill->sums.stores,
		bill->sums.bytes_stored, bill->stack_bytes, bill->sums.taken);
	fputs("privileged, serialising and ring-changing:", out);
	for (size_t i = 0; i < bill->special_count; i++)
		fprintf(out, "%s %s %" PRId64, i ? "," : "", bill->specials[i].name,
			bill->specials[i].count);
	fputs(bill->special_count ? "\n" : " none\n", out);
}

static void print_title(FILE *out, const struct bill_title *title, const struct bill *bill)
{
	size_t length = strlen(title->unit);

	/* "1 instruction" */
	if (bill->sums.count == 1 && length && title->unit[length - 1] == 's')
		length--;
	fprintf(out, "%s, %s on %s: %" PRId64 " %.*s a round trip, as the clock reported%s\n",
		title->variant, title->bench, title->machine, bill->sums.count, (int)length,
		title->unit, title->safe ? "" : " (unsafe: for measurement only)");
}

void bill_print(FILE *out, const struct bill_title *title, const struct bill *bill)
{
	const int widths[2] = {width_of(bill, false), width_of(bill, true)};
	struct phase_sums *phases = memory_new(bill->line_count, sizeof(*phases));
	size_t count = bill_phases(bill, phases);
	const struct bill_line total = {.symbol = "", .sums = bill->sums};

	if (title) {
		print_title(out, title, bill);
		fputc('\n', out);
	}
	fprintf(out, "%-*s  %-*s %8s %8s %6s %6s %6s\n", widths[0], "phase", widths[1], "symbol",
		"instr.", "share", "loads", "stores", "taken");
	for (size_t i = 0; i < count; i++)
		print_phase(out, widths, bill, &phases[i]);
	fprintf(out, "%.*s\n", widths[0] + widths[1] + 42, RULE RULE);
	print_line(out, widths, "total", &total, bill->sums.count);
	if (title)
		print_totals(out, bill);
	free(phases);
}

static void print_step(FILE *out, const struct bill_step *step)
{
	const struct ledger_insn *insn = step->insn;

	if (!insn)
		fprintf(out, "  %16s  %20s", "", "");
	else
		fprintf(out, "  %16" PRIx64 "  ", insn->address);
	for (size_t k = 0; insn && k < 10; k++)
		fprintf(out, k < insn->size ? "%02x" : "  ", k < insn->size ? insn->bytes[k] : 0);
	fprintf(out, "  %s%s%s", insn ? insn->text : "(no instruction)",
		step->sign < 0 ? "  (only in the bare loop: taken off)" : "",
		step->counted || !insn ? "" : "  (faults: not counted)");
	for (size_t k = 0; k < step->access_count; k++)
		fprintf(out, "  %s %u @%" PRIx64, step->accesses[k].store ? "store" : "load",
			step->accesses[k].size, step->accesses[k].address);
	if (step->frame.size)
		fprintf(out, "  the CPU's frame %" PRIu64 " @%" PRIx64, step->frame.size,
			step->frame.first);
	fputc('\n', out);
}

void bill_print_listing(FILE *out, const struct bill *bill)
{
	const struct bill_step *last = NULL;

	for (size_t i = 0; i < bill->step_count; i++) {
		const struct bill_step *step = &bill->steps[i];

		if (!last || strcmp(last->phase, step->phase) != 0 ||
		    strcmp(last->symbol, step->symbol) != 0)
			fprintf(out, "\n%s: %s\n", step->phase, step->symbol);
		last = step;
		print_step(out, step);
	}
}

/* Behind the total: what instructions do not tell. */
static void print_more(FILE *out, const struct bill *const bills[2])
{
	struct special_pair *pairs =
	    memory_new(bills[0]->special_count + bills[1]->special_count + 1, sizeof(*pairs));
	size_t count = bill_pair_specials(bills, pairs);
	struct bill_sums more = bill_sums_more(bills);

	fprintf(out,
		"\nmore: loads %+" PRId64 " (%+" PRId64 " bytes), stores %+" PRId64 " (%+" PRId64
		" bytes), kernel stack touched %+" PRId64 " bytes, taken branches %+" PRId64 "\n",
		more.loads, more.bytes_loaded, more.stores, more.bytes_stored,
		(int64_t)(bills[1]->stack_bytes - bills[0]->stack_bytes), more.taken);
	fputs("privileged, serialising and ring-changing:", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s %s %+" PRId64, i ? "," : "", pairs[i].name,
			pairs[i].counts[1] - pairs[i].counts[0]);
	fputs(count ? "\n" : " no difference\n", out);
	free(pairs);
}

void bill_print_difference(FILE *out, const struct bill_title titles[2],
			   const struct bill *const bills[2])
{
	struct line_pair *pairs =
	    memory_new(bills[0]->line_count + bills[1]->line_count, sizeof(*pairs));
	size_t count = bill_pair_lines(bills, pairs);
	int64_t total[2] = {bills[0]->sums.count, bills[1]->sums.count};
	int widths[2] = {0, 0};

	for (int i = 0; i < 2; i++)
		for (int column = 0; column < 2; column++) {
			int width = width_of(bills[i], column);

			widths[column] = width > widths[column] ? width : widths[column];
		}
	for (int i = 0; titles && i < 2; i++)
		print_title(out, &titles[i], bills[i]);
	fprintf(out, "%s%-*s  %-*s %8s %8s %8s\n", titles ? "\n" : "", widths[0], "phase",
		widths[1], "symbol", "first", "second", "more");
	for (size_t i = 0; i < count; i++) {
		int64_t delta = pairs[i].counts[1] - pairs[i].counts[0];

		if (delta)
			fprintf(out, "%-*s  %-*s %8" PRId64 " %8" PRId64 " %+8" PRId64 "\n",
				widths[0], pairs[i].phase, widths[1], pairs[i].symbol,
				pairs[i].counts[0], pairs[i].counts[1], delta);
	}
	fprintf(out, "%.*s\n", widths[0] + widths[1] + 29, RULE RULE);
	fprintf(out, "%-*s  %-*s %8" PRId64 " %8" PRId64 " %+8" PRId64 "\n", widths[0], "total",
		widths[1], "", total[0], total[1], total[1] - total[0]);
	if (titles)
		print_more(out, bills);
	free(pairs);
}
