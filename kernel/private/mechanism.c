/*
 * eb_mechanism: what a benchmark of an unusual way in arranges first
 * (include/entrybench/mechanism.h).
 */
#include "cpu/cpu.h"
#include "cpu/percpu.h"
#include "dev/dev.h"
#include "lib/lib.h"
#include "private/mechanism.h"
#include "syscall/syscall.h"
#include "task/task.h"

_Static_assert((int)EB_MECHANISM_NUMBER == (int)SYS_eb_mechanism, "one number, written twice");

struct mechanism mechanism;

/* The longest instruction there is (SDM 2A 2.3.11). */
#define MAX_INSTRUCTION 15

/*
 * Reported after the instruction that causes them, so that going on at once makes sense (SDM 3A
 * table 6-1).
 */
#define TRAPS (1u << VECTOR_DB | 1u << VECTOR_BP | 1u << VECTOR_OF)

/* Not the program's own doing. */
#define NOT_RING3S (1u << VECTOR_NMI | 1u << VECTOR_DF | 1u << VECTOR_MC)

void mechanism_reset(void)
{
	memset(&mechanism, 0, sizeof(mechanism));
	apic_timer_stop();
	cpu_open_gates(false);
}

static s64 set_landing_pad(u64 address)
{
	if (address >> 32)
		return -EINVAL;
	mechanism.landing_pad = address;
	return 0;
}

static s64 set_fixup(u64 vector, u64 length)
{
	if (vector >= ARRAY_SIZE(mechanism.fixup_length) || NOT_RING3S >> vector & 1)
		return -EINVAL;
	if (length > MAX_INSTRUCTION || (!length && !(TRAPS >> vector & 1)))
		return -EINVAL;
	mechanism.fixup_length[vector] = length;
	mechanism.fixups |= 1u << vector;
	return 0;
}

/* IRQs stay off from here to ring 3: the interrupt arrives there, not in the rest of this call. */
static s64 self_ipi(bool send)
{
	if (!apic_present())
		return -ENODEV;
	irq_disable();
	apic_self_ipi(VECTOR_MECHANISM, send);
	return 0;
}

/* It arrives here, in ring 0: no flag holds it back. */
static s64 self_nmi(bool send)
{
	if (!apic_present())
		return -ENODEV;
	irq_disable();
	mechanism.nmi_awaited = send;
	apic_self_nmi(send);
	while (mechanism.nmi_awaited)
		__builtin_ia32_pause();
	return 0;
}

static s64 timer(u64 ticks)
{
	if (!apic_present())
		return -ENODEV;
	if (ticks >> 32)
		return -EINVAL;
	irq_disable();
	if (ticks)
		apic_timer_start(VECTOR_MECHANISM, ticks);
	else
		apic_timer_stop();
	return 0;
}

static s64 set_work(u64 work)
{
	if (work & ~(u64)(EB_WORK_ENTRY | EB_WORK_EXIT))
		return -EINVAL;
	task_trace(work & EB_WORK_ENTRY, work & EB_WORK_EXIT);
	return 0;
}

static s64 open_gates(bool open)
{
	mechanism.gates_open = open;
	cpu_open_gates(open);
	return 0;
}

s64 sys_eb_mechanism(struct pt_regs *regs)
{
	switch (regs->di) {
	case EB_MECHANISM_LANDING_PAD:
		return set_landing_pad(regs->si);
	case EB_MECHANISM_FIXUP:
		return set_fixup(regs->si, regs->dx);
	case EB_MECHANISM_FIXUPS:
		return mechanism.fixup_count;
	case EB_MECHANISM_SELF_IPI:
		return self_ipi(regs->si);
	case EB_MECHANISM_SELF_NMI:
		return self_nmi(regs->si);
	case EB_MECHANISM_TIMER:
		return timer(regs->si);
	case EB_MECHANISM_INTERRUPTS:
		return mechanism.interrupt_count;
	case EB_MECHANISM_WORK:
		return set_work(regs->si);
	case EB_MECHANISM_GATES:
		return open_gates(regs->si);
	case EB_MECHANISM_SHADOW_STACK:
		return shstk_prctl(ARCH_SHSTK_ENABLE, SHSTK_ON);
	}
	return -EINVAL;
}
