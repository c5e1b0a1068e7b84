/* The first line of a report with silicon in it: what SYSRET saves against IRET. */
#include "report/headline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define EXIT_BENCH "sigreturn_exit"

static bool shows_it(const struct row *row)
{
	const struct cell *cell = row->cell;
	const char *verdict = cell->summary.verdict;

	return cell->class == CLASS_SILICON && cell->status == STATUS_OK && row->reference &&
	       row->reference != cell && strlen(EXIT_BENCH) == bench_base(cell->bench) &&
	       !strncmp(cell->bench, EXIT_BENCH, strlen(EXIT_BENCH)) &&
	       isfinite(cell->summary.vs_reference.estimate) && verdict &&
	       (!strcmp(verdict, "slower") || !strcmp(verdict, "faster"));
}

/* Ticks in ns, by the row's own ratio; "" where the clock's frequency is unknown. */
static char *in_ns(const struct row *row, double ticks)
{
	double ratio = row->ns / row->cell->summary.round_trip.estimate;

	return isfinite(ratio) ? memory_format(", %.0f ns", ticks * ratio) : memory_copy("");
}

char *headline_text(const struct run *run, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct interval *more = &rows->at[i].cell->summary.vs_reference;
		char *ns, *text;

		if (!shows_it(&rows->at[i]))
			continue;
		ns = in_ns(&rows->at[i], more->estimate);
		text = memory_format(
		    "SYSRET against IRET on %s: leaving by IRET costs %+.1f cycles [%.1f, %.1f]%s "
		    "(%s, %s); published in 2015, another CPU: \"nearly 80ns\"",
		    run->host.cpu, more->estimate, more->low, more->high, ns,
		    rows->at[i].cell->machine, rows->at[i].cell->bench);
		free(ns);
		return text;
	}
	return NULL;
}
