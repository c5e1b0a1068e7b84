/*
 * What hit ring 0 on the last instruction of a way out, made ring 3's own (entry/return_fixup.S).
 */
#include "cpu/cpu.h"
#include "cpu/selectors.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "task/task.h"
#include "cpu/traps.h"

struct pt_regs *return_fixup_regs(struct pt_regs *fault);
void do_return_fixup(struct pt_regs *regs, unsigned vector);

/*
 * What a way out was about to load: the IRET frame's words. Not on the stack, which the new pt_regs
 * may overlap.
 */
static struct {
	u64 ip, cs, flags, sp, ss;
} next;

/*
 * IRETQ reads all five words, a far return lacks the flags: those are ring 3's already, but for the
 * RF that the fault set.
 */
static void read_iret_frame(const u64 *frame)
{
	next.ip = frame[0];
	next.cs = frame[1];
	next.flags = frame[2];
	next.sp = frame[3];
	next.ss = frame[4];
}

static void read_far_return(const u64 *frame, const struct pt_regs *fault)
{
	next.ip = frame[0];
	next.cs = frame[1];
	next.flags = fault->flags & ~(u64)FLAG_RF;
	next.sp = frame[2];
	next.ss = frame[3];
}

/* SYSEXIT: eip in edx, esp in ecx. */
static void read_sysexit(const struct pt_regs *fault)
{
	next.ip = (u32)fault->dx;
	next.cs = USER32_CS;
	next.flags = fault->flags & ~(u64)FLAG_RF;
	next.sp = (u32)fault->cx;
	next.ss = USER_DS;
}

/*
 * `fault` is the pt_regs of what came there: its registers are ring 3's, its sp points to what the
 * instruction pops. Returns the pt_regs that an entry from ring 3 would have made, on the kernel
 * stack. The two may overlap, the new one lying higher.
 */
struct pt_regs *return_fixup_regs(struct pt_regs *fault)
{
	struct pt_regs *regs = task_pt_regs(current);
	if (at_gate(fault->ip, entry_variant.call_gate))
		read_far_return((const u64 *)fault->sp, fault);
	else if (fault->ip == (u64)entry_variant.sysexit)
		read_sysexit(fault);
	else
		read_iret_frame((const u64 *)fault->sp);
	memmove(regs, fault, offsetof(struct pt_regs, ip));
	regs->ip = next.ip;
	regs->cs = next.cs | 3; /* it went to ring 3, or it would not have been taken for this */
	regs->flags = next.flags;
	regs->sp = next.sp;
	regs->ss = next.ss;
	return regs;
}

void do_return_fixup(struct pt_regs *regs, unsigned vector)
{
	if (vector < VECTOR_EXTERNAL)
		do_exception(regs, vector);
	else
		do_interrupt(regs, vector);
}
