/* Tasks: making them with their kernel stacks, entering and leaving ring 3. */
#include "audit/audit.h"
#include "cpu/cpu.h"
#include "cpu/percpu.h"
#include "entry/erase.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "memory/vm.h"
#include "mm/mm.h"
#include "private/mechanism.h"
#include "syscall/syscall.h"
#include "task/fpu.h"
#include "task/process.h"
#include "task/task.h"
#include "thread/futex.h"
#include "thread/ldt.h"

int enter_ring3(const struct pt_regs *regs, void (*return_to_user)(void));
__noreturn void leave_ring3(int status);
void task_first_turn(void);
void *do_first_turn(struct pt_regs *regs);

struct task tasks[MAX_TASKS], *current = tasks;
_Static_assert(MAX_TASKS *KERNEL_STACK_SLOT <= KERNEL_STACKS_SIZE, "a slot for each");

static u32 next_tid;

static void poison_stack(struct task *task)
{
	for (u64 at = task->stack_bottom; at < task->stack_top; at += sizeof(u64))
		*(u64 *)at = STACK_POISON;
}

static struct task *ended;

void task_ended(struct task *task)
{
	ended = task;
}

void task_erase_ended(void)
{
	if (ended)
		poison_stack(ended);
	ended = NULL;
}

/* The stack and the page for FPU state stay with their slot in `tasks` for good. */
static bool map_stack(struct task *task)
{
	u64 global = entry_variant.kpti == KPTI_OFF ? PTE_GLOBAL : 0;
	u64 fpu_page = phys_alloc();
	u64 top = KERNEL_STACKS + (task - tasks + 1) * KERNEL_STACK_SLOT;
	u64 bottom = top - KERNEL_STACK_SIZE;
	if (!fpu_page)
		return false;
	for (u64 at = bottom; at < top; at += PAGE_SIZE) {
		u64 page = phys_alloc();
		if (!page)
			return false;
		map_kernel_page(kernel_table, at, page, PTE_PRESENT | PTE_WRITE | PTE_NX | global);
	}
	task->fpu = phys_to_virt(fpu_page);
	task->stack_bottom = bottom;
	task->stack_top = top - entry_variant.above_regs;
	return true;
}

void task_init(void)
{
	if (!map_stack(&tasks[0]))
		panic(NULL, "out of memory for a kernel stack");
	poison_stack(&tasks[0]);
	cpu_set_kernel_stack(tasks[0].stack_bottom, tasks[0].stack_top);
}

/* All but what belongs to the slot. */
static void clear(struct task *task)
{
	u64 bottom = task->stack_bottom, top = task->stack_top;
	void *fpu_page = task->fpu;
	memset(task, 0, sizeof(*task));
	task->stack_bottom = bottom;
	task->stack_top = top;
	task->fpu = fpu_page;
	task->signal_stack = NO_SIGNAL_STACK;
	task->fast_calls = SYSCALLS;
	if (vm_last_page_used)
		task->work = WORK_LAST_PAGE;
}

static struct task *free_task(void)
{
	for (unsigned i = 0; i < MAX_TASKS; i++)
		if (tasks[i].state == TASK_FREE)
			return tasks[i].stack_top || map_stack(&tasks[i]) ? &tasks[i] : NULL;
	return NULL;
}

/* As switch_stack() leaves one: six registers and where to go on, below pt_regs. */
static u64 first_frame(const struct task *task)
{
	u64 *sp = (u64 *)task_pt_regs(task) - 7;
	memset(sp, 0, 6 * sizeof(*sp));
	sp[6] = (u64)task_first_turn;
	return (u64)sp;
}

BIG_FRAME_BEGIN
struct task *task_create(const struct pt_regs *regs)
{
	struct task *task = free_task();
	stack_mark();
	if (!task)
		return NULL;
	clear(task);
	task->tid = next_tid++;
	poison_stack(task);
	*task_pt_regs(task) = *regs;
	task->kernel_sp = first_frame(task);
	return task;
}
BIG_FRAME_END

/* From task_first_turn() in switch.S, which then leaves by what this returns. IRQs are off. */
void *do_first_turn(struct pt_regs *regs)
{
	task_erase_ended();
	exit_work(regs);
	return entry_variant.return_to_user;
}

void task_trace(bool entry, bool exit)
{
	current->work &= ~(WORK_ENTRY_TRACE | WORK_EXIT_TRACE);
	if (entry)
		current->work |= WORK_ENTRY_TRACE;
	if (exit)
		current->work |= WORK_EXIT_TRACE;
	current->fast_calls = current->work & WORK_ENTRY_MASK ? 0 : SYSCALLS;
}

void tasks_watch_last_page(void)
{
	for (unsigned i = 0; i < MAX_TASKS; i++)
		tasks[i].work |= WORK_LAST_PAGE;
}

struct task *task_find(u32 tid)
{
	for (unsigned i = 0; i < MAX_TASKS; i++)
		if (tasks[i].state != TASK_FREE && tasks[i].tid == tid)
			return &tasks[i];
	return NULL;
}

unsigned tasks_alive(void)
{
	unsigned n = 0;
	for (unsigned i = 0; i < MAX_TASKS; i++)
		n += tasks[i].state != TASK_FREE;
	return n;
}

int run_user(const struct pt_regs *start)
{
	static const struct segments none;
	struct task *task = current = &tasks[0];
	irq_disable();
	clear(task);
	next_tid = PROCESS_ID;
	task->tid = next_tid++;
	task->state = TASK_READY;
	sched_reset();
	signals_reset();
	futex_reset();
	audit_reset();
	mechanism_reset();
	for (unsigned i = 0; i < MAX_TASKS; i++)
		if (tasks[i].stack_top)
			poison_stack(&tasks[i]);
	*task_pt_regs(task) = *start;
	cpu_set_kernel_stack(task->stack_bottom, task->stack_top);
	fpu_reset();
	shstk_reset();
	segments_load(&none);
	ldt_reset();
	return enter_ring3(task_pt_regs(task), entry_variant.return_to_user);
}

/* An interrupt that is on its way already comes here, not in the next program. */
void leave_user(int status)
{
	irq_disable();
	timers_reset();
	irq_enable();
	__asm__ volatile("nop");
	irq_disable();
	for (unsigned i = 0; i < MAX_TASKS; i++)
		tasks[i].state = TASK_FREE;
	leave_ring3(status);
}
