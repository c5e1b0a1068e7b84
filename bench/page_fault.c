/*
 * page_fault:KIND: the first access to a page of anonymous memory. `read` makes the kernel map its
 * page of zeros, `write` makes it find a page and clear it.
 *
 * Each round touches the next page. All pages of a window are given back before it (MADV_DONTNEED),
 * outside of the time taken; the page tables stay. The bare loop walks the same addresses without
 * touching them.
 */
#include "harness/fault_pages.h"

/* RSI walks; RAX says 0 for a page of zeros, and stays what it was for a write. */
TIMED(read_fault, "mov (%rbx), %rsi", "xor %eax, %eax", "mov (%rsi), %rax", "add $4096, %rsi");
TIMED(write_fault, "mov (%rbx), %rsi", "xor %eax, %eax", "mov %rsp, (%rsi)", "add $4096, %rsi");

static const struct bench_param params[] = {
    {.text = "read", .loops = &read_fault},
    {.text = "write", .loops = &write_fault},
};

static char *area;

static void before(struct run *run, uint64_t rounds)
{
	(void)run;
	fault_pages_give_back(area, rounds);
}

static struct verdict setup(struct run *run)
{
	struct verdict mapped = fault_pages_map(run, &area);

	run->context = &area;
	return mapped.outcome == OUTCOME_OK ? fault_pages_prove(run) : mapped;
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
