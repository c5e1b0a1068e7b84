/* Which crossings together come by every instruction of the entry and exit paths. */
#include "interruption.h"

#define FAST_32(call) "sys" call " fast_32 shallow_sys" call " "
#define IN_FRED	      "fred shallow_fred "

static uint64_t at_entry(void)
{
	return phase("syscall.swapgs");
}

static uint64_t in_c(void)
{
	return (uint64_t)audit(EB_AUDIT_PLACE, EB_PLACE_SYSCALL_C, 0, 0);
}

static uint64_t in_ring3(void)
{
	return (uint64_t)cross_back_syscall;
}

/* clang-format off */
const struct scenario scenarios[] = {
	{"SYSCALL", "syscall shallow_syscall iret ", by_syscall, .ways = BY_ALL},
	{"SYSCALL, stack full", "syscall iret ", by_filling_syscall, .ways = BY_ALL},
	{"SYSCALL, stack marked", "syscall iret ", by_marking_syscall, .ways = BY_ALL},
	{"SYSCALL, a guest has run", "syscall iret ", by_guest_syscall, .ways = BY_ALL},
	{"SYSCALL, all registers", "syscall ", by_clone3, .ways = BY_ALL},
	{"SYSCALL, work comes up", "syscall ", by_kill, .ways = BY_ALL},
	{"SYSCALL, IRET", "syscall iret ", by_iret, .ways = BY_ALL},
	{"INT 0x80", "int80 iret ", by_int80, .ways = BY_ALL},
	{"INT 0x80, stack full", "iret ", by_filling_int80, .ways = BY_ALL},
	{"INT 0x80, stack marked", "iret ", by_marking_int80, .ways = BY_ALL},
	{"INT 0x80, a guest has run", "iret ", by_guest_int80, .ways = BY_ALL},
	{"vector 0x80 from a device", "int80 ", by_devices_int80, .ways = BY_ALL},
	{"the same in the kernel", "int80 ", by_kernels_int80, .ways = BY_ALL},
	{"the same in the kernel, marked", "int80 ", by_kernels_marked_int80, .ways = BY_ALL},
	{"32-bit SYSCALL", FAST_32("call_32"), by_getppid_syscall_32, .ways = BY_ALL},
	{"32-bit SYSCALL, unknown", FAST_32("call_32"), by_unknown_syscall_32, .ways = BY_ALL},
	{"32-bit SYSCALL, stack full", FAST_32("call_32"), by_filling_syscall_32, .ways = BY_ALL},
	{"32-bit SYSCALL, stack marked", FAST_32("call_32"), by_marking_syscall_32, .ways = BY_ALL},
	{"32-bit SYSCALL, a guest has run", FAST_32("call_32"), by_guest_syscall_32,
	 .ways = BY_ALL},
	{"SYSENTER", FAST_32("enter"), by_getppid_sysenter, .ways = BY_ALL},
	{"SYSENTER, unknown", FAST_32("enter"), by_unknown_sysenter, .ways = BY_ALL},
	{"SYSENTER, stack full", FAST_32("enter"), by_filling_sysenter, .ways = BY_ALL},
	{"SYSENTER, stack marked", FAST_32("enter"), by_marking_sysenter, .ways = BY_ALL},
	{"SYSENTER, a guest has run", FAST_32("enter"), by_guest_sysenter, .ways = BY_ALL},
	{"SYSENTER with AC", "sysenter ", by_sysenter_flags, .ways = BY_ALL},
	{"#UD", "exception iret ", by_exception, .ways = BY_ALL},
	{"#PF", "exception ", by_page_fault, .ways = BY_ALL},
	{"#PF in the kernel", "exception ", by_kernels_page_fault, .ways = BY_ALL},
	{"#PF in the kernel, marked", "exception ", by_kernels_marked_page_fault, .ways = BY_ALL},
	{"IRET refused", "exception return_fixup ", by_refused_iret, .ways = BY_ALL},
	{"IRET to the LDT", "iret ", by_iret_to_ldt,
	 .ways = BY_ALL, .again = true},
	{"IRET to the LDT refused", "double_fault return_fixup ", by_refused_iret_to_ldt,
	 .ways = BY_ALL, .again = true},
	{"interrupt", "interrupt iret ", by_interrupt, .ways = BY_ALL},
	{"interrupt in the kernel", "interrupt ", by_kernels_interrupt, .ways = BY_ALL},
	{"interrupt in the kernel, marked", "interrupt ", by_kernels_marked_interrupt,
	 .ways = BY_ALL},
	{"interrupt gate", "interrupt_gate ", by_interrupt_gate, .ways = BY_ALL},
	{"call gate", "call_gate ", by_call_gate, .ways = BY_ALL},
	{"FRED: SYSCALL", IN_FRED, by_syscall, .ways = BY_DB | BY_MC},
	{"FRED: SYSCALL, stack full", IN_FRED, by_filling_syscall, .ways = BY_DB | BY_MC},
	{"FRED: SYSCALL, stack marked", IN_FRED, by_marking_syscall, .ways = BY_DB | BY_MC},
	{"FRED: SYSCALL, a guest has run", IN_FRED, by_guest_syscall, .ways = BY_DB | BY_MC},
	{"FRED: INT 0x80", IN_FRED, by_int80, .ways = BY_DB | BY_MC, .again = true},
	{"FRED: #UD", IN_FRED, by_exception, .ways = BY_DB | BY_MC, .again = true},
	{"FRED: #PF", IN_FRED, by_page_fault, .ways = BY_DB | BY_MC, .again = true},
	{"FRED: interrupt", IN_FRED, by_interrupt, .ways = BY_DB | BY_MC, .again = true},
	{"FRED: ERETU refused", IN_FRED, by_refused_iret, .ways = BY_DB | BY_MC, .again = true},
	{"FRED: interrupt in the kernel", "fred_ring0 ", by_kernels_interrupt,
	 .ways = BY_DB | BY_MC, .stepped = true},
	{"FRED: interrupt in the kernel, marked", "fred_ring0 ", by_kernels_marked_interrupt,
	 .ways = BY_DB | BY_MC, .stepped = true},
	{"NMI at the entry", "nmi ", by_syscall, at_entry, VECTOR_NMI, .ways = BY_ALL},
	{"NMI in C", "nmi ", by_syscall, in_c, VECTOR_NMI, .ways = BY_ALL},
	{"NMI in ring 3", "nmi ", by_syscall, in_ring3, VECTOR_NMI, .ways = BY_ALL},
	/* a #DB in its own path, or a #MC, would meet itself */
	{"#DB", "debug ", by_breakpoint, .breakpoint_as = VECTOR_DB,
	 .ways = BY_MC | BY_INJECTED_MC},
	{"#DB in the kernel", "debug ", by_kernels_breakpoint, .breakpoint_as = VECTOR_DB,
	 .ways = BY_MC | BY_INJECTED_MC},
	{"#DB at the entry", "debug ", by_syscall, at_entry, VECTOR_DB,
	 .ways = BY_MC | BY_INJECTED_MC},
	{"#DB in an NMI", "debug ", by_syscall, at_entry, VECTOR_NMI, VECTOR_DB,
	 .ways = BY_MC | BY_INJECTED_MC, .breakpoint_in_nmi = true},
	{"#MC", "machine_check ", by_breakpoint, .breakpoint_as = VECTOR_MC, .ways = BY_DB},
	{"#MC in the kernel", "machine_check ", by_kernels_breakpoint, .breakpoint_as = VECTOR_MC,
	 .ways = BY_DB},
	{"#MC at the entry", "machine_check ", by_syscall, at_entry, VECTOR_MC, .ways = BY_DB},
	{"#MC in an NMI", "machine_check ", by_syscall, at_entry, VECTOR_NMI, VECTOR_MC,
	 .ways = BY_DB, .breakpoint_in_nmi = true},
};
/* clang-format on */
_Static_assert(sizeof(scenarios) / sizeof(scenarios[0]) <= 64, "a bit each in struct point");
const unsigned scenario_count = sizeof(scenarios) / sizeof(scenarios[0]);

bool has_path(const struct scenario *scenario, const char *path)
{
	for (const char *at = scenario->paths; *at; at++) {
		if (text_starts(at, path) && at[text_length(path)] == ' ')
			return true;
		while (*at != ' ')
			at++;
	}
	return false;
}
