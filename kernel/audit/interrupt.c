/*
 * eb_audit's interruptions: an NMI, a #DB or a #MC at one instruction, and whether all at one place
 * find the same.
 */
#include "audit/audit.h"
#include "cpu/cpu.h"
#include "cpu/machine_check.h"
#include "cpu/nmi.h"
#include "cpu/percpu.h"
#include "cpu/selectors.h"
#include "dev/dev.h"
#include "entry/erase.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/task.h"
#include "cpu/fred.h"
#include "entry/variant.h"

#define DR7_CLEAR   0x400ull
#define DR7_AT	    (2ull << 0) /* DR0; length and type 0: execution (SDM 3B 17.2.4) */
#define DR7_NMI_AT  (2ull << 2) /* DR1 */
#define DR7_WITNESS (2ull << 4) /* DR2 */
#define DR6_AT	    (1 << 0)
#define DR6_NMI_AT  (1 << 1)
#define DR6_WITNESS (1 << 2)
#define WAIT_ROUNDS 1000
#define ENDLESS	    10000 /* interruptions of one crossing: more than any loop can account for */

bool audit_armed;
static struct eb_interrupt wanted;
static struct eb_interrupted result;

/* What the breakpoints found: at `at`, at `nmi_at`. */
static struct eb_interruption found[2];

/*
 * To be pending at an instruction an NMI must be sent while NMIs are held back, which they are from
 * one NMI to the next IRET. So the first one is taken in the breakpoint's handler and returns
 * without IRET; the second then waits for the IRET of the breakpoint.
 */
static volatile enum { NMI_NONE, NMI_TO_HOLD_BACK, NMI_HELD_BACK } hold;
static bool keeps_nmis_out;
static u64 nmis_to_send;
static u64 breakpoint_enters_as = VECTOR_BP;
static bool nested_without_iret; /* the break in the NMI under test */

static bool nmi_finds_work; /* the next one of ring 3's */
static bool injection_awaited;

/*
 * tests/guest/inject stops at its first instruction, and sends what `what` says (enum eb_injection)
 * when the CPU comes to `address`; 0: no more. `leaves`: what comes behind it will not let the CPU
 * come back there.
 */
__attribute__((noinline)) void audit_injection_wanted(u64 address, u64 what, u64 leaves);
void audit_injection_wanted(u64 address, u64 what, u64 leaves)
{
	__asm__ volatile("nop" : : "r"(address), "r"(what), "r"(leaves));
}

static u64 witness_dr7(void)
{
	return DR7_CLEAR | (wanted.witness ? DR7_WITNESS : 0);
}

/* An interruption at `at`, from now on; `also`: breakpoints for something else. */
static void arm(u64 also)
{
	injection_awaited = wanted.injected;
	if (wanted.injected)
		audit_injection_wanted(wanted.at, wanted.injected, wanted.interrupt);
	write_dr7(witness_dr7() | also | (wanted.injected ? 0 : DR7_AT));
}

static void disarm(void)
{
	write_dr7(DR7_CLEAR);
	if (injection_awaited)
		audit_injection_wanted(0, EB_INJECT_NOTHING, false);
	injection_awaited = false;
}

static void wrong(u64 what, u64 ip, u64 got, u64 want)
{
	if (result.wrongs++)
		return;
	result.what = what;
	result.ip = ip;
	result.got = got;
	result.want = want;
}

static bool stack_is_right(const struct pt_regs *regs, unsigned vector, u64 sp)
{
	enum ist ist = vector == VECTOR_NMI ? IST_NMI : vector == VECTOR_DB ? IST_DB : IST_MC;
	u64 stack = (u64)CPU_ENTRY_AREA->ist[ist].stack;
	if (entry_variant.fred)
		return fred_stack_is_right(regs, vector, sp);
	if (from_user(regs))
		return sp - current->stack_bottom <= KERNEL_STACK_SIZE;
	return sp > stack && sp <= stack + IST_STACK_SIZE;
}

/* The handler's own surroundings: what every entry from anywhere must have made right. */
static void check_inside(const struct pt_regs *regs, unsigned vector)
{
	static u64 sp, flags;
	__asm__ volatile("mov %%rsp, %0; pushfq; popq %1" : "=m"(sp), "=m"(flags));
	if (rdmsr(MSR_GS_BASE) != (u64)this_cpu)
		wrong(EB_WRONG_GS_BASE, regs->ip, rdmsr(MSR_GS_BASE), (u64)this_cpu);
	if ((read_cr3() & PTE_ADDRESS) != kernel_table.root)
		wrong(EB_WRONG_CR3, regs->ip, read_cr3(), kernel_table.root);
	if (!stack_is_right(regs, vector, sp))
		wrong(EB_WRONG_STACK, regs->ip, sp, vector);
	if (flags & (FLAG_TF | FLAG_IF | FLAG_DF | FLAG_NT | FLAG_AC))
		wrong(EB_WRONG_FLAGS, regs->ip, flags, FLAG_FIXED);
	if (!from_user(regs) && (u16)regs->cs != KERNEL_CS)
		wrong(EB_WRONG_CS, regs->ip, regs->cs, KERNEL_CS);
}

