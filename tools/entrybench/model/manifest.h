/* What the build made: variants and benchmarks, read from build/manifest.json (docs/architecture.md). */
#ifndef MODEL_MANIFEST_H
#define MODEL_MANIFEST_H

#include "model/run.h"

#include "model/fields_begin.h"

struct variant {
#include "model/fields/variant.def"
};

struct benchmark {
#include "model/fields/benchmark.def"
	bool classes[2]; /* class_names by enum machine_class */
};

struct manifest {
#include "model/fields/manifest.def"
	char *path;
};

#include "model/fields_end.h"

/* path NULL: manifest.json beside the executable. 0, or -1 with error set; free in both cases. */
int manifest_load(struct manifest *manifest, const char *path, struct error *error);
void manifest_free(struct manifest *manifest);

#define MANIFEST_PROGRAM "program"

/* Adds a program of the user's as benchmark MANIFEST_PROGRAM, with its file's name as the only parameter. */
void manifest_add_program(struct manifest *manifest, const char *path,
			  const struct strings *arguments);

/* A variant that a machine brings along. */
struct new_variant {
	const char *machine, *name, *about;
	const char *image; /* relative to the manifest's folder, or absolute; NULL: none */
	const char *line;  /* NULL: none */
};

/* Adds one, or takes all of a machine away. The pointers of variants found before are stale then. */
void manifest_add_variant(struct manifest *manifest, const struct new_variant *fresh);
void manifest_drop_variants(struct manifest *manifest, const char *machine);

#endif
