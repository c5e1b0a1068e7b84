/* The task: its kernel stack, entering and leaving ring 3. */
#include "audit.h"
#include "cpu.h"
#include "entry_variant.h"
#include "erase.h"
#include "fpu.h"
#include "lib.h"
#include "mm.h"
#include "percpu.h"
#include "proc.h"
#include "segments.h"
#include "task.h"
#include "ways.h"

int enter_ring3(const struct pt_regs *regs, void (*return_to_user)(void));
__noreturn void leave_ring3(int status);

static struct task the_task;
struct task *current = &the_task;

static void poison_stack(struct task *task)
{
	for (u64 at = task->stack_bottom; at < task->stack_top; at += sizeof(u64))
		*(u64 *)at = STACK_POISON;
}

void task_init(void)
{
	struct task *task = current;
	u64 global = entry_variant.kpti == KPTI_OFF ? PTE_GLOBAL : 0;
	task->stack_top = KERNEL_STACKS + KERNEL_STACK_SLOT;
	task->stack_bottom = task->stack_top - KERNEL_STACK_SIZE;
	for (u64 at = task->stack_bottom; at < task->stack_top; at += PAGE_SIZE) {
		u64 page = phys_alloc();
		if (!page)
			panic(NULL, "out of memory for a kernel stack");
		map_kernel_page(kernel_table, at, page, PTE_PRESENT | PTE_WRITE | PTE_NX | global);
	}
	poison_stack(task);
	cpu_set_kernel_stack(task->stack_bottom, task->stack_top);
}

int run_user(const struct pt_regs *start)
{
	struct task *task = current;
	task->work = 0;
	task->tid = PROCESS_ID;
	task->clear_child_tid = task->robust_list = 0;
	poison_stack(task);
	*task_pt_regs(task) = *start;
	cpu_set_kernel_stack(task->stack_bottom, task->stack_top);
	fpu_reset();
	segments_reset();
	audit_reset();
	ways_reset();
	return enter_ring3(task_pt_regs(task), entry_variant.return_to_user);
}

void leave_user(int status)
{
	leave_ring3(status);
}
