/*
 * page_fault:KIND: the first access to a page of anonymous memory. `read` makes the kernel map its
 * page of zeros, `write` makes it find a page and clear it.
 *
 * Each round touches the next page. All pages of a window are given back before it (MADV_DONTNEED),
 * outside of the time taken; the page tables stay. The bare loop walks the same addresses without
 * touching them.
 */
#include "harness/bench.h"

enum { PAGE = 4096, ROUNDS_MAX = 32768 };
enum { PROTECTION_READ_WRITE = 3, MAP_PRIVATE_ANONYMOUS = 0x22 };

/* RSI walks; RAX says 0 for a page of zeros, and stays what it was for a write. */
TIMED(read_fault, "mov (%rbx), %rsi", "xor %eax, %eax", "mov (%rsi), %rax", "add $4096, %rsi");
TIMED(write_fault, "mov (%rbx), %rsi", "xor %eax, %eax", "mov %rsp, (%rsi)", "add $4096, %rsi");

static const struct bench_param params[] = {
    {.text = "read", .loops = &read_fault},
    {.text = "write", .loops = &write_fault},
};

static char *area;

static long give_back(uint64_t rounds)
{
	return sys_call(SYS_MADVISE, (long)area, (long)rounds * PAGE, MADVISE_DONTNEED, 0, 0, 0);
}

static void before(struct run *run, uint64_t rounds)
{
	(void)run;
	give_back(rounds);
}

/* Minor faults of this process so far, or a negative errno value. */
static long minor_faults(void)
{
	long usage[18] = {0};
	long result = sys_call(SYS_GETRUSAGE, 0, (long)usage, 0, 0, 0, 0);

	return result < 0 ? result : usage[8];
}

static struct verdict setup(struct run *run)
{
	uint64_t rounds = 2 * run->options->batch;

	if (rounds > ROUNDS_MAX)
		return bench_failed(
		    "--batch may be 16384 at most here: each crossing takes a page");
	long address = sys_call(SYS_MMAP, 0, (long)rounds * PAGE, PROTECTION_READ_WRITE,
				MAP_PRIVATE_ANONYMOUS, -1, 0);
	if (address < 0 && address > -PAGE)
		return bench_unsupported("this kernel gives no memory by mmap");
	area = (char *)address;
	run->context = &area;
	sys_call(SYS_MADVISE, address, (long)rounds * PAGE, MADVISE_NOHUGEPAGE, 0, 0, 0);
	if (give_back(rounds) != 0)
		return bench_unsupported("this kernel takes no pages back by madvise");
	if (minor_faults() < 0)
		return bench_unsupported("this kernel does not count page faults");
	long faults = minor_faults();
	run->loops->crossing(rounds, run->context);
	faults = minor_faults() - faults;
	return faults >= (long)rounds ? bench_ok()
				      : bench_failed_with("not each access faulted, but", faults);
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return result == 0 ? bench_ok() : bench_failed_with("a new page held", (int64_t)result);
}

const struct benchmark benchmark = {
    .name = "page_fault",
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .setup = setup,
    .before = before,
    .check = check,
};
