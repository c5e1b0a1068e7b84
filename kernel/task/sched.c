/*
 * Taking turns: a queue of the tasks that are ready, and what a task does that has nothing to do.
 */
#include <entrybench/record.h>

#include "cpu/cpu.h"
#include "cpu/percpu.h"
#include "dev/dev.h"
#include "lib/lib.h"
#include "syscall/syscall.h"
#include "task/fpu.h"
#include "task/process.h"
#include "task/task.h"

/* How long a task runs while others are ready. */
#define TURN_NS 4000000ull

/*
 * switch.S: pushes what C preserves, leaves the stack pointer in *from, and goes on where `to` was
 * left.
 */
void switch_stack(u64 *from, u64 to);

static struct task *ready_first, *ready_last; /* without the current one */
static struct timer turn;
static u64 turn_start;

static void turn_over(struct timer *timer)
{
	(void)timer;
	current->work |= WORK_RESCHED;
}

void sched_reset(void)
{
	ready_first = ready_last = NULL;
	turn = (struct timer){.fire = turn_over};
	turn_start = clock_ns();
}

static void push(struct task *task)
{
	task->next = NULL;
	if (ready_first)
		ready_last->next = task;
	else
		ready_first = task;
	ready_last = task;
}

static struct task *pop(void)
{
	struct task *task = ready_first;
	if (task)
		ready_first = task->next;
	return task;
}

void task_ready(struct task *task)
{
	task->state = TASK_READY;
	push(task);
	if (!turn.armed)
		timer_set(&turn, clock_after(TURN_NS));
}

u64 idle_ticks;

/* As plan_clock(): between two readings the CPU waits, and the ledger counts what it executes. */
static __attribute__((noinline)) u64 idle_clock(void)
{
	u32 low, high;
	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (u64)high << 32 | low;
}

static void halt(void)
{
	u64 began = idle_clock();
	__asm__ volatile("sti; hlt; cli" : : : "memory");
	idle_ticks += idle_clock() - began;
}

/*
 * Until a timer makes a task ready. One that waits for nothing that can come would wait for ever.
 */
static void idle(void)
{
	if (!timers_pending()) {
		record_begin(EB_TYPE_FAULT);
		record_text("what", "every thread waits, and nothing is left to wake one");
		record_end();
		leave_user(TASK_KILLED + SIGKILL);
	}
	if (apic_present())
		halt();
	timers_run();
}

/*
 * The last steps have no stack_mark() below them: it would take the new task's mark for the old
 * one's stack.
 */
static void switch_to(struct task *next)
{
	struct task *before = current;
	if (next == before)
		return;
	rseq_switched(before);
	fpu_save(before->fpu);
	if (unlikely(before->shstk.features | next->shstk.features))
		shstk_switch(&before->shstk, &next->shstk);
	segments_save(&before->segments);
	segments_load(&next->segments);
	fpu_restore(next->fpu);
	before->erase_mark = this_cpu->erase_mark;
	before->user_rsp = this_cpu->user_rsp;
	current = next;
	cpu_set_kernel_stack(next->stack_bottom, next->stack_top);
	this_cpu->erase_mark = next->erase_mark;
	this_cpu->user_rsp = next->user_rsp;
	if (before->state == TASK_FREE)
		task_ended(before);
	switch_stack(&before->kernel_sp, next->kernel_sp);
	task_erase_ended();
}

static void account(void)
{
	u64 now = clock_ns();
	current->cpu_ns += now - turn_start;
	process.cpu_ns += now - turn_start;
	turn_start = now;
}

void schedule(void)
{
	struct task *next;
	bool goes_on = current->state == TASK_READY;
	irq_disable();
	current->work &= ~WORK_RESCHED;
	account();
	timers_run(); /* may end the current one's wait */
	if (goes_on)
		push(current);
	while (!(next = pop()))
		idle();
	turn_start = clock_ns();
	if (ready_first)
		timer_set(&turn, clock_after(TURN_NS));
	else
		timer_cancel(&turn);
	switch_to(next);
}

u64 task_cpu_ns(void)
{
	return current->cpu_ns + (clock_ns() - turn_start);
}

u64 process_cpu_ns(void)
{
	return process.cpu_ns + (clock_ns() - turn_start);
}

/* ---- waiting ---- */

static void time_out(struct timer *timer)
{
	struct task *task = (struct task *)((u8 *)timer - offsetof(struct task, timeout));
	task->timed_out = true;
	task_wake(task);
	if (current != task && current->state == TASK_READY)
		current->work |=
		    WORK_RESCHED; /* as on Linux: who has slept need not wait for a turn's end */
}

s64 task_wait(u64 deadline)
{
	struct task *task = current;
	task->woken = task->timed_out = false;
	if (!signal_is_pending(task)) {
		task->timeout.fire = time_out;
		task->state = TASK_WAITING;
		timer_set(&task->timeout, deadline);
		schedule();
		timer_cancel(&task->timeout);
		irq_enable();
	}
	if (task->timed_out)
		return -ETIMEDOUT;
	return task->woken ? 0 : -EINTR;
}

void task_wake(struct task *task)
{
	if (task->state != TASK_WAITING)
		return;
	task->woken = true;
	task_ready(task);
}

void task_interrupt(struct task *task)
{
	if (task->state == TASK_WAITING)
		task_ready(task);
}
