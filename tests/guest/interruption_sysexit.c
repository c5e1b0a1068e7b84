/*
 * What hits SYSEXIT and ends the shadow of the STI before it: an interrupt that waits comes in at
 * once, in ring 0, with ring 3's GS, CR3 and stack pointer to be. The core treats it as if it had
 * hit ring 3 (entry/return_fixup.S).
 */
#include "interruption.h"

#include "harness/mechanism.h"

enum { SYSEXIT_LENGTH = 2 };

static void hit_sysexit(enum eb_injection injected, uint64_t nmis)
{
	static struct eb_interrupted result;
	long before = eb_mechanism(EB_MECHANISM_INTERRUPTS, 0, 0);

	set_plain_gs_base();
	request = (struct eb_interrupt){
	    .at = phase("sysenter.end") - SYSEXIT_LENGTH,
	    .injected = injected,
	    .interrupt = true,
	    .witness = phase("return_fixup.swapgs"),
	};
	audit(EB_AUDIT_DIVERT, VECTOR_DB, VECTOR_DB, 0);
	syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_INTERRUPT, (uint64_t)&request, 0);
	by_getppid_sysenter();
	audit(EB_AUDIT_INTERRUPTED, (uint64_t)&result, 0, 0);
	EXPECT(!result.wrongs, "wrong: %d at ip %lx: %lx, must be %lx", (int)result.what, result.ip,
	       result.got, result.want);
	EXPECT_EQUAL(result.breaks, 1, "number of breaks");
	EXPECT_EQUAL(result.nmis, nmis, "number of NMIs behind it");
	EXPECT_EQUAL(result.witnessed, 1, "number of interrupts fixed up");
	EXPECT_EQUAL(eb_mechanism(EB_MECHANISM_INTERRUPTS, 0, 0) - before, 1,
		     "number of interrupts");
}

void test_sysexit_breakpoint(void)
{
	hit_sysexit(EB_INJECT_NOTHING, 2);
}

void test_sysexit_machine_check(void)
{
	hit_sysexit(EB_INJECT_MACHINE_CHECK, 2);
}

void test_sysexit_nmi(void)
{
	hit_sysexit(EB_INJECT_NMI, 0);
}
