/* Choosing variants and benchmark cases by globs. */
#include "run/run.h"

#include <fnmatch.h>

/* names: those that there are. */
static int unknown(const char *what, const char *name, const struct strings *names,
		   struct error *error)
{
	g_autofree char *near = did_you_mean(name, names);

	return error_set(error, "no %s \"%s\"%s (entrybench list shows all)", what, name, near);
}

static int unknown_variant(const struct manifest *manifest, const char *glob, struct error *error)
{
	g_auto(strings_t) names = {0};

	for (size_t i = 0; i < manifest->variant_count; i++)
		strings_add(&names, manifest->variants[i].name);
	return unknown("variant matches", glob, &names, error);
}

static int unknown_bench(const struct selection *all, const char *glob, struct error *error)
{
	g_auto(strings_t) names = {0};

	for (size_t i = 0; i < all->case_count; i++) {
		const struct bench_case *one = &all->cases[i];

		if (!i || one->benchmark != one[-1].benchmark)
			strings_add(&names, one->benchmark->name);
		if (strchr(glob, ':') && one->param[0])
			strings_add(&names, one->label);
	}
	return unknown("benchmark matches", glob, &names, error);
}

/* Unless it is there already. */
static void add_variant(struct selection *selection, const struct variant *variant)
{
	for (size_t i = 0; i < selection->variant_count; i++)
		if (selection->variants[i] == variant)
			return;
	*(const struct variant **)list_grow(&selection->variants, sizeof(variant)) = variant;
}

static int select_variants(struct selection *selection, const struct manifest *manifest,
			   const struct strings *globs, bool extras, struct error *error)
{
	g_autofree bool *chosen = g_new0(bool, manifest->variant_count);

	for (size_t g = 0; g < globs->count; g++) {
		bool any = false;

		for (size_t i = 0; i < manifest->variant_count; i++) {
			bool match = !fnmatch(globs->at[g], manifest->variants[i].name, 0);

			chosen[i] |= match;
			any |= match;
		}
		if (!any)
			return unknown_variant(manifest, globs->at[g], error);
	}
	for (size_t i = 0; i < manifest->variant_count; i++)
		if (chosen[i] || (!globs->count && (extras || !manifest->variants[i].extra)))
			add_variant(selection, &manifest->variants[i]);
	return 0;
}

static void add_case(struct selection *selection, const struct benchmark *benchmark,
		     const char *param)
{
	struct bench_case *one = list_grow(&selection->cases, sizeof(*one));

	one->benchmark = benchmark;
	one->param = param;
	one->label = g_strconcat(benchmark->name, param[0] ? ":" : "", param, NULL);
}

static void add_all_cases(struct selection *selection, const struct manifest *manifest)
{
	for_each(const struct benchmark, benchmark, manifest->benchmarks,
		 manifest->benchmark_count) {
		if (!benchmark->params.count)
			add_case(selection, benchmark, "");
		for (size_t p = 0; p < benchmark->params.count; p++)
			add_case(selection, benchmark, benchmark->params.at[p]);
	}
}

static int select_cases(struct selection *selection, const struct strings *globs,
			struct error *error)
{
	size_t kept = 0;

	for (size_t g = 0; g < globs->count; g++) {
		const char *glob = globs->at[g];
		bool any = false;

		for_each(struct bench_case, one, selection->cases, selection->case_count) {
			/* NAME chooses all of NAME's parameters, NAME:PARAM one of them. */
			bool match = !fnmatch(glob, one->label, 0) ||
				     !fnmatch(glob, one->benchmark->name, 0);

			one->asked |= match;
			any |= match;
		}
		if (!any)
			return unknown_bench(selection, glob, error);
	}
	for (size_t i = 0; i < selection->case_count; i++) {
		if (selection->cases[i].asked || !globs->count)
			selection->cases[kept++] = selection->cases[i];
		else
			g_free(selection->cases[i].label);
	}
	selection->case_count = kept;
	return 0;
}

int selection_make(struct selection *selection, const struct manifest *manifest,
		   const struct strings *variants, const struct strings *benches,
		   struct error *error)
{
	*selection = (struct selection){0};
	if (select_variants(selection, manifest, variants, benches->count > 0, error))
		return -1;
	add_all_cases(selection, manifest);
	return select_cases(selection, benches, error);
}

void selection_free(struct selection *selection)
{
	for (size_t i = 0; i < selection->case_count; i++)
		g_free(selection->cases[i].label);
	g_free(selection->cases);
	g_free(selection->variants);
	*selection = (struct selection){0};
}

int selection_add_variant(struct selection *selection, const struct manifest *manifest,
			  const char *name, struct error *error)
{
	const struct variant *variant = manifest_find_variant(manifest, name);

	if (!variant)
		return unknown_variant(manifest, name, error);
	add_variant(selection, variant);
	return 0;
}

int selection_add_named(struct selection *selection, const struct manifest *manifest,
			const struct strings *words, struct error *error)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *glob;
		const struct machine *machine = machine_of_words(words->at[i], &glob);
		g_auto(strings_t) names = {0};
		bool found = !glob;

		for (size_t m = 0; !machine && m < machine_count; m++)
			strings_add(&names, machines[m]->name);
		if (!machine)
			return unknown("machine is called", words->at[i], &names, error);
		for (size_t v = 0; glob && v < manifest->variant_count; v++) {
			const struct variant *variant = &manifest->variants[v];

			if (!machine_has(machine, variant) || fnmatch(glob, variant->name, 0))
				continue;
			found = true;
			add_variant(selection, variant);
		}
		if (!found)
			return error_set(
			    error, "machine %s has no variant \"%s\" (entrybench list shows all)",
			    machine->name, glob);
	}
	return 0;
}
