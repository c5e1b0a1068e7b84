/* What is billed: by the words of `bill`, or a cell that was measured before. */
#include "cli/cli.h"

int bill_choose_case(struct selection *selection, const struct manifest *manifest, const char *name,
		     struct error *error)
{
	const struct strings benches = {(char *[]){(char *)name, NULL}, 1}, all = {0};

	if (selection_make(selection, manifest, &all, &benches, error) != 0)
		return -1;
	if (selection->case_count == 1)
		return 0;
	return error_set(error,
			 "-B %s names %zu cases, and a bill is of one: take one of them, as %s",
			 name, selection->case_count, selection->cases[0].label);
}

/* Whether a bill can be of it there. */
static bool takes(const struct bill_request *request, const struct machine *machine,
		  const struct variant *variant)
{
	return machine_has(machine, variant) && !(request->stamped && variant->machine[0]);
}

static int unknown(const struct bill_request *request, const char *words, struct error *error)
{
	const struct machine *stock = machine_find("linux");
	g_auto(strings_t) names = {0};
	g_autofree char *near = NULL;

	for_each(const struct variant, variant, request->manifest->variants,
		 request->manifest->variant_count) {
		if (takes(request, request->machine, variant))
			strings_add(&names, variant->name);
		else if (takes(request, stock, variant))
			strings_addf(&names, "%s:%s", stock->name, variant->name);
	}
	near = did_you_mean(words, &names);
	return error_set(error, "bill takes no variant \"%s\"%s (entrybench list shows all)", words,
			 near);
}

static int no_stamps(const char *words, struct error *error)
{
	return error_set(
	    error, "\"%s\": only the core's variants have stamped images, on tcg, bochs and kvm",
	    words);
}

int bill_choose_variant(struct bill_request *request, const char *words, struct error *error)
{
	const char *name;
	const struct machine *machine = machine_of_words(words, &name);

	if (!name) {
		machine = request->machine;
		name = words;
	}
	if (request->stamped && machine != request->machine)
		return no_stamps(words, error);
	if (!machine || (!request->stamped && !machine->ledger &&
			 !(request->program && strcmp(machine->name, "native") == 0)))
		return error_set(error, "\"%s\": only machines tcg and linux take the ledger",
				 words);
	request->variant = manifest_find_variant(request->manifest, name);
	if (!request->variant)
		return unknown(request, words, error);
	request->machine = machine;
	if (takes(request, machine, request->variant))
		return 0;
	if (request->stamped)
		return no_stamps(words, error);
	if (request->variant->machine[0])
		return error_set(error, "%s is a variant of machine %s: say %s:%s", name,
				 request->variant->machine, request->variant->machine, name);
	return error_set(error, "machine %s does not run the core's variant %s", machine->name,
			 name);
}

const struct machine *bill_other_machine(const struct bill_request *request)
{
	const struct strings *needs = &request->variant->needs;

	for (size_t m = 0; m < machine_count; m++) {
		g_auto(GStrv) has =
		    g_strsplit(machines[m]->cpu_also ? machines[m]->cpu_also : "", " ", -1);
		size_t found = 0;

		for (size_t i = 0; i < needs->count; i++)
			found += g_strv_contains((const char *const *)has, needs->at[i]);
		if (machines[m] != request->machine && found && found == needs->count)
			return machines[m];
	}
	return NULL;
}

int bill_cell(struct bill *bill, const struct manifest *manifest, const struct cell *cell,
	      double timeout, struct error *error)
{
	g_auto(selection_t) selection = {0};
	struct bill_request wanted = {.manifest = manifest,
				      .machine = machine_find(cell->machine),
				      .variant = manifest_find_variant(manifest, cell->variant)};
	int status = -1;

	if (!wanted.machine || !wanted.machine->ledger) {
		error_set(error, "machine %s takes no ledger", cell->machine);
	} else if (!wanted.variant) {
		error_set(error, "%s has no variant %s", manifest->path, cell->variant);
	} else if (bill_choose_case(&selection, manifest, cell->bench, error) == 0) {
		wanted.bench = selection.cases;
		wanted.timeout = timeout > 0 ? timeout : wanted.machine->timeout;
		status = bill_boot(bill, &wanted, error) ? -1 : 0;
		if (!status && bill->clock != cell->summary.round_trip.estimate)
			status = error_set(error,
					   "the image of %s is no longer the one that was measured",
					   cell->variant);
	}
	/* The bill has borrowed its names: the cell's last. */
	bill->machine = cell->machine;
	bill->variant = cell->variant;
	bill->bench = cell->bench;
	return status;
}
