/* eb_cost: times one instruction of ring 0, for the costs that a bill's lines are held against. */
#include <entrybench/cost.h>

#include "cpu/cpu.h"
#include "cpu/percpu.h"
#include "cpu/selectors.h"
#include "entry/variant.h"
#include "mm/layout.h"
#include "private/cost.h"
#include "syscall/syscall.h"

struct cost_block {
	const u8 *start, *end;
};
extern const struct cost_block cost_blocks[EB_COST_COUNT][EB_COST_PARTS];

u64 cost_time(const void *from, const struct cost_operands *operands);

#define NEEDS_ROW(name, needs, count) needs,
static const char *const needs[EB_COST_COUNT] = {EB_COSTS(NEEDS_ROW)};

/* The same every time: a global, not on the stack that the erase looks at. */
static struct cost_operands operands;

static void prepare(enum eb_cost which)
{
	bool spec_ctrl = which == EB_COST_rdmsr_spec_ctrl || which == EB_COST_wrmsr_spec_ctrl;

	operands.msr = spec_ctrl ? MSR_SPEC_CTRL : MSR_GS_BASE;
	operands.value = rdmsr(operands.msr);
	if (which == EB_COST_wrmsr_pred_cmd) { /* it cannot be read */
		operands.msr = MSR_PRED_CMD;
		operands.value = PRED_CMD_IBPB;
	}
	operands.value_is_base = which == EB_COST_rdgsbase || which == EB_COST_wrgsbase;
	operands.cr3_flush = read_cr3();
	operands.cr3_noflush = operands.cr3_flush | CR3_NOFLUSH;
	operands.invpcid_address = (u64)&operands;
	operands.selector = KERNEL_DS;
}

/* Whether the CPU has what the instruction needs; CR3 without a flush only where PCIDs are on. */
static bool available(enum eb_cost which)
{
	if (which == EB_COST_mov_cr3_noflush && !(read_cr4() & CR4_PCIDE))
		return false;
	if (entry_variant.fred && (which == EB_COST_swapgs_swapgs || which == EB_COST_int_iretq))
		return false; /* no SWAPGS, no gates */
	return !*needs[which] || cpu_has(needs[which]);
}

s64 sys_eb_cost(struct pt_regs *regs)
{
	u64 which = regs->di, part = regs->si, copies = regs->dx;

	if (which >= EB_COST_COUNT || part >= EB_COST_PARTS || copies > EB_COST_COPIES)
		return -EINVAL;
	which = index_nospec(which, EB_COST_COUNT);
	part = index_nospec(part, EB_COST_PARTS);
	if (!available(which))
		return -ENODEV;
	const struct cost_block *block = &cost_blocks[which][part];
	u64 length = (block->end - block->start) / EB_COST_COPIES;
	u64 cr4 = read_cr4();
	prepare(which);
	irq_disable();
	if (operands.value_is_base)
		write_cr4(cr4 | CR4_FSGSBASE);
	s64 ticks = cost_time(block->end - length * copies, &operands);
	if (operands.value_is_base)
		write_cr4(cr4);
	irq_enable();
	return ticks;
}
