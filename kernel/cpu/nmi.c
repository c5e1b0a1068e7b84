/*
 * NMIs do not nest: whoever interrupts one goes back to it without IRET, which would let the next
 * one in.
 */
#include "cpu/cpu.h"
#include "cpu/nmi.h"
#include "cpu/percpu.h"
#include "entry/variant.h"
#include "mm/layout.h"

/* What entry_nmi writes above its frame while that is in use (entry/paranoid.S). */
static volatile u8 *in_service(void)
{
	return CPU_ENTRY_AREA->ist[IST_NMI].stack + IST_STACK_SIZE - NMI_STACK_RESERVED +
	       NMI_IN_SERVICE - sizeof(struct pt_regs);
}

/*
 * Whether `regs` interrupted an NMI, or something that did, before the frame on the NMI stack had
 * served its purpose.
 */
bool nmi_in_service(const struct pt_regs *regs)
{
	const struct entry_variant *v = &entry_variant;
	u64 stub = (u64)v->vector_stubs + VECTOR_NMI * VECTOR_STUB_SIZE;
	if (*in_service())
		return true;
	/* the few instructions before it is set, and the one after it is cleared */
	return (regs->ip >= stub && regs->ip < stub + VECTOR_STUB_SIZE) ||
	       regs->ip == (u64)v->nmi || regs->ip == (u64)v->nmi_iret;
}

/*
 * Where an NMI is in service the stack interrupted is one of the kernel's, mapped in both tables,
 * with nothing below its pointer. There the way out without IRET finds what POPs and a RET load. RF
 * it cannot load: a breakpoint on the very instruction is switched off, or it would hit for ever.
 */
void return_without_iret(struct pt_regs *regs)
{
	u64 *sp = (u64 *)regs->sp - 3;
	sp[0] = regs->di;
	sp[1] = regs->flags;
	sp[2] = regs->ip;
	/* at no instruction may rsp lie above them: the next to interrupt would write there */
	regs->sp = (u64)sp;
}
