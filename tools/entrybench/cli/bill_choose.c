/* What the words of `bill` mean. */
#include "cli/cli.h"

int bill_choose_case(struct selection *selection, const struct manifest *manifest, const char *name,
		     struct error *error)
{
	struct strings benches = {0}, variants = {0};
	int status;

	strings_add(&benches, name);
	status = selection_make(selection, manifest, &variants, &benches, error);
	if (status == 0 && selection->case_count != 1)
		status = error_set(error,
				   "-B %s names %zu cases, and a bill is of one: take one of them, "
				   "as %s",
				   name, selection->case_count, selection->cases[0].label);
	strings_free(&benches);
	return status;
}

/* Whether a bill can be of it there. */
static bool takes(const struct bill_request *request, const struct machine *machine,
		  const struct variant *variant)
{
	return machine_has(machine, variant) && !(request->stamped && variant->machine[0]);
}

static int unknown(const struct bill_request *request, const struct manifest *manifest,
		   const char *words, struct error *error)
{
	const struct machine *stock = machine_find("linux");
	g_autofree char *near = NULL;
	struct strings names = {0};

	for (size_t i = 0; i < manifest->variant_count; i++) {
		const struct variant *variant = &manifest->variants[i];

		if (takes(request, request->machine, variant))
			strings_add(&names, variant->name);
		else if (takes(request, stock, variant))
			strings_addf(&names, "%s:%s", stock->name, variant->name);
	}
	near = did_you_mean(words, &names);
	strings_free(&names);
	return error_set(error, "bill takes no variant \"%s\"%s (entrybench list shows all)", words,
			 near);
}

static int no_stamps(const char *words, struct error *error)
{
	return error_set(error,
			 "\"%s\": only the core's variants have stamped images, on tcg, bochs "
			 "and kvm",
			 words);
}

int bill_choose_variant(struct bill_request *request, const struct manifest *manifest,
			const char *words, struct error *error)
{
	const char *name;
	const struct machine *machine = machine_of_words(words, &name);
	const struct variant *variant = NULL;

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
	for (size_t i = 0; i < manifest->variant_count && !variant; i++)
		if (strcmp(manifest->variants[i].name, name) == 0)
			variant = &manifest->variants[i];
	if (!variant)
		return unknown(request, manifest, words, error);
	request->machine = machine;
	request->variant = variant;
	if (takes(request, machine, variant))
		return 0;
	if (request->stamped)
		return no_stamps(words, error);
	if (variant->machine[0])
		return error_set(error, "%s is a variant of machine %s: say %s:%s", name,
				 variant->machine, variant->machine, name);
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
