/* The table of counted events: see events.h. */
#include "report/events.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/layout.h"
#include "stats/sample.h"

/* Median over the boots that are ok; NAN where none has counted it. */
static double median_count(const struct cell *cell, const char *event)
{
	double *values = memory_new(cell->boot_count + 1, sizeof(*values)), median;
	size_t n = 0;

	for (size_t i = 0; i < cell->boot_count; i++) {
		const struct boot *boot = &cell->boots[i];
		const char *text = pairs_get(&boot->counts, event);

		if (boot->status == STATUS_OK && text)
			values[n++] = strtod(text, NULL);
	}
	median = sample_median((struct sample){values, n});
	free(values);
	return median;
}

static char *rate(double count, const struct cell *cell)
{
	double cycles = cell->summary.round_trip.estimate;

	return cell->class == CLASS_SILICON && cycles > 0 ? memory_format("%.3f", count / cycles)
							  : memory_copy("-");
}

static size_t add_rows(struct layout *layout, const struct run *run, const char *event)
{
	size_t rows = 0;

	for (size_t i = 0; i < run->cell_count; i++) {
		const struct cell *cell = &run->cells[i];
		double count = median_count(cell, event);
		char *texts[] = {NULL, NULL, NULL, NULL};

		if (isnan(count))
			continue;
		texts[0] = memory_copy(event);
		texts[1] = memory_format("%s %s", cell->machine, cell->variant);
		texts[2] = memory_format("%.6g", count);
		texts[3] = rate(count, cell);
		layout_row(layout, texts, memory_copy(cell->bench));
		rows++;
	}
	return rows;
}

void events_print(const struct run *run, FILE *out, bool color)
{
	struct layout layout = {
	    .columns = 4,
	    .titles = {"event", "machine", "a crossing", "a TSC cycle", "benchmark"},
	    .left = {true, true}};
	size_t rows = 0;

	for (size_t i = 0; i < run->options.events.count; i++) {
		char *list = memory_copy(run->options.events.at[i]), *rest = list, *event;

		while ((event = strsep(&rest, ",")))
			rows += add_rows(&layout, run, event);
		free(list);
	}
	if (rows) {
		fprintf(out, "\nevents, median over boots\n\n");
		layout_print(&layout, out, 100, color);
	}
	layout_free(&layout);
}
