/* The bill of a cell that was measured before. */
#include "cli/cli.h"

int bill_cell(struct bill *bill, struct manifest *manifest, const struct cell *cell,
	      struct error *error)
{
	g_autofree char *folder = g_path_get_dirname(manifest->path);
	g_autofree char *plugin = g_build_filename(folder, "libledger.so", NULL);
	const struct machine *machine = machine_find(cell->machine);
	struct strings variants = {0}, benches = {0};
	struct selection selection = {0};
	int status = -1;

	strings_add(&variants, cell->variant);
	strings_add(&benches, cell->bench);
	if (!machine || !machine->ledger) {
		error_set(error, "machine %s takes no ledger", cell->machine);
	} else if (selection_make(&selection, manifest, &variants, &benches, error) == 0) {
		struct bill_request wanted = {.machine = machine,
					      .variant = selection.variants[0],
					      .bench = selection.cases,
					      .plugin = plugin,
					      .init = manifest->init,
					      .boots = 1,
					      .timeout = machine->timeout};

		status = bill_boot(bill, &wanted, error) ? -1 : 0;
		if (!status && bill->sums[BILL_COUNT] != cell->summary.round_trip.estimate)
			status = error_set(error,
					   "the image of %s is no longer the one that was measured",
					   cell->variant);
	}
	/* The bill has borrowed its names: of the cell they last. */
	bill->machine = cell->machine;
	bill->variant = cell->variant;
	bill->bench = cell->bench;
	selection_free(&selection);
	strings_free(&variants);
	strings_free(&benches);
	return status;
}
