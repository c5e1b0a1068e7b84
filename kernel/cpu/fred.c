/* FRED: switching it on, and the dispatchers behind its two entries (entry/fred.S). */
#include "cpu/fred.h"
#include "cpu/cpu.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "cpu/percpu.h"
#include "cpu/selectors.h"
#include "syscall/syscall.h"
#include "task/task.h"
#include "cpu/traps.h"
#include "private/mechanism.h"

#define EVENT(type, vector) ((type) << EVENT_TYPE_SHIFT | (vector))

/* What every SYSCALL of 64-bit code is that has no prefix. */
#define EVENT_SYSCALL_64                                                                           \
	(EVENT(EVENT_FAST_CALL, FAST_CALL_SYSCALL) | EVENT_LONG_MODE | 2u << EVENT_LENGTH_SHIFT)

static unsigned event_vector(const struct pt_regs *regs)
{
	return regs->event & 0xff;
}

static unsigned event_type(const struct pt_regs *regs)
{
	return regs->event >> EVENT_TYPE_SHIFT & 0xf;
}

bool fred_is_system_call(const struct pt_regs *regs)
{
	return event_type(regs) == EVENT_FAST_CALL ||
	       (event_type(regs) == EVENT_SOFTWARE_INTERRUPT && event_vector(regs) == VECTOR_INT80);
}

/* ---- stacks ---- */

/*
 * Ring 0's: a #DB may come in anything but NMI, #MC and #DF, an NMI or #MC in anything but #DF.
 * Ring 3's events are on level 0.
 */
static const u8 level_of[VECTOR_EXTERNAL] = {
    [VECTOR_DB] = 1, [VECTOR_NMI] = 2, [VECTOR_MC] = 2, [VECTOR_DF] = 3};
static const enum ist stack_of[] = {IST_NONE, IST_DB, IST_NMI, IST_DF};

static u64 stack_levels(void)
{
	u64 levels = 0;
	for (unsigned vector = 0; vector < VECTOR_EXTERNAL; vector++)
		levels |= (u64)level_of[vector] << 2 * vector;
	return levels;
}

void fred_divert(unsigned vector, unsigned to)
{
	u64 levels = rdmsr(MSR_FRED_STACK_LEVELS) & ~(3ull << 2 * vector);
	wrmsr(MSR_FRED_STACK_LEVELS, levels | (u64)level_of[to] << 2 * vector);
}

/*
 * An event of ring 0 never comes on a lower level than the code that it interrupts (cs has that
 * one's).
 */
bool fred_stack_is_right(const struct pt_regs *regs, unsigned vector, u64 sp)
{
	u64 level = rdmsr(MSR_FRED_CONFIG) & FRED_CONFIG_LEVEL_MASK;
	u64 before = regs->cs >> 16 & 3, own = rdmsr(MSR_FRED_STACK_LEVELS) >> 2 * vector & 3;
	if (from_user(regs))
		return level == 0 && sp - current->stack_bottom <= KERNEL_STACK_SIZE;
	if (level == 0 || level != (before > own ? before : own))
		return false;
	return sp - (u64)CPU_ENTRY_AREA->ist[stack_of[level]].stack <= IST_STACK_SIZE;
}

void fred_init(void)
{
	/* CS and SS of both directions come from where SYSCALL and SYSRET have them */
	wrmsr(MSR_STAR, (u64)USER32_CS << 48 | (u64)KERNEL_CS << 32);
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE);
	for (unsigned level = 1; level < ARRAY_SIZE(stack_of); level++)
		wrmsr(MSR_FRED_RSP + level,
		      (u64)CPU_ENTRY_AREA->ist[stack_of[level]].stack + IST_STACK_SIZE);
	wrmsr(MSR_FRED_STACK_LEVELS, stack_levels());
	wrmsr(MSR_FRED_CONFIG, (u64)entry_variant.fred); /* interrupts on level 0, no red zone */
	write_cr4(read_cr4() | CR4_FRED);
}

/* ---- from ring 3 ---- */

/* The instruction itself is refused: RIP points to it, as with a fault. */
static void refuse(struct pt_regs *regs, unsigned vector, u64 error_code)
{
	regs->ip -= regs->event >> EVENT_LENGTH_SHIFT;
	regs->ss_flags &= ~SS_SOFTWARE;
	regs->event = EVENT(EVENT_EXCEPTION, vector);
	regs->orig_ax = error_code;
	fred_exception(regs, vector);
}

static void number_to_orig_ax(struct pt_regs *regs)
{
	regs->orig_ax = regs->ax;
	regs->ax = -ENOSYS;
}

/* Its second argument comes in ebp, since elsewhere SYSCALL spends ecx. */
static __attribute__((noinline)) void syscall_32(struct pt_regs *regs)
{
	u64 cx = regs->cx;
	number_to_orig_ax(regs);
	regs->cx = regs->bp;
	do_syscall_32(regs);
	regs->cx = cx;
}

