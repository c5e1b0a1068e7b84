/* Which boots had the core to themselves. */
#include "model/model.h"

/* Core cycles of an independent add, at best; NAN: not timed. */
static double adds_of(const struct boot *boot)
{
	double cycles =
	    costs_get(&boot->loops, "independent_adds") / costs_get(&boot->loops, "dependent_adds");

	return boot->status == STATUS_OK && cycles > 0 ? cycles : NAN;
}

/* The calmest boots of the machine; NAN: none timed it. */
static double calmest_of(const struct run *run, const char *machine)
{
	g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));

	for_each(const struct cell, cell, run->cells, run->cell_count) {
		if (strcmp(cell->machine, machine))
			continue;
		for (size_t b = 0; b < cell->boot_count; b++) {
			double adds = adds_of(&cell->boots[b]);

			if (isfinite(adds))
				g_array_append_val(values, adds);
		}
	}
	return sample_quantile((struct sample){.values = (double *)values->data, .n = values->len},
			       SHARING_CALMEST);
}

void sharing_fill(struct run *run)
{
	const char *machine = "";
	double calmest = NAN;

	for_each(struct cell, cell, run->cells, run->cell_count) {
		if (strcmp(cell->machine, machine)) {
			machine = cell->machine;
			calmest = calmest_of(run, machine);
		}
		/* The medians, as minima hide a thread beside them; older runs have only these. */
		for_each(struct boot, boot, cell->boots, cell->boot_count) {
			bool has_median = boot->status == STATUS_OK && boot->independent_add > 0;
			double add = has_median ? boot->independent_add : adds_of(boot);

			boot->shared = add / calmest - 1;
		}
	}
}
