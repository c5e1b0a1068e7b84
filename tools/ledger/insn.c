/*
 * A hash table of instructions by address, and an array of them by id; the ranges in which the
 * clock is read.
 */
#include "insn.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define BUCKETS 65536

static struct insn *buckets[BUCKETS];
static struct insn **by_id;
static size_t count, room;

static struct range {
	uint64_t start, end;
	enum reading reading;
} * ranges;
static size_t range_count;

static bool in_kernel(uint64_t address)
{
	return (int64_t)address < 0;
}

static struct insn **bucket_of(uint64_t address)
{
	return &buckets[(address * 0x9e3779b97f4a7c15u) >> 48];
}

void insn_add_range(uint64_t start, uint64_t end, enum reading reading)
{
	ranges = memory_resize(ranges, range_count + 1, sizeof *ranges);
	ranges[range_count++] = (struct range){start, end, reading};
}

static bool reads_clock(const uint8_t *bytes, size_t size)
{
	return (size == 2 && memcmp(bytes, "\x0f\x31", 2) == 0) ||
	       (size == 3 && memcmp(bytes, "\x0f\x01\xf9", 3) == 0);
}

enum reading insn_reading(uint64_t address, const uint8_t *bytes, size_t size)
{
	if (!reads_clock(bytes, size))
		return READING_NONE;
	for (size_t i = 0; i < range_count; i++)
		if (address >= ranges[i].start && address < ranges[i].end)
			return ranges[i].reading;
	return range_count || in_kernel(address) ? READING_NONE : READING_BOTH;
}

static struct insn *insn_add(uint64_t address, const uint8_t *bytes, size_t size)
{
	struct insn **bucket = bucket_of(address), *insn = memory_resize(NULL, 1, sizeof *insn);

	if (count == room) {
		room = room ? 2 * room : 4096;
		by_id = memory_resize(by_id, room, sizeof *by_id);
	}
	*insn = (struct insn){
	    .address = address,
	    .id = (uint32_t)count,
	    .size = (uint8_t)size,
	    .kernel = in_kernel(address),
	    .reading = insn_reading(address, bytes, size),
	    .next = *bucket,
	};
	memcpy(insn->bytes, bytes, size);
	by_id[count++] = insn;
	*bucket = insn;
	return insn;
}

struct insn *insn_find(uint64_t address, const uint8_t *bytes, size_t size, bool *fresh)
{
	struct insn *insn;

	if (size > INSN_SIZE_MAX)
		size = INSN_SIZE_MAX;
	for (insn = *bucket_of(address); insn; insn = insn->next)
		if (insn->address == address && insn->size == size &&
		    memcmp(insn->bytes, bytes, size) == 0)
			break;
	*fresh = !insn;
	return insn ? insn : insn_add(address, bytes, size);
}

const struct insn *insn_by_id(uint32_t id)
{
	return by_id[id];
}

size_t insn_count(void)
{
	return count;
}
