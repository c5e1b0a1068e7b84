/* Choosing variants and benchmark cases. */
#include "run/run.h"

#include <fnmatch.h>

static int unknown(const char *kind, const char *glob, struct strings *names, struct error *error)
{
	g_autofree char *near = did_you_mean(glob, names);

	strings_free(names);
	return error_set(error, "no %s matches \"%s\"%s (entrybench list shows all)", kind, glob,
			 near);
}

static int unknown_variant(const struct manifest *manifest, const char *glob, struct error *error)
{
	struct strings names = {0};

	for (size_t i = 0; i < manifest->variant_count; i++)
		strings_add(&names, manifest->variants[i].name);
	return unknown("variant", glob, &names, error);
}

static int unknown_bench(const struct selection *all, const char *glob, struct error *error)
{
	struct strings names = {0};

	for (size_t i = 0; i < all->case_count; i++) {
		const struct bench_case *one = &all->cases[i];

		if (!i || one->benchmark != one[-1].benchmark)
			strings_add(&names, one->benchmark->name);
		if (strchr(glob, ':') && one->param[0])
			strings_add(&names, one->label);
	}
	return unknown("benchmark", glob, &names, error);
}

void selection_add_variant(struct selection *selection, const struct variant *variant)
{
	for (size_t i = 0; i < selection->variant_count; i++)
		if (selection->variants[i] == variant)
			return;
	*(const struct variant **)list_grow(&selection->variants, sizeof(variant)) = variant;
}

static int select_variants(struct selection *selection, const struct manifest *manifest,
			   const struct strings *globs, struct error *error)
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
		if (chosen[i] || !globs->count)
			selection_add_variant(selection, &manifest->variants[i]);
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
	for (size_t i = 0; i < manifest->benchmark_count; i++) {
		const struct benchmark *benchmark = &manifest->benchmarks[i];

		if (!benchmark->params.count)
			add_case(selection, benchmark, "");
		for (size_t p = 0; p < benchmark->params.count; p++)
			add_case(selection, benchmark, benchmark->params.at[p]);
	}
}

/* NAME chooses all of NAME's parameters, NAME:PARAM one of them. */
static bool case_matches(const struct bench_case *one, const char *glob)
{
	return !fnmatch(glob, one->label, 0) || !fnmatch(glob, one->benchmark->name, 0);
}

static int select_cases(struct selection *selection, const struct strings *globs,
			struct error *error)
{
	size_t kept = 0;

	for (size_t g = 0; g < globs->count; g++) {
		bool any = false;

		for (size_t i = 0; i < selection->case_count; i++) {
			bool match = case_matches(&selection->cases[i], globs->at[g]);

			selection->cases[i].asked |= match;
			any |= match;
		}
		if (!any)
			return unknown_bench(selection, globs->at[g], error);
	}
	for (size_t i = 0; i < selection->case_count; i++) {
		if (selection->cases[i].asked || !globs->count)
			selection->cases[kept++] = selection->cases[i];
		else
			free(selection->cases[i].label);
	}
	selection->case_count = kept;
	return 0;
}

int selection_make(struct selection *selection, const struct manifest *manifest,
		   const struct strings *variants, const struct strings *benches,
		   struct error *error)
{
	*selection = (struct selection){0};
	if (select_variants(selection, manifest, variants, error))
		return -1;
	add_all_cases(selection, manifest);
	return select_cases(selection, benches, error);
}

void selection_free(struct selection *selection)
{
	for (size_t i = 0; i < selection->case_count; i++)
		free(selection->cases[i].label);
	free(selection->cases);
	free(selection->variants);
	*selection = (struct selection){0};
}

const struct variant *selection_variant(const struct manifest *manifest, const char *name,
					struct error *error)
{
	for (size_t i = 0; i < manifest->variant_count; i++)
		if (!strcmp(manifest->variants[i].name, name))
			return &manifest->variants[i];
	unknown_variant(manifest, name, error);
	return NULL;
}
