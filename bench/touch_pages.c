/*
 * touch_pages:N: getppid, then one load from each of N pages: what a crossing costs a program whose
 * pages were in the TLB before it.
 *
 * The loads chase pointers round a ring, each load waits for the one before, in this round and the
 * last. So what is lost shows in full, and the bare loop cannot run ahead. Neighbours in the ring
 * are far apart: no prefetcher helps.
 *
 *	D(crossing) - D(bare)			the crossing, and what it makes the N loads
 *						wait for
 *	D(crossing_packed) - D(bare_packed)	the same loads and cache lines, in as few
 *						pages as hold them: the crossing and the
 *						caches, hardly a TLB entry
 *	the first minus the second		what the TLB alone lost
 *
 * Where a crossing flushes nothing (no KPTI, or PCIDs) the last line is near 0; it is the reference
 * for where it does.
 */
#include "harness/bench.h"

enum { PAGE = 4096, LINE = 64, PAGES_MAX = 512 };

struct ring {
	void *first;
	uint64_t length;
};

/* RSI walks on from round to round. */
TIMED(getppid_touch, "mov (%rbx), %rsi", "mov $" TEXT_OF(SYS_GETPPID) ", %eax", "syscall",
      "	mov 8(%rbx), %edx\n"
      "1:	mov (%rsi), %rsi\n"
      "	dec %edx\n"
      "	jnz 1b");

/*
 * A page and a line apart: no two links share a page, and they spread evenly over the sets of a
 * cache.
 */
static char spread[PAGES_MAX * (PAGE + LINE)] __attribute__((aligned(PAGE)));
static char packed[PAGES_MAX * LINE] __attribute__((aligned(PAGE)));

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	return b == 0 ? a : common_divisor(b, a % b);
}

/*
 * A ring through `length` links of `memory`, `stride` bytes apart; the next link is 0.38 of the
 * ring away.
 */
static struct ring make_ring(char *memory, uint64_t length, uint64_t stride)
{
	uint64_t step = length * 38 / 100 + 1;

	while (common_divisor(step, length) != 1)
		step++;
	for (uint64_t i = 0; i < length; i++)
		*(void **)(memory + i * stride) = memory + (i + step) % length * stride;
	return (struct ring){memory, length};
}

static struct verdict setup(struct run *run)
{
	static struct ring pages, lines;

	/*
	 * One huge page would be one TLB entry. A kernel without the call has no huge pages either.
	 */
	sys_call(SYS_MADVISE, (long)spread, sizeof(spread), MADVISE_NOHUGEPAGE, 0, 0, 0);
	pages = make_ring(spread, run->options->value, PAGE + LINE);
	lines = make_ring(packed, run->options->value, LINE);
	run->context = &pages;
	bench_also_time(run, "crossing_packed", run->loops->crossing, &lines);
	bench_also_time(run, "bare_packed", run->loops->bare, &lines);
	return bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return bench_judge_getppid(result);
}

const struct benchmark benchmark = {
    .name = "touch_pages",
    .param_min = 1,
    .param_max = PAGES_MAX,
    .loops = &getppid_touch,
    .setup = setup,
    .check = check,
};
