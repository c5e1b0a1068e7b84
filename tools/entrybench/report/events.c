/* The table of counted events. */
#include "report/report.h"

/* Median over the boots that are ok; NAN where none has counted it. */
static double median_count(const struct cell *cell, const char *event)
{
	g_autofree double *values = g_new(double, cell->boot_count + 1);
	size_t n = 0;

	for (size_t i = 0; i < cell->boot_count; i++) {
		const struct boot *boot = &cell->boots[i];
		const char *text = pairs_get(&boot->counts, event);

		if (boot->status == STATUS_OK && text)
			values[n++] = strtod(text, NULL);
	}
	return sample_median((struct sample){.values = values, .n = n});
}

static void add_rows(struct table *table, const struct run *run, const char *event)
{
	for (size_t i = 0; i < run->cell_count; i++) {
		const struct cell *cell = &run->cells[i];
		double count = median_count(cell, event);
		double cycles =
		    cell->class == CLASS_SILICON ? cell->summary.round_trip.estimate : NAN;
		g_autofree char *shown = g_strdup_printf("%.6g", count);
		g_autofree char *rate = cycles > 0 ? g_strdup_printf("%.3f", count / cycles) : NULL;

		if (isnan(count))
			continue;
		table_row(table);
		table_put_text(table, "event", event);
		table_put_text(table, "machine", cell->machine);
		table_put_text(table, "variant", cell->variant);
		table_put_text(table, "bench", cell->bench);
		table_put_both(table, "crossing", count, shown);
		table_put_both(table, "cycle", rate ? count / cycles : NAN, rate);
	}
}

struct table *events_table(const struct run *run)
{
	static const struct table_column columns[] = {
	    {.key = "event"},
	    {.key = "machine"},
	    {.key = "variant"},
	    {"bench", .title = "benchmark"},
	    {"crossing", .title = "a crossing", .format = TABLE_COST},
	    {"cycle", .title = "a TSC cycle", .format = TABLE_COST},
	    {0},
	};
	struct table *table = table_new(NULL, columns);

	for (size_t i = 0; i < run->options.events.count; i++) {
		g_auto(GStrv) names = g_strsplit(run->options.events.at[i], ",", -1);

		for (size_t name = 0; names[name]; name++)
			add_rows(table, run, names[name]);
	}
	return table;
}
