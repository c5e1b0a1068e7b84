/*
 * Counts by instruction of the crossing that is under way, and adds them to its way when ring 3
 * goes on.
 */
#include "census.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

struct way {
	uint64_t entry, mark; /* 0: ring 3; no mark */
	uint64_t times;
	uint64_t *counts; /* by id of the instruction */
	size_t room;
};

/* Addresses that mean something. */
struct places {
	uint64_t *at;
	size_t count;
};
static struct places marks, faults, page_faults;

static struct range {
	uint64_t start, end;
} clock, idle;
static bool is_idle;
static uint64_t idle_steps;
static enum { CENSUS_BEFORE, CENSUS_OPEN, CENSUS_DONE } state;

static struct way *ways;
static size_t way_count;

/* The crossing that is under way. */
static struct {
	struct way way;
	uint32_t *seen; /* ids, each once */
	size_t seen_count, seen_room;
} crossing;

static const struct insn *last;
static bool last_in_kernel;

/* Of ring 3, where a fault came behind it; NULL: none. */
static const struct insn *faulted;

void census_set_clock(uint64_t start, uint64_t end)
{
	clock = (struct range){start, end};
}

void census_set_idle(uint64_t start, uint64_t end)
{
	idle = (struct range){start, end};
}

bool census_wanted(void)
{
	return clock.end != 0;
}

static void add_place(struct places *places, uint64_t address)
{
	places->at = memory_resize(places->at, places->count + 1, sizeof *places->at);
	places->at[places->count++] = address;
}

void census_add_mark(uint64_t address)
{
	add_place(&marks, address);
}

void census_add_fault(uint64_t address)
{
	add_place(&faults, address);
}

void census_add_page_fault(uint64_t address)
{
	add_place(&page_faults, address);
}

static bool is_place(const struct places *places, uint64_t address)
{
	for (size_t i = 0; i < places->count; i++)
		if (places->at[i] == address)
			return true;
	return false;
}

static bool reads(const struct insn *insn, const struct range *range)
{
	return insn->address >= range->start && insn->address < range->end && insn->size == 2 &&
	       memcmp(insn->bytes, "\x0f\x31", 2) == 0;
}

void census_look(struct insn *insn)
{
	insn->mark = is_place(&marks, insn->address);
	insn->page_fault = is_place(&page_faults, insn->address);
	insn->fault = insn->page_fault || is_place(&faults, insn->address);
	insn->clock = reads(insn, &clock);
	insn->idle = reads(insn, &idle);
}

/* Adds to the instruction's count; returns what it was before. */
static uint64_t count(struct way *way, uint32_t id, uint64_t more)
{
	uint64_t before;

	if (id >= way->room) {
		size_t room = id + 4096;

		way->counts = memory_resize(way->counts, room, sizeof *way->counts);
		memset(way->counts + way->room, 0, (room - way->room) * sizeof *way->counts);
		way->room = room;
	}
	before = way->counts[id];
	way->counts[id] += more;
	return before;
}

static struct way *find_way(uint64_t entry, uint64_t mark)
{
	for (size_t i = 0; i < way_count; i++)
		if (ways[i].entry == entry && ways[i].mark == mark)
			return &ways[i];
	ways = memory_resize(ways, way_count + 1, sizeof *ways);
	ways[way_count] = (struct way){.entry = entry, .mark = mark};
	return &ways[way_count++];
}

static void end_crossing(void)
{
	struct way *way = find_way(crossing.way.entry, crossing.way.mark);

	way->times++;
	for (size_t i = 0; i < crossing.seen_count; i++) {
		uint32_t id = crossing.seen[i];

		count(way, id, crossing.way.counts[id]);
		crossing.way.counts[id] = 0;
	}
	crossing.seen_count = 0;
	crossing.way.mark = 0;
}

static void count_in_crossing(uint32_t id)
{
	if (count(&crossing.way, id, 1) > 0)
		return;
	if (crossing.seen_count == crossing.seen_room) {
		crossing.seen_room = crossing.seen_room ? 2 * crossing.seen_room : 4096;
		crossing.seen =
		    memory_resize(crossing.seen, crossing.seen_room, sizeof *crossing.seen);
	}
	crossing.seen[crossing.seen_count++] = id;
}

