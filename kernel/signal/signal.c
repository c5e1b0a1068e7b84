/*
 * Signals from the moment they are sent to the moment they are taken: actions, what is blocked,
 * what is pending.
 */
#include "entry/erase.h"
#include "lib/lib.h"
#include "signal/signal.h"
#include "syscall/syscall.h"
#include "task/process.h"
#include "task/task.h"

/* Handled before others: they tell of what the task itself has just done. */
#define SYNCHRONOUS                                                                                \
	(SIGSET(SIGSEGV) | SIGSET(SIGBUS) | SIGSET(SIGILL) | SIGSET(SIGTRAP) | SIGSET(SIGFPE) |    \
	 SIGSET(SIGSYS))
#define IGNORED_BY_DEFAULT (SIGSET(SIGCHLD) | SIGSET(SIGCONT) | SIGSET(SIGURG) | SIGSET(SIGWINCH))

#define RECORDS 256
struct signal_record {
	struct signal_record *next;
	struct signal_info info;
};
static struct signal_record records[RECORDS], *free_records;

void signals_reset(void)
{
	free_records = NULL;
	for (unsigned i = 0; i < RECORDS; i++) {
		records[i].next = free_records;
		free_records = &records[i];
	}
}

bool signal_is_ignored(int signal)
{
	u64 handler = process.actions[signal - 1].handler;
	return handler == SIG_IGN || (handler == SIG_DFL && IGNORED_BY_DEFAULT & SIGSET(signal));
}

/* ---- sending ---- */

/* Keeps what is known of the signal behind all others; false when there is no room. */
static bool keep(struct signal_pending *pending, const struct signal_info *info)
{
	struct signal_record *record = free_records, **at = &pending->first;
	if (!record)
		return false;
	free_records = record->next;
	record->next = NULL;
	record->info = *info;
	while (*at)
		at = &(*at)->next;
	*at = record;
	return true;
}

/*
 * Whether the task would have to do with the signal now: by a handler, or because it waits for it.
 */
static bool takes(const struct task *task, int signal)
{
	return !(task->blocked & ~task->awaited & SIGSET(signal));
}

bool signal_is_pending(const struct task *task)
{
	return (task->pending.set | process.pending.set) & (~task->blocked | task->awaited);
}

void signal_recalculate(struct task *task)
{
	if (signal_is_pending(task))
		task->work |= WORK_SIGNAL;
}

/*
 * The task to disturb with a signal sent to the process: the first one where it can, as on Linux.
 */
static struct task *taker(int signal)
{
	for (unsigned i = 0; i < MAX_TASKS; i++)
		if (tasks[i].state != TASK_FREE && takes(&tasks[i], signal))
			return &tasks[i];
	return NULL;
}

/*
 * Whether the task that was meant, or the first one, blocks it or waits for it: then even an
 * ignored one is kept.
 */
static bool is_blocked(const struct task *task, int signal)
{
	if (!task)
		task = &tasks[0];
	return (task->blocked | task->awaited) & SIGSET(signal);
}

s64 signal_send(struct task *task, const struct signal_info *info)
{
	int signal = info->signal;
	struct signal_pending *pending = task ? &task->pending : &process.pending;
	if (signal_is_ignored(signal) && !is_blocked(task, signal))
		return 0;
	if (signal < SIGRTMIN && pending->set & SIGSET(signal))
		return 0; /* a standard signal is pending once */
	if (!keep(pending, info) && signal >= SIGRTMIN && info->code != SI_USER)
		return -EAGAIN;
	pending->set |= SIGSET(signal);
	if (!task)
		task = taker(signal);
	if (task && takes(task, signal)) {
		task->work |= WORK_SIGNAL;
		task_interrupt(task);
	}
	return 0;
}

BIG_FRAME_BEGIN
void signal_force(int signal, int code, u64 address)
{
	struct signal_info info = {.signal = signal, .code = code, .first = address};
	struct signal_action *action = &process.actions[signal - 1];
	stack_mark();
	if (action->handler == SIG_IGN || current->blocked & SIGSET(signal))
		action->handler = SIG_DFL;
	current->blocked &= ~SIGSET(signal);
	signal_send(current, &info);
	signal_recalculate(current);
}
BIG_FRAME_END

void signal_force_default(int signal)
{
	process.actions[signal - 1].handler = SIG_DFL;
	signal_force(signal, SI_KERNEL, 0);
}

/* ---- taking ---- */

/*
 * Fills `info` from the oldest record of the signal, which goes; whether there is another one of
 * it.
 */
static bool take_record(struct signal_pending *pending, int signal, struct signal_info *info)
{
	struct signal_record **at = &pending->first, *record;
	memset(info, 0, sizeof(*info));
	info->signal = signal; /* where there was no room for more */
	while (*at && (*at)->info.signal != signal)
		at = &(*at)->next;
	record = *at;
	if (!record)
		return false;
	*info = record->info;
	*at = record->next;
	record->next = free_records;
	free_records = record;
	for (record = *at; record; record = record->next)
		if (record->info.signal == signal)
			return true;
	return false;
}

static bool take_from(struct signal_pending *pending, sigset_t set, struct signal_info *info)
{
	set &= pending->set;
	if (!set)
		return false;
	if (set & SYNCHRONOUS)
		set &= SYNCHRONOUS;
	int signal = __builtin_ctzll(set) + 1;
	if (!take_record(pending, signal, info))
		pending->set &= ~SIGSET(signal);
	return true;
}

bool signal_take(sigset_t set, struct signal_info *info)
{
	return take_from(&current->pending, set, info) || take_from(&process.pending, set, info);
}

/* ---- changes ---- */

void signal_set_blocked(sigset_t blocked)
{
	current->blocked = blocked & ~UNBLOCKABLE;
	signal_recalculate(current);
}

static void forget(struct signal_pending *pending, sigset_t set)
{
	struct signal_record **at = &pending->first, *record;
	pending->set &= ~set;
	while ((record = *at)) {
		if (set & SIGSET(record->info.signal)) {
			*at = record->next;
			record->next = free_records;
			free_records = record;
		} else {
			at = &record->next;
		}
	}
}

/* A signal that becomes ignored is no longer pending (POSIX). */
void signal_set_action(int signal, const struct signal_action *action)
{
	process.actions[signal - 1] = *action;
	process.actions[signal - 1].mask &= ~UNBLOCKABLE;
	if (!signal_is_ignored(signal))
		return;
	forget(&process.pending, SIGSET(signal));
	for (unsigned i = 0; i < MAX_TASKS; i++)
		if (tasks[i].state != TASK_FREE)
			forget(&tasks[i].pending, SIGSET(signal));
}

void signal_forget(struct task *task)
{
	forget(&task->pending, ~0ull);
}
