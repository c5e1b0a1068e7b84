/* The core's readers, without the core's headers: those have types of the host's names. */
#ifndef FUZZ_READERS_H
#define FUZZ_READERS_H

#include <stddef.h>
#include <stdint.h>

struct loaded {
	uint64_t entry, phdr, phnum, brk, areas;
};

/* elf_load() into an empty address space; what it says. */
const char *readers_load(const uint8_t *bytes, size_t size, struct loaded *loaded);

/* The byte at an address of what was loaded last; NULL: no page there. */
const uint8_t *readers_byte(uint64_t address);
void readers_unload(void);

/* What plan_run() does with an archive before it runs anything; where the plan is. */
const char *readers_archive(const uint8_t *bytes, size_t size, const uint8_t **plan,
			    size_t *plan_size);

#endif
