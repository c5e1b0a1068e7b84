/* Exceptions of ring 3 as signals: which one, with which code and address, as Linux has them. */
#include <entrybench/record.h>

#include "audit/audit.h"
#include "cpu/cpu.h"
#include "lib/lib.h"
#include "memory/vm.h"
#include "signal/fault.h"
#include "signal/signal.h"
#include "task/process.h"
#include "task/task.h"

/* Where si_code says nothing by itself it is SI_KERNEL, and there is no address. */
static const struct {
	int signal, code;
} faults[VECTOR_EXTERNAL] = {
    [VECTOR_DE] = {SIGFPE, FPE_INTDIV},	 [VECTOR_DB] = {SIGTRAP, TRAP_TRACE},
    [VECTOR_NMI] = {SIGKILL, SI_KERNEL}, [VECTOR_BP] = {SIGTRAP, SI_KERNEL},
    [VECTOR_OF] = {SIGSEGV, SI_KERNEL},	 [VECTOR_BR] = {SIGSEGV, SI_KERNEL},
    [VECTOR_UD] = {SIGILL, ILL_ILLOPN},	 [VECTOR_NM] = {SIGFPE, SI_KERNEL},
    [VECTOR_DF] = {SIGKILL, SI_KERNEL},	 [VECTOR_TS] = {SIGSEGV, SI_KERNEL},
    [VECTOR_NP] = {SIGBUS, SI_KERNEL},	 [VECTOR_SS] = {SIGBUS, SI_KERNEL},
    [VECTOR_GP] = {SIGSEGV, SI_KERNEL},	 [VECTOR_PF] = {SIGSEGV, SEGV_MAPERR},
    [VECTOR_MF] = {SIGFPE, FPE_FLTINV},	 [VECTOR_AC] = {SIGBUS, BUS_ADRALN},
    [VECTOR_MC] = {SIGBUS, SI_KERNEL},	 [VECTOR_XM] = {SIGFPE, FPE_FLTINV},
    [VECTOR_CP] = {SIGSEGV, SEGV_CPERR},
};

static bool has_address(unsigned vector)
{
	return vector == VECTOR_DE || vector == VECTOR_DB || vector == VECTOR_UD ||
	       vector == VECTOR_MF || vector == VECTOR_XM;
}

static bool is_handled(int signal)
{
	const struct signal_action *action = &process.actions[signal - 1];
	return action->handler > SIG_IGN && !(current->blocked & SIGSET(signal));
}

/* Where the program died. */
static void tell(const struct pt_regs *regs, unsigned vector)
{
	record_begin(EB_TYPE_FAULT);
	record_text("what", exception_name(vector));
	record_hex("ip", regs->ip);
	record_hex("sp", regs->sp);
	record_hex("error", current->fault.error_code);
	if (vector == VECTOR_PF)
		record_hex("address", current->fault.cr2);
	record_end();
}

static void raise(struct pt_regs *regs, unsigned vector, u64 error_code, int signal, int code,
		  u64 address)
{
	bool handled = is_handled(signal);
	if (!handled && audit_takes(regs, vector, 0, 0))
		return;
	current->fault.vector = vector;
	current->fault.error_code = error_code;
	if (!handled)
		tell(regs, vector);
	signal_force(signal, code, address);
}

static u16 x87_status(void)
{
	u16 value;
	__asm__ volatile("fnstsw %0" : "=m"(value));
	return value;
}

static u16 x87_control(void)
{
	u16 value;
	__asm__ volatile("fnstcw %0" : "=m"(value));
	return value;
}

static u32 mxcsr(void)
{
	u32 value;
	__asm__ volatile("stmxcsr %0" : "=m"(value));
	return value;
}

/*
 * The first exception of x87 (status word, SDM 1 8.1.3) or SSE (MXCSR) that is there and not
 * masked.
 */
static int float_code(u32 status, u32 masked)
{
	u32 raised = status & ~masked;
	if (raised & 0x01)
		return FPE_FLTINV;
	if (raised & 0x04)
		return FPE_FLTDIV;
	if (raised & 0x08)
		return FPE_FLTOVF;
	if (raised & 0x12)
		return FPE_FLTUND;
	return raised & 0x20 ? FPE_FLTRES : SI_KERNEL;
}

/*
 * A step, a breakpoint of the debug registers, or INT1. What DR6 says stays until somebody clears
 * it (SDM 3B 17.2.3).
 */
static int debug_code(void)
{
	u64 dr6 = read_dr6();
	current->fault.dr6 = dr6;
	write_dr6(DR6_CLEAR);
	if (dr6 & DR6_STEP)
		return TRAP_TRACE;
	return dr6 & DR6_BREAKPOINTS ? TRAP_HWBKPT : TRAP_BRKPT;
}

static int code_of(unsigned vector)
{
	if (vector == VECTOR_MF)
		return float_code(x87_status(), x87_control());
	if (vector == VECTOR_DB)
		return debug_code();
	if (vector == VECTOR_XM)
		return float_code(mxcsr(), mxcsr() >> 7);
	return faults[vector].code;
}

void fault_raise(struct pt_regs *regs, unsigned vector, u64 error_code)
{
	int signal = faults[vector].signal ? faults[vector].signal : SIGSEGV;
	int code = faults[vector].signal ? code_of(vector) : SI_KERNEL;
	raise(regs, vector, error_code, signal, code, has_address(vector) ? regs->ip : 0);
}

/* As on Linux every address of the kernel's half looks as if something protected lay there. */
void fault_raise_page(struct pt_regs *regs, u64 error_code, u64 address, enum vm_fault why)
{
	int signal = SIGSEGV, code = SEGV_MAPERR;
	current->fault.cr2 = address;
	error_code |= PF_USER;
	if (address >= USER_END)
		error_code |= PF_PRESENT;
	if (why == VM_FAULT_NO_ACCESS) {
		code = SEGV_ACCERR;
	} else if (why == VM_FAULT_BEYOND_FILE) {
		signal = SIGBUS;
		code = BUS_ADRERR;
	} else if (why == VM_FAULT_NO_MEMORY) {
		record_begin(EB_TYPE_FAULT);
		record_text("what", "out of memory");
		record_end();
		signal = SIGKILL;
		code = SI_KERNEL;
	}
	raise(regs, VECTOR_PF, error_code, signal, code, address);
}
