/* Counts of a crossing. */
#include "guest/guest.h"

void events_fill(struct boot *boot, const struct pmu_events *events)
{
	struct costs others = {0};

	for (size_t i = 0; i < events->count; i++) {
		char name[40], bare[40], text[40];
		double count;

		snprintf(name, sizeof(name), "event%zu", i);
		snprintf(bare, sizeof(bare), "event%zu.bare", i);
		count = costs_get(&boot->loops, name) - costs_get(&boot->loops, bare);
		if (isnan(count))
			continue;
		snprintf(text, sizeof(text), "%.6g", count);
		pairs_add(&boot->counts, events->at[i].name, text);
	}
	for (size_t i = 0; i < boot->loops.count; i++)
		if (strncmp(boot->loops.at[i].name, "event", 5) != 0)
			costs_add(&others, boot->loops.at[i].name, boot->loops.at[i].value);
	fields_clear(cost_shape(), &boot->loops);
	boot->loops = others;
}
