/*
 * Makes asm-offsets.h: this file is compiled to assembly only, and cmake/AsmOffsets.cmake takes the
 * marked lines out of it.
 */
#include "entry/variant.h"
#include <entrybench/cost.h>

#include "cpu/nmi.h"
#include "cpu/percpu.h"
#include "entry/pt_regs.h"
#include "private/cost.h"
#include "syscall/syscall.h"
#include "task/task.h"
#include "cpu/fred.h"

#define DEFINE(name, value) __asm__ volatile("\n.ascii \"->" #name " %c0\"" : : "i"(value))
#define PT_REGS(field)	    DEFINE(PT_REGS_##field, offsetof(struct pt_regs, field))
#define COST(field)	    DEFINE(COST_##field, offsetof(struct cost_operands, field))
#define PERCPU(field)	    DEFINE(PERCPU_##field, offsetof(struct percpu, field))

void asm_offsets(void);
void asm_offsets(void)
{
	PT_REGS(r15);
	PT_REGS(r14);
	PT_REGS(r13);
	PT_REGS(r12);
	PT_REGS(bp);
	PT_REGS(bx);
	PT_REGS(r11);
	PT_REGS(r10);
	PT_REGS(r9);
	PT_REGS(r8);
	PT_REGS(ax);
	PT_REGS(cx);
	PT_REGS(dx);
	PT_REGS(si);
	PT_REGS(di);
	PT_REGS(orig_ax);
	PT_REGS(ip);
	PT_REGS(cs);
	PT_REGS(flags);
	PT_REGS(sp);
	PT_REGS(ss);
	PT_REGS(ss_flags);
	DEFINE(FRED_FRAME_SIZE, sizeof(struct fred_frame));
	DEFINE(PT_REGS_SIZE, sizeof(struct pt_regs));
	DEFINE(NMI_IN_SERVICE, NMI_IN_SERVICE);
	DEFINE(SYSCALLS, SYSCALLS);
	DEFINE(TASK_work, offsetof(struct task, work));
	DEFINE(TASK_fast_calls, offsetof(struct task, fast_calls));
	DEFINE(TASK_idt_entry, offsetof(struct task, idt_entry));
	DEFINE(WORK_STEP, WORK_STEP);
	DEFINE(WORK_FAST_EXIT_MASK, WORK_FAST_EXIT_MASK);
	DEFINE(WORK_ENTRY_MASK, WORK_ENTRY_MASK);
	DEFINE(WORK_EXIT_MASK, WORK_EXIT_MASK);
	DEFINE(AREA_percpu, offsetof(struct cpu_entry_area, percpu));
	PERCPU(user_rsp);
	PERCPU(kernel_top);
	PERCPU(kernel_regs);
	PERCPU(kernel_cr3);
	PERCPU(user_cr3);
	PERCPU(trampoline_top);
	PERCPU(stack_bottom);
	PERCPU(erase_look);
	PERCPU(erase_mark);
	PERCPU(ministack);
	PERCPU(ministack_alias);
	PERCPU(stamp_ax);
	PERCPU(stamp_dx);
	PERCPU(stamps);
	DEFINE(STAMPS, STAMPS);
	PERCPU(has_smap);
	PERCPU(guest_ran);
	COST(value);
	COST(cr3_flush);
	COST(cr3_noflush);
	COST(msr);
	COST(value_is_base);
	COST(selector);
	DEFINE(COST_COPIES, EB_COST_COPIES);
	DEFINE(ENTRY_VARIANT_la57, offsetof(struct entry_variant, la57));
}
