/* Choosing by globs: variants and benchmark cases. */
#ifndef RUN_SELECT_H
#define RUN_SELECT_H

#include "model/manifest.h"

/* A benchmark with one of its parameters. */
struct bench_case {
	const struct benchmark *benchmark;
	const char *param; /* "" where it has none */
	char *label;	   /* NAME or NAME:PARAM */
	bool asked;	   /* -B named it: it runs on every class */
};

struct selection {
	const struct variant **variants;
	size_t variant_count;
	struct bench_case *cases;
	size_t case_count;
};

/*
 * Everything that matches one of the globs; no globs: everything. 0, or -1 with an error that names the
 * glob that matches nothing, and what is near. Free in both cases.
 */
int selection_make(struct selection *selection, const struct manifest *manifest,
		   const struct strings *variants, const struct strings *benches,
		   struct error *error);
void selection_free(struct selection *selection);

/* Unless it is there already. */
void selection_add_variant(struct selection *selection, const struct variant *variant);

/* The manifest's variant of that name; NULL with an error as above. */
const struct variant *selection_variant(const struct manifest *manifest, const char *name,
					struct error *error);

#endif
