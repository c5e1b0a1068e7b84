/* eb_price: times one instruction of ring 0, for the prices that a bill's lines are held against. */
#include <entrybench/price.h>

#include "cpu/cpu.h"
#include "cpu/percpu.h"
#include "cpu/selectors.h"
#include "mm/layout.h"
#include "private/price.h"
#include "syscall/syscall.h"

struct price_block {
	const u8 *start, *end;
};
extern const struct price_block price_blocks[EB_PRICE_COUNT][EB_PRICE_PARTS];

u64 price_time(const void *from, const struct price_operands *operands);

#define PRICE_ROW(name, needs, count) needs,
static const char *const needs[EB_PRICE_COUNT] = {EB_PRICES(PRICE_ROW)};

#define CR3_NOFLUSH (1ull << CR3_NOFLUSH_BIT)

/* The same every time: a global, not on the stack that the erase looks at. */
static struct price_operands operands;

static void prepare(enum eb_price price)
{
	bool spec_ctrl = price == EB_PRICE_rdmsr_spec_ctrl || price == EB_PRICE_wrmsr_spec_ctrl;

	operands.msr = spec_ctrl ? MSR_SPEC_CTRL : MSR_GS_BASE;
	operands.value = rdmsr(operands.msr);
	operands.value_is_base = price == EB_PRICE_rdgsbase || price == EB_PRICE_wrgsbase;
	operands.cr3_flush = read_cr3();
	operands.cr3_noflush = operands.cr3_flush | CR3_NOFLUSH;
	operands.invpcid_address = (u64)&operands;
	operands.selector = KERNEL_DS;
}

/* Whether the CPU has what the instruction needs; CR3 without a flush only where PCIDs are on. */
static bool available(enum eb_price price)
{
	if (price == EB_PRICE_mov_cr3_noflush && !(read_cr4() & CR4_PCIDE))
		return false;
	return !*needs[price] || cpu_has(needs[price]);
}

s64 sys_eb_price(struct pt_regs *regs)
{
	u64 price = regs->di, part = regs->si, copies = regs->dx;

	if (price >= EB_PRICE_COUNT || part >= EB_PRICE_PARTS || copies > EB_PRICE_COPIES)
		return -EINVAL;
	price = index_nospec(price, EB_PRICE_COUNT);
	part = index_nospec(part, EB_PRICE_PARTS);
	if (!available(price))
		return -ENODEV;
	const struct price_block *block = &price_blocks[price][part];
	u64 length = (block->end - block->start) / EB_PRICE_COPIES;
	u64 cr4 = read_cr4();
	prepare(price);
	irq_disable();
	if (operands.value_is_base)
		write_cr4(cr4 | CR4_FSGSBASE);
	s64 ticks = price_time(block->end - length * copies, &operands);
	if (operands.value_is_base)
		write_cr4(cr4);
	irq_enable();
	return ticks;
}
