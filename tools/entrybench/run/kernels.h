/* The kernels of machine linux that the user names, instead of those that it brings along. */
#ifndef RUN_KERNELS_H
#define RUN_KERNELS_H

#include "model/manifest.h"

/*
 * files: "FILE" or "FILE=NAME", none: the kernel that tools/setup --linux fetched. lines: kernel lines, none: those that
 * the machine brings along. A variant for each file with each line, called [NAME/]LINE with "+" for the line's blanks and
 * "default" for an empty one. Nothing changes where both are empty. 0, or -1 with error.
 */
int kernels_add(struct manifest *manifest, const struct strings *files, const struct strings *lines,
		struct error *error);

#endif