static bool returns_to_ring3(const struct insn *insn)
{
	static const char *const returns[] = {"\xcf",	  "\x48\xcf", "\x48\x0f\x07",
					      "\x0f\x07", "\x0f\x35", "\xf3\x0f\x01\xca"};

	for (size_t i = 0; i < sizeof returns / sizeof *returns; i++)
		if (insn->size == strlen(returns[i]) &&
		    memcmp(insn->bytes, returns[i], insn->size) == 0)
			return true;
	return false;
}

/*
 * The kernel is entered by a fault: the instruction before was seen, but has not executed. Unless
 * it is a page fault, and what could not be fetched comes behind it: for ring 3 that shows later.
 */
static void take_fault(const struct insn *entry)
{
	if (entry->page_fault && !last_in_kernel)
		faulted = last;
	else if (!last_in_kernel)
		find_way(0, 0)->counts[last->id]--;
	else if (!entry->page_fault || !returns_to_ring3(last))
		crossing.way.counts[last->id]--;
}

static bool is_branch(const struct insn *insn)
{
	static const uint8_t prefixes[] = {0x66, 0x67, 0xf2, 0xf3, 0x2e,
					   0x3e, 0x26, 0x36, 0x64, 0x65};
	size_t at = 0;

	/* Prefixes of sizes, REP and segment (the linker makes CALL of 67 e8), and REX. */
	while (at + 1 < insn->size && (memchr(prefixes, insn->bytes[at], sizeof prefixes) ||
				       (insn->bytes[at] & 0xf0) == 0x40))
		at++;
	switch (insn->bytes[at]) {
	case 0x0f:
		return at + 1 < insn->size && (insn->bytes[at + 1] & 0xf0) == 0x80;
	case 0xff:
		return at + 1 < insn->size && (insn->bytes[at + 1] >> 3 & 7) >= 2 &&
		       (insn->bytes[at + 1] >> 3 & 7) <= 5;
	case 0xc2:
	case 0xc3:
	case 0xe8:
	case 0xe9:
	case 0xeb:
		return true;
	default:
		return (insn->bytes[at] & 0xf0) == 0x70 || (insn->bytes[at] & 0xfc) == 0xe0;
	}
}

/*
 * Ring 3 goes on behind a fault. Where that is the instruction itself, or where it does not lead
 * (a signal's handler), it has not executed; else it has, and what could not be fetched came
 * behind it.
 */
static void settle_fault(const struct insn *next)
{
	bool leads_there =
	    next && (next->address == faulted->address + faulted->size || is_branch(faulted));

	if (next == faulted || !leads_there)
		find_way(0, 0)->counts[faulted->id]--;
	faulted = NULL;
}

void census_step(const struct insn *insn)
{
	if (state == CENSUS_DONE)
		return;
	if (insn->clock && state == CENSUS_BEFORE) {
		/* What the kernel does up to ring 3 is a way of its own. */
		state = CENSUS_OPEN;
		crossing.way.entry = insn->address;
		last_in_kernel = insn->kernel;
		return;
	}
	if (state != CENSUS_OPEN)
		return;
	if (last && insn->fault)
		take_fault(insn);
	if (insn->kernel && !last_in_kernel)
		crossing.way.entry = insn->address;
	if (!insn->kernel && last_in_kernel)
		end_crossing();
	if (!insn->kernel && faulted)
		settle_fault(insn);
	if (insn->mark && crossing.way.mark == 0)
		crossing.way.mark = insn->address;
	if (insn->kernel)
		count_in_crossing(insn->id);
	else
		count(find_way(0, 0), insn->id, 1);
	last = insn;
	last_in_kernel = insn->kernel;
	idle_steps += is_idle;
	is_idle ^= insn->idle;
	if (insn->clock) {
		state = CENSUS_DONE;
		if (faulted)
			settle_fault(NULL);
		if (insn->kernel)
			end_crossing();
	}
}

bool census_write(FILE *file)
{
	fputs("entrybench-census 1\n", file);
	for (size_t i = 0; i < way_count; i++) {
		const struct way *way = &ways[i];

		fprintf(file, "way %zu entry %" PRIx64 " mark %" PRIx64 " times %" PRIu64 "\n", i,
			way->entry, way->mark, way->times);
		for (size_t id = 0; id < way->room; id++)
			if (way->counts[id])
				fprintf(file, "count %" PRIx64 " %" PRIu64 "\n",
					insn_by_id((uint32_t)id)->address, way->counts[id]);
	}
	fprintf(file, "end %zu idle %" PRIu64 "\n", state == CENSUS_DONE ? way_count : 0,
		idle_steps);
	return !ferror(file);
}