static void fast_call(struct pt_regs *regs)
{
	bool is_64_bit = regs->event & EVENT_LONG_MODE;
	if (event_vector(regs) == FAST_CALL_SYSCALL && is_64_bit) {
		number_to_orig_ax(regs);
		do_syscall_64(regs, (u32)regs->orig_ax);
	} else if (event_vector(regs) == FAST_CALL_SYSCALL) {
		syscall_32(regs);
	} else if (!is_64_bit) {
		number_to_orig_ax(regs);
		do_sysenter(regs);
	} else {
		refuse(regs, VECTOR_UD, 0); /* its way back leads to 32-bit code */
	}
}

/*
 * INT n: no gate says which ones ring 3 may use. Refused as a gate would, with its vector in the
 * error code (SDM 3A 6.13).
 */
static void software_interrupt(struct pt_regs *regs, unsigned vector)
{
	switch (vector) {
	case VECTOR_INT80:
		number_to_orig_ax(regs);
		do_int80(regs);
		return;
	case VECTOR_BP:
	case VECTOR_OF:
		fred_exception(regs, vector);
		return;
	case EB_INTERRUPT_GATE:
		if (mechanism.gates_open)
			return;
	}
	refuse(regs, VECTOR_GP, vector << 3 | 2);
}

static __attribute__((noinline)) void other_event(struct pt_regs *regs)
{
	unsigned vector = event_vector(regs), type = event_type(regs);
	if (type == EVENT_EXCEPTION || type == EVENT_INT1 || type == EVENT_SOFTWARE_EXCEPTION) {
		fred_exception(regs, vector);
	} else if (type == EVENT_INTERRUPT) {
		regs->orig_ax = -1; /* no system call to restart */
		do_interrupt(regs, vector);
	} else if (type == EVENT_SOFTWARE_INTERRUPT) {
		software_interrupt(regs, vector);
	} else if (type == EVENT_FAST_CALL) {
		fast_call(regs);
	} else if (type == EVENT_NMI) {
		fred_nmi(regs);
	} else {
		panic(regs, "FRED event %x, which there is not", regs->event);
	}
}

void do_fred_ring3(struct pt_regs *regs)
{
	if (unlikely(regs->event != EVENT_SYSCALL_64)) {
		other_event(regs);
		return;
	}
	number_to_orig_ax(regs);
	do_syscall_64(regs, (u32)regs->orig_ax);
}

/*
 * The same without the table. A SYSCALL with a prefix, which other_event() would give to the table,
 * is one by all but its length.
 */
void do_fred_ring3_switch(struct pt_regs *regs)
{
	const u32 kind = (1u << EVENT_LENGTH_SHIFT) - 1;
	if (unlikely((regs->event & kind) != (EVENT_SYSCALL_64 & kind))) {
		other_event(regs);
		return;
	}
	number_to_orig_ax(regs);
	do_syscall_64_switch(regs, (u32)regs->orig_ax);
}

/* ---- from ring 0 ---- */

/*
 * ERETU has refused the frame: that is ring 3's doing, and all registers but GS are ring 3's
 * already. So the frame, made one of this event, goes to where ring 3's events have theirs, and
 * ERETS to their entry. What let NMIs in lets them in now.
 */
static void fixup_eretu(struct pt_regs *fault)
{
	struct pt_regs *regs = task_pt_regs(current);
	memmove(&regs->orig_ax, (const void *)fault->sp,
		sizeof(struct fred_frame) - offsetof(struct pt_regs, orig_ax));
	fault->ss_flags |= regs->ss_flags & SS_NMI;
	regs->ss_flags = 0;
	regs->orig_ax = fault->orig_ax;
	regs->event = fault->event;
	fault->sp = (u64)&regs->orig_ax;
	fault->ip = (u64)entry_variant.fred;
}

static void exception(struct pt_regs *regs, unsigned vector)
{
	if (level_of[vector])
		fred_paranoid(regs, vector);
	else if (regs->ip == (u64)entry_variant.eretu)
		fixup_eretu(regs);
	else
		fred_exception_in_ring0(regs, vector);
}

void do_fred_ring0(struct pt_regs *regs)
{
	unsigned vector = event_vector(regs);
	switch (event_type(regs)) {
	case EVENT_INTERRUPT:
		do_interrupt(regs, vector);
		return;
	case EVENT_NMI:
		fred_paranoid(regs, vector);
		return;
	case EVENT_EXCEPTION:
	case EVENT_SOFTWARE_EXCEPTION:
		if (vector < VECTOR_EXTERNAL) {
			exception(regs, vector);
			return;
		}
	}
	panic(regs, "FRED event %x in ring 0", regs->event);
}
