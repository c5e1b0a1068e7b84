/*
 * Memory inside QEMU's process: where there is none left, a boot without its ledger is worth
 * nothing, so it ends.
 */
#ifndef LEDGER_MEMORY_H
#define LEDGER_MEMORY_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static inline void *memory_resize(void *old, size_t count, size_t size)
{
	void *memory = count > SIZE_MAX / size ? NULL : realloc(old, count * size);

	if (!memory) {
		fputs("ledger: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

#endif
