/* Hand-made malformed files, each with the one line that the core must say of it. */
#ifndef FUZZ_MALFORMED_H
#define FUZZ_MALFORMED_H

#include <stddef.h>
#include <stdint.h>

enum { MALFORMED_MAX = 16384 };

struct malformed {
	const char *name;
	const char *says; /* NULL: nothing is wrong with it */

	/* Writes the file, returns its size. */
	size_t (*make)(uint8_t *to, const struct malformed *self);

	/* What make() changes in a file that is right: `size` bytes at `at` become `value`. */
	size_t at, size;
	uint64_t value;
	size_t cut; /* to this size, 0: not */
};

extern const struct malformed malformed_elf[], malformed_cpio[];
extern const size_t malformed_elf_count, malformed_cpio_count;

#endif
