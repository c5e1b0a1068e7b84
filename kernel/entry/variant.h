/*
 * How a variant reaches the core: one constant structure, filled in by entry/variant.c for each
 * image.
 */
#ifndef KERNEL_ENTRY_VARIANT_H
#define KERNEL_ENTRY_VARIANT_H

#include "lib/types.h"
#include "mm/layout.h"

enum kpti { KPTI_OFF, KPTI_ON, KPTI_PCID };

struct entry_variant {
	char name[48];
	char features[192]; /* "exit=sysret kpti=on erase=off" */
	char needs[64];	    /* CPU features that the variant cannot do without, space-separated */
	enum kpti kpti;
	bool trampoline; /* entries and exits go over the entry stack */
	bool stamped;	 /* phases take time stamps */
	bool la57;	 /* wants five levels of paging */
	bool ibt;	 /* ring 0's indirect branches end at ENDBR64 */
	bool fsgsbase;	 /* ring 3 may use WRGSBASE: the paranoid entries do not trust its sign */
	bool bhi_dis_s;	 /* ring 3's branch history does not reach the kernel's branches */
	bool
	    kstack_prandom; /* offsets of the kernel stack come from a generator that wants seeds */
	bool rseq;	    /* entry code notes what the system call rseq needs to know */
	bool shstk;	    /* ring 3 may have shadow stacks */
	bool espfix;	    /* IRET to a stack segment of the LDT goes by the ministack */
	/*
	 * with FRED, instead of all the others: the page of its entries, and its way out's last
	 * instruction
	 */
	const u8 *fred;
	const u8 *eretu;
	void (*unblock_nmis)(void);
	u16 above_regs;	     /* bytes that the CPU pushes above pt_regs */
	const u8 *syscall_c; /* first instruction of C after SYSCALL */
	/* entries */
	void (*syscall_64)(void);
	void (*syscall_32)(void); /* SYSCALL from 32-bit code */
	void (*sysenter)(void);
	void (*int80)(void);
	void (*call_gate)(void);      /* nothing but the far return */
	void (*interrupt_gate)(void); /* nothing but IRETQ */
	bool step_in_syscall;	      /* SYSCALL leaves TF set: #DB says so (cpu/traps.c) */
	const u8 *sysenter_end;	      /* up to here ring 3's TF may be set */
	const u8 *sysexit;	      /* the instruction */
	void (*return_to_user)(void); /* rsp = pt_regs, IRQs off, kernel CR3 and GS */
	const u8 *nmi;		      /* first instruction after the stub */
	const u8 *nmi_iret;	      /* the instruction */
	const u8 *vector_stubs;	      /* VECTOR_STUB_SIZE bytes a vector */
};

extern const struct entry_variant entry_variant;

/* Whether `ip` is in an empty gate's entry: one instruction, with ibt=on behind ENDBR64. */
static inline bool at_gate(u64 ip, void (*gate)(void))
{
	return ip - (u64)gate <= (CORE_ENDBR ? 4 : 0);
}

/* The phase of the entry code that `ip` lies in, or "" outside it. */
const char *phase_name(u64 ip);

/* The name of the phase with that stamp, or NULL. */
const char *phase_name_of(unsigned index);

/* Where phase "<path>.<name>" starts, or 0 where this variant has none of that name. */
u64 phase_address(const char *name);

#endif