static void look(struct eb_interruption *to, const struct pt_regs *regs, u64 cr3, u64 gs)
{
	audit_copy_regs(&to->regs, regs);
	to->regs.flags &= ~(u64)FLAG_RF; /* that is the breakpoint's way past itself */
	to->cr3 = cr3;
	to->gs = gs;
	to->kernel_gs_base = rdmsr(MSR_KERNEL_GS_BASE);
	to->cr2 = read_cr2();
}

static void compare(const struct eb_interruption *now, const struct eb_interruption *before)
{
	const u64 *a = (const u64 *)now, *b = (const u64 *)before;
	for (u64 i = 0; i < sizeof(*now) / sizeof(u64); i++)
		if (a[i] != b[i])
			wrong(EB_WRONG_WORD + i, now->regs.ip, a[i], b[i]);
}

static void hold_nmis_back(u64 ip)
{
	hold = NMI_TO_HOLD_BACK;
	apic_self_nmi(true);
	for (u64 i = 0; i < WAIT_ROUNDS && hold != NMI_HELD_BACK; i++)
		__builtin_ia32_pause();
	if (hold != NMI_HELD_BACK)
		wrong(EB_WRONG_NO_NMI, ip, 0, 0);
	hold = NMI_NONE;
	keeps_nmis_out = false; /* that was for the NMI alone */
}

/*
 * A breakpoint in the NMI under test: the next NMI is sent, and held back as long as that one is in
 * service.
 */
static void nest(const struct pt_regs *regs)
{
	result.nested++;
	nested_without_iret = nmi_in_service(regs);
	write_dr7(DR7_CLEAR | DR7_NMI_AT); /* no RF without IRET */
	cpu_divert_gate(VECTOR_NMI, VECTOR_NMI);
	apic_self_nmi(true);
}

/* At which of the places the CPU is, as in DR6; 0: none. */
static u64 place(const struct pt_regs *regs, unsigned vector)
{
	u64 dr6 = audit_take_dr6(regs, vector) & (DR6_AT | DR6_NMI_AT | DR6_WITNESS);
	if (dr6 || wanted.injected != EB_INJECT_MACHINE_CHECK || vector != VECTOR_MC)
		return dr6;
	if (!machine_check_take())
		wrong(EB_WRONG_NO_MCIP, regs->ip, 0, 0);
	injection_awaited = false;
	return DR6_AT;
}

/* Held back where the interruption has found IRQs off. */
static void raise_interrupt(void)
{
	if (wanted.interrupt)
		apic_self_ipi(VECTOR_MECHANISM, true);
	wanted.interrupt = false;
}

static void break_here(struct pt_regs *regs, unsigned vector, u64 dr6, u64 cr3, u64 gs)
{
	check_inside(regs, vector);
	look(&found[dr6 & DR6_AT ? 0 : 1], regs, cr3, gs);
	regs->flags |= FLAG_RF;
	if (dr6 & DR6_AT && wanted.nmi_at) {
		nest(regs);
		return;
	}
	result.breaks++;
	disarm();
	if (wanted.nmi_at)
		cpu_divert_gate(VECTOR_NMI, wanted.nmi_as);
	raise_interrupt();
	hold_nmis_back(regs->ip);
	if (entry_variant.fred)
		regs->ss_flags |= SS_NMI; /* what IRET does without being asked */
	nmis_to_send = wanted.nmi_at ? 0 : 1;
	apic_self_nmi(true); /* comes where this breakpoint returns to */
	if (wanted.nmi_at)
		arm(DR7_NMI_AT);
	else if (!wanted.injected && !wanted.stepped)
		arm(0);
	else
		write_dr7(witness_dr7());
}

static void take_nmi(struct pt_regs *regs, unsigned vector, u64 cr3, u64 gs)
{
	static struct eb_interruption now;
	if (hold == NMI_TO_HOLD_BACK) {
		hold = NMI_HELD_BACK;
		keeps_nmis_out = true;
		return;
	}
	if (nmi_finds_work && from_user(regs)) {
		nmi_finds_work = audit_armed = false;
		current->work |= WORK_RESCHED;
		return;
	}
	check_inside(regs, vector);
	look(&now, regs, cr3, gs);
	if (wanted.injected == EB_INJECT_NMI) {
		result.breaks++;
		injection_awaited = false;
		raise_interrupt();
		return;
	}
	result.nmis++;
	if (regs->ip == wanted.at && !(wanted.nmi_at && nested_without_iret))
		compare(&now, &found[0]);
	else if (regs->ip == wanted.nmi_at)
		compare(&now, &found[1]);
	else
		wrong(EB_WRONG_PLACE, regs->ip, regs->ip, wanted.at);
	if (nmis_to_send) {
		nmis_to_send--;
		apic_self_nmi(true); /* held back until this one's IRET */
	}
	if (wanted.breakpoint_in_nmi)
		__asm__ volatile("int3" : : : "memory");
}

