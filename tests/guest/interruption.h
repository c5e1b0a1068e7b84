/*
 * What the parts of the program `interruption` share: the list of instructions, the crossings that
 * are interrupted, and which of them come by which paths.
 */
#ifndef GUEST_INTERRUPTION_H
#define GUEST_INTERRUPTION_H

#include "lib/test.h"

enum { VECTOR_MC = 18, VECTOR_MECHANISM = 0xfc };

/* What has happened at an instruction. */
enum { BY_DB = 1, BY_MC = 2, BY_INJECTED_MC = 4, NMI = 8 };
#define BY_ALL (BY_DB | BY_MC | BY_INJECTED_MC)

/* ---- the list (interruption_points.c) ---- */

enum { POINTS_MAX = 4096, NAME_MAX = 24 };
struct point {
	uint64_t address;
	char path[NAME_MAX];
	unsigned done;
	uint64_t reached_by; /* bit n: scenario n was seen to come by */
};
extern struct point points[POINTS_MAX];
extern unsigned point_count;

bool read_points(void);

/* ---- crossings (interruption_cross.c) ---- */

/* Memory, signals and fix-ups that they need. */
void crossings_begin(void);

/*
 * A GS base of ring 3's, which every crossing has to give back. Any value where ring 3 has
 * WRGSBASE.
 */
void set_gs_base(uint64_t base);
void set_plain_gs_base(void);

/* What EB_AUDIT_INTERRUPT is asked for. */
extern struct eb_interrupt request;

uint64_t syscall_by_cross(uint64_t number, uint64_t a, uint64_t b, uint64_t c);

void by_syscall(void);
void by_filling_syscall(void);
void by_marking_syscall(void);
void by_guest_syscall(void);
void by_clone3(void);
void by_kill(void);
void by_iret(void);
void by_iret_to_ldt(void);
void by_int80(void);
void by_filling_int80(void);
void by_marking_int80(void);
void by_guest_int80(void);
void by_getppid_syscall_32(void);
void by_getppid_sysenter(void);
void by_unknown_syscall_32(void);
void by_unknown_sysenter(void);
void by_filling_syscall_32(void);
void by_filling_sysenter(void);
void by_marking_syscall_32(void);
void by_marking_sysenter(void);
void by_guest_syscall_32(void);
void by_guest_sysenter(void);
void by_sysenter_flags(void);
void by_exception(void);
void by_page_fault(void);
void by_kernels_page_fault(void);
void by_kernels_marked_page_fault(void);
void by_interrupt(void);
void by_kernels_interrupt(void);
void by_kernels_marked_interrupt(void);
void by_devices_int80(void);
void by_kernels_int80(void);
void by_kernels_marked_int80(void);
void by_interrupt_gate(void);
void by_call_gate(void);
void by_refused_iret(void);
void by_refused_iret_to_ldt(void);
void by_breakpoint(void);
void by_kernels_breakpoint(void);

/* ---- SYSEXIT (interruption_sysexit.c) ---- */

/*
 * From there to ring 3 IRQs are on, at an instruction that still runs in ring 0 on ring 3's GS and
 * CR3.
 */
void test_sysexit_breakpoint(void);
void test_sysexit_machine_check(void);
void test_sysexit_nmi(void);

/* ---- scenarios (interruption_scenarios.c) ---- */

/* Each tries the instructions of its paths where no scenario before it came by. */
struct scenario {
	const char *name;
	const char *paths; /* each with a space behind it */
	void (*cross)(void);
	uint64_t (*nmi_at)(void);
	unsigned nmi_as;	/* the vector as which that one enters */
	unsigned breakpoint_as; /* and #BP, or 0 */
	unsigned ways;		/* of interrupting it */
	bool breakpoint_in_nmi;
	bool stepped; /* FRED's entry of ring 0: struct eb_interrupt says how */
	bool again;   /* where one before it came by, too: it finds another stack there */
};
extern const struct scenario scenarios[];
extern const unsigned scenario_count; /* at most 64 */

bool has_path(const struct scenario *scenario, const char *path);

#endif
