/*
 * Usage: walk CR3 <DUMP
 *
 * Walks the page tables of a dump of physical memory, as Bochs' debugger writes it (xp /NUMBERgx
 * ADDRESS), and prints a line a page: "address x|nx W|- U|- physical address", with what all levels
 * together allow. Four levels. Exit status: 0, or 1 with a message.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORDS_MAX = 1 << 20, ENTRIES = 512, LEVELS = 4 };

/* Entries of page tables (SDM 3A 4.5). */
#define PRESENT	  (1ull << 0)
#define WRITABLE  (1ull << 1)
#define USER	  (1ull << 2)
#define LARGE	  (1ull << 7)
#define NO_EXEC	  (1ull << 63)
#define ADDRESS	  UINT64_C(0x000ffffffffff000)
#define CANONICAL 0xffff000000000000ull

static uint64_t words[WORDS_MAX], base;
static size_t count;

static void read_dump(void)
{
	char line[256], *at;

	while (fgets(line, sizeof(line), stdin)) {
		uint64_t address = strtoull(line, &at, 16);
		if (at == line || *at != ' ' || at[1] != '<')
			continue; /* something else that Bochs has to say */
		while (*at && *at != '\t')
			at++;
		if (!count)
			base = address;
		for (char *end; count < WORDS_MAX; at = end) {
			uint64_t word = strtoull(at, &end, 16);
			if (end == at)
				break;
			words[count++] = word;
		}
	}
}

static uint64_t entry_of(uint64_t table, unsigned index)
{
	uint64_t word = (table - base) / 8 + index;

	if (table < base || word >= count) {
		fprintf(stderr, "walk: the table at %" PRIx64 " is not in the dump\n", table);
		exit(1);
	}
	return words[word];
}

static void print(uint64_t address, uint64_t entry, uint64_t rights)
{
	printf("%016" PRIx64 " %s %c %c %016" PRIx64 "\n", address, rights & NO_EXEC ? "nx" : "x",
	       rights & WRITABLE ? 'W' : '-', rights & USER ? 'U' : '-', entry & ADDRESS);
}

/* `rights` of the levels above: what one of them forbids stays forbidden. */
static void walk(uint64_t table, int level, uint64_t address, uint64_t rights)
{
	for (unsigned i = 0; i < ENTRIES; i++) {
		uint64_t entry = entry_of(table, i);
		uint64_t here = address | (uint64_t)i << (12 + 9 * (level - 1));
		uint64_t both = (rights & entry & (WRITABLE | USER)) | ((rights | entry) & NO_EXEC);
		if (!(entry & PRESENT))
			continue;
		if (level == LEVELS && i >= ENTRIES / 2)
			here |= CANONICAL;
		if (level == 1 || (level < LEVELS && entry & LARGE))
			print(here, entry, both);
		else
			walk(entry & ADDRESS, level - 1, here, both);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "walk: usage: walk CR3 <DUMP\n");
		return 2;
	}
	read_dump();
	walk(strtoull(argv[1], NULL, 16) & ADDRESS, LEVELS, 0, WRITABLE | USER);
	return 0;
}
