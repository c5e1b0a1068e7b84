/* What the build made: variants and benchmarks, read from build/manifest.json (docs/architecture.md). */
#ifndef MODEL_MANIFEST_H
#define MODEL_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "model/run.h"
#include "base/error.h"

struct variant {
	char *name, *about;
	char *image;   /* path; "": there is none */
	char *stamped; /* path of the image whose phases take time stamps; "": there is none */
	char *machine; /* the only machine that has it; "": all that run images of the core */
	char *line;    /* kernel line of a stock kernel */
	struct pairs features;
	bool safe;
	struct strings needs; /* CPU features, as the boot record names them */
};

struct benchmark {
	char *name, *about;
	char *program; /* path */
	struct strings params;
	struct strings needs;
	bool classes[2];      /* by enum machine_class: it means something there */
	bool own;	      /* a program of the user's: it sends no records */
	struct strings words; /* the arguments of such a one */
	char *reference_case; /* parameter that the others are compared with; "": none */
};

struct manifest {
	char *path;
	char *init; /* path of what runs a plan on Linux; "": there is none */
	struct variant *variants;
	size_t variant_count;
	struct benchmark *benchmarks;
	size_t benchmark_count;
};

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