static void witness(struct pt_regs *regs, unsigned vector)
{
	check_inside(regs, vector);
	result.witnessed++;
	regs->flags |= FLAG_RF;
}

bool audit_interruption(struct pt_regs *regs, unsigned vector, u64 cr3, u64 gs)
{
	keeps_nmis_out = false;
	if (!audit_armed)
		return false;
	if (result.breaks + result.nmis > ENDLESS)
		panic(regs, "interruptions without end");
	if (vector == VECTOR_NMI) {
		take_nmi(regs, vector, cr3, gs);
		return true;
	}
	if (vector != VECTOR_DB && vector != VECTOR_MC)
		return false;
	enum audit_step step = audit_step(regs, wanted.at);
	if (step == AUDIT_STEP)
		return true;
	u64 dr6 = step == AUDIT_STEP_THERE ? DR6_AT : place(regs, vector);
	if (dr6 & DR6_WITNESS)
		witness(regs, vector);
	else if (dr6)
		break_here(regs, vector, dr6, cr3, gs);
	else if (vector == wanted.nmi_as)
		take_nmi(regs, vector, cr3, gs);
	else
		return vector == breakpoint_enters_as;
	return true;
}

bool audit_keeps_nmis_out(void)
{
	return keeps_nmis_out;
}

s64 audit_interrupt(u64 from)
{
	if (!apic_present())
		return -ENODEV;
	if (!copy_from_user(&wanted, from, sizeof(wanted)))
		return -EFAULT;
	memset(&result, 0, sizeof(result));
	audit_armed = true;
	irq_disable(); /* as little as can be between here and the program */
	write_dr0(wanted.at);
	write_dr1(wanted.nmi_at);
	write_dr2(wanted.witness);
	write_dr6(DR6_CLEAR);
	if (wanted.nmi_at)
		write_dr7(DR7_CLEAR | DR7_NMI_AT);
	else if (wanted.stepped)
		audit_step_start();
	else
		arm(0);
	return 0;
}

s64 audit_interrupted(u64 to)
{
	disarm();
	audit_armed = false;
	cpu_divert_gate(VECTOR_NMI, VECTOR_NMI);
	return copy_to_user(to, &result, sizeof(result)) ? 0 : -EFAULT;
}

s64 audit_divert(u64 vector, u64 to)
{
	if (vector >= VECTOR_EXTERNAL || to >= VECTOR_EXTERNAL)
		return -EINVAL;
	cpu_divert_gate(vector, to);
	if (vector == VECTOR_BP)
		breakpoint_enters_as = to;
	return 0;
}

void audit_interrupt_stop(void)
{
	audit_armed = false;
	audit_divert(VECTOR_DB, VECTOR_DB);
	audit_divert(VECTOR_BP, VECTOR_BP);
	audit_divert(VECTOR_NMI, VECTOR_NMI);
}

/*
 * FRED: NMIs are held back up to ERETU, and one is pending; it will find work for its own way out.
 */
static void raise_nmi_in_ring3(void)
{
	audit_armed = true;
	hold_nmis_back(0);
	apic_self_nmi(true);
	nmi_finds_work = true;
	task_pt_regs(current)->ss_flags |= SS_NMI;
}

/* With IRQs off it waits for ring 3: the way out turns them on. */
static void send_int80(u64 how)
{
	if (how == EB_RAISE_IN_RING3)
		irq_disable();
	apic_self_ipi(VECTOR_INT80, true);
}

s64 audit_raise(u64 vector, u64 how)
{
	if (how == EB_RAISE_MARKED)
		stack_mark();
	if (vector == VECTOR_BP)
		__asm__ volatile("int3" : : : "memory");
	else if (vector == VECTOR_MECHANISM && audit_armed && wanted.stepped)
		audit_step_interrupt();
	else if (vector == VECTOR_MECHANISM)
		apic_self_ipi(VECTOR_MECHANISM, true); /* IRQs are on in a system call */
	else if (vector == VECTOR_INT80 && apic_present())
		send_int80(how);
	else if (vector == VECTOR_NMI && entry_variant.fred)
		raise_nmi_in_ring3();
	else
		return -EINVAL;
	return 0;
}
