/* The classes of values that errors.c gives to system calls. */
#ifndef TESTS_PROGRAMS_ERRORS_VALUES_H
#define TESTS_PROGRAMS_ERRORS_VALUES_H

#include <stddef.h>

#define PAGE	4096ul
#define AREA	0x10000000ul /* four pages with nothing beside them, new before every call */
#define BUFFER	(AREA + 2 * PAGE)
#define LATER	0x20000000ul /* nothing there */
#define ONE_BIT 0x80000000ul

#ifndef MREMAP_FIXED
#define MREMAP_FIXED 2
#endif

enum { TEXT = 3, KEPT = 50, SCRATCH, PIPE, EVENT = PIPE + 2, EPOLL };

struct value {
	const char *name;
	unsigned long value;
};

#define LIST(name, ...)                                                                            \
	static const struct value name##_values[] = {__VA_ARGS__, {0}};                            \
	static const struct value *const name = name##_values

LIST(pointers, {"null", 0}, {"unmapped, low", 0x10000}, {"unmapped", LATER}, {"good", BUFFER},
     {"not aligned", BUFFER + 1}, {"not aligned by 4", BUFFER + 4},
     {"at the area's end", AREA + 4 * PAGE - 1}, {"behind the area", AREA + 4 * PAGE},
     {"end of ring 3 less three pages", 0x7fffffffd000}, {"not canonical", 0x800000000000},
     {"not canonical, high", 0xffff7fffffffffff}, {"kernel, lowest", 0xffff800000000000},
     {"kernel text", 0xffffffff80000000}, {"all ones less a page", -PAGE}, {"all ones", -1ul});

LIST(addresses, {"0", 0}, {"0 + 1", 1}, {"low", 0x10000}, {"area", AREA}, {"area + 1", AREA + 1},
     {"area's last page", AREA + 3 * PAGE}, {"hole", LATER}, {"hole + 1", LATER + 1},
     {"end of ring 3 less three pages", 0x7fffffffd000}, {"not canonical", 0x800000000000},
     {"not canonical + 1", 0x800000000001}, {"kernel, lowest", 0xffff800000000000},
     {"kernel text", 0xffffffff80000000}, {"kernel text + 1", 0xffffffff80000001},
     {"last page", -PAGE}, {"all ones", -1ul});

LIST(lengths, {"0", 0}, {"1", 1}, {"page - 1", PAGE - 1}, {"page", PAGE}, {"page + 1", PAGE + 1},
     {"4 pages", 4 * PAGE}, {"5 pages", 5 * PAGE}, {"2^47 - page", 0x7ffffffff000},
     {"2^47", 0x800000000000}, {"2^63", 1ul << 63}, {"-page", -PAGE}, {"-1", -1ul});

LIST(sizes, {"0", 0}, {"1", 1}, {"4", 4}, {"7", 7}, {"8", 8}, {"9", 9}, {"16", 16}, {"24", 24},
     {"128", 128}, {"page", PAGE}, {"2^31", ONE_BIT}, {"2^63", 1ul << 63}, {"-1", -1ul});

LIST(flags, {"0", 0}, {"1", 1}, {"2", 2}, {"4", 4}, {"8", 8}, {"0x10", 0x10}, {"0x20", 0x20},
     {"0x40", 0x40}, {"0x80", 0x80}, {"0x100", 0x100}, {"0x200", 0x200}, {"0x400", 0x400},
     {"0x1000", 0x1000}, {"0x8000", 0x8000}, {"0x10000", 0x10000}, {"0x100000", 0x100000},
     {"2^31", ONE_BIT}, {"2^32", 1ul << 32}, {"2^63", 1ul << 63}, {"-1", -1ul});

LIST(numbers, {"0", 0}, {"1", 1}, {"2", 2}, {"3", 3}, {"4", 4}, {"5", 5}, {"6", 6}, {"7", 7},
     {"8", 8}, {"9", 9}, {"10", 10}, {"11", 11}, {"12", 12}, {"13", 13}, {"14", 14}, {"15", 15},
     {"16", 16}, {"17", 17}, {"18", 18}, {"19", 19}, {"20", 20}, {"21", 21}, {"22", 22}, {"23", 23},
     {"24", 24}, {"25", 25}, {"26", 26}, {"64", 64}, {"65", 65}, {"100", 100}, {"2^31", ONE_BIT},
     {"2^32 + 1", (1ul << 32) + 1}, {"-1", -1ul});

LIST(signals, {"0", 0}, {"65", 65}, {"2^31", ONE_BIT}, {"-1", -1ul});

LIST(processes, {"0", 0}, {"nobody", 0x3ffffff}, {"2^31", ONE_BIT}, {"-2", -2ul});

LIST(descriptors, {"text", TEXT}, {"closed", 99}, {"2^31 - 1", 0x7fffffff}, {"2^31", ONE_BIT},
     {"2^32 + 3", (1ul << 32) + TEXT}, {"-1", -1ul});

/* None of those that are in use. */
LIST(new_descriptors, {"20", 20}, {"2^32 + 20", (1ul << 32) + 20}, {"2^31", ONE_BIT}, {"-1", -1ul});

/* `kinds` has a letter an argument: which list it is taken from, or '-' to leave it. */
static const struct value *list_of(char kind)
{
	switch (kind) {
	case 'p':
		return pointers;
	case 'q': /* a null one would wait for ever */
		return pointers + 1;
	case 'a':
		return addresses;
	case 'l':
		return lengths;
	case 'z':
		return sizes;
	case 'f':
		return flags;
	case 'n':
		return numbers;
	case 'N':
		return new_descriptors;
	case 's':
		return signals;
	case 'i':
		return processes;
	case 'd':
		return descriptors;
	}
	return NULL;
}

#endif
