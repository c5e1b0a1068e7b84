/*
 * The contract between the core's private system call eb_audit (number 4097) and the conformance
 * tests: tests/guest/ asks, kernel/syscall/audit*.c answers. The call exists only in a boot whose
 * kernel command line has the word "audit", since it gives ring 3 more than any kernel may.
 *
 *	eb_audit(op, a, b, c) returns what the operation says below, or a negative errno.
 */
#ifndef ENTRYBENCH_AUDIT_H
#define ENTRYBENCH_AUDIT_H

#include <stdint.h>

#define EB_AUDIT_NUMBER 4097
#define EB_AUDIT_WORD	"audit" /* on the kernel's command line */

enum eb_audit_op {
	/* (char *to, size): the variant's features as "key=value ..."; the length of that */
	EB_AUDIT_FEATURES,
	EB_AUDIT_STATE, /* (struct eb_state *to): what the core sees during this call; 0 */

	/*
	 * Page tables: the first mapping at or above `from`, as long as it goes on alike; 1, or 0
	 * where there is none.
	 */
	EB_AUDIT_RANGE, /* (enum eb_table, from, struct eb_range *to) */

	/* The kernel stack, outside the frames of this call where it says so. */
	EB_AUDIT_STACK_DIRTY, /* (): number of words below this call's frames that are not poison */
	/* (~secret): number of words of the stack below ring 3's registers that hold the secret */
	EB_AUDIT_STACK_FIND,
	EB_AUDIT_STACKS_FIND, /* (~secret): the same, and on all of the other tasks' stacks */
	/* (enum eb_plant, depth, secret): writes it there; the depth at which it really lies */
	EB_AUDIT_STACK_PLANT,

	EB_AUDIT_STACK_MARK, /* (): marks its depth for the erase; 0 */
	EB_AUDIT_STACK_FILL, /* (): writes all of it down to the bottom, and marks that; 0 */

	/* The way out: this call returns with exactly these registers. */
	EB_AUDIT_EXIT_WITH, /* (const struct eb_regs *from); by SYSCALL */

	/*
	 * Traps. After EB_AUDIT_CATCH each trap that would end the program or the kernel goes into
	 * a log instead, which is empty then. A breakpoint, an NMI and a machine check go on where
	 * they came; any other trap of ring 3 goes on at `ip` with stack pointer `sp` and ends the
	 * catching.
	 */
	EB_AUDIT_CATCH, /* (ip, sp): 0 */
	/* (struct eb_trap *to, n): ends the catching; number of traps logged, the first n in *to */
	EB_AUDIT_TRAPS,
	EB_AUDIT_BREAK, /* (0..3, address): breakpoint there while traps are caught, 0: none; 0 */
	/* (enum eb_place, const char *phase): an address in the core, 0: this variant has none */
	EB_AUDIT_PLACE,

	/*
	 * Interruptions at an instruction (struct eb_interrupt), each checked by the core in itself
	 * and against the one before it: docs/interruption.md.
	 */
	EB_AUDIT_INTERRUPT,   /* (const struct eb_interrupt *from): from now on; 0 */
	EB_AUDIT_INTERRUPTED, /* (struct eb_interrupted *to): no more; 0 */
	/* (vector, to): exception `vector` enters as if it were exception `to`; 0 */
	EB_AUDIT_DIVERT,
	/*
	 * (vector, enum eb_raise): a #BP, eb_mechanism's interrupt, or vector 0x80 as a device
	 * would send it, right here, in the kernel; with FRED also an NMI as soon as ring 3 runs,
	 * which has another task take its turn; 0
	 */
	EB_AUDIT_RAISE,

	EB_AUDIT_YIELD, /* (): another task's turn during this call; the core's SS after it */
	EB_AUDIT_GUEST, /* (): as if a virtual machine's guest had run; 0 */
	EB_AUDIT_SPIN,	/* (): stays in the kernel for ever, for a look from outside */
	/*
	 * (number, wrong): the function of that system call, called as one of Linux' with the bits
	 * `wrong` of the hash turned; what it returns. Only with kcfi=on. Where traps are caught, a
	 * call that is refused is logged and returns -EPERM.
	 */
	EB_AUDIT_CALL,
	EB_AUDIT_OPS,
};

struct eb_regs {
	uint64_t r15, r14, r13, r12, bp, bx;
	uint64_t r11, r10, r9, r8, ax, cx, dx, si, di;
	uint64_t orig_ax;
	uint64_t ip, cs, flags, sp, ss;
};

struct eb_state {
	struct eb_regs regs; /* as saved by the entry path */
	uint64_t flags, cr0, cr3, cr4;
	uint64_t gs_base, kernel_gs_base, fs_base;
	uint64_t sp;			  /* somewhere in this call's frames */
	uint64_t percpu;		  /* what gs_base must be in the kernel */
	uint64_t kernel_root;		  /* physical addresses of the top-level tables */
	uint64_t user_root;		  /* of ring 3's; without KPTI the same */
	uint64_t stack_bottom, stack_top; /* of the kernel stack */
	uint64_t levels;		  /* of paging */
	uint16_t cs, ss, ds, es, fs, gs;
	uint32_t kstack_random[4]; /* of what this call's offset of the stack was made */
	uint32_t guest_ran;	   /* EB_AUDIT_GUEST, and no way out has seen to it since */
};

enum eb_table { EB_TABLE_KERNEL, EB_TABLE_USER };

/* Effective rights: what all levels of the table together allow. */
enum eb_range_flags {
	EB_RANGE_WRITE = 1,
	EB_RANGE_EXEC = 2,
	EB_RANGE_USER = 4,
	EB_RANGE_GLOBAL = 8,
};

struct eb_range {
	uint64_t start, size, phys;
	uint64_t flags;
	uint64_t repeats, stride; /* the same pages again, so often, each `stride` further on */
};

/*
 * How a secret comes to lie deep in the stack. EB_PLANT_AND_YIELD: and another task takes its turn
 * before this call ends.
 */
#define EB_PLANT_AND_YIELD 0x100
enum eb_plant {
	/* below a large array that nobody writes, whose function calls stack_mark() */
	EB_PLANT_MARKED,
	/* below small frames with as much unwritten in each as the compiler lets pass */
	EB_PLANT_CHAIN,
};

enum eb_raise {
	EB_RAISE_HERE,
	EB_RAISE_MARKED,   /* the stack is marked for the erase before */
	EB_RAISE_IN_RING3, /* vector 0x80: as soon as ring 3 runs */
};

enum eb_place {
	EB_PLACE_PHASE,	    /* the label phase.<b> of the entry code */
	EB_PLACE_SYSCALL_C, /* first instruction of C after SYSCALL */
	EB_PLACE_TRAP_C,    /* first instruction of C after an exception */
};

struct eb_trap {
	uint64_t vector;
	uint64_t cr2, dr6;
	struct eb_regs regs;
};

/*
 * Each time the CPU comes to `at` it takes a #DB there and, when that has returned, one NMI after
 * the other. Where the instruction is one of an NMI's own path, `nmi_at` is a place at which the
 * CPU takes an NMI, and a second is sent while that one stands at `at`.
 */
struct eb_interrupt {
	uint64_t at;
	uint64_t injected; /* enum eb_injection: not by a #DB of the core's, but from outside */
	/* its handler also raises eb_mechanism's interrupt, which comes when IRQs are on */
	uint64_t interrupt;
	/* an instruction, or 0: it is counted how often the CPU reaches it */
	uint64_t witness;
	uint64_t nmi_at;	    /* or 0 */
	uint64_t nmi_as;	    /* the exception as which that NMI enters */
	uint64_t breakpoint_in_nmi; /* its handler runs into a #BP */
	/* FRED: `at` is in the entry that the #DB itself takes; reached by single steps */
	uint64_t stepped;
};

enum eb_injection { EB_INJECT_NOTHING, EB_INJECT_MACHINE_CHECK, EB_INJECT_NMI };

struct eb_interrupted {
	uint64_t breaks; /* at the place itself, as #DB or whatever that was diverted to */
	uint64_t nmis;
	uint64_t nested;    /* times that `at` was come to within an NMI */
	uint64_t witnessed; /* and to the witness */
	uint64_t wrongs;
	/*
	 * the first of them: EB_WRONG_*, or a word of struct eb_interruption that an interruption
	 * left changed
	 */
	uint64_t what, ip, got, want;
};

/* What an interruption finds, and what all at one place must find alike. */
struct eb_interruption {
	struct eb_regs regs;
	uint64_t cr3; /* where the variant has two tables and ring 0 was interrupted */
	uint64_t gs;  /* whether, or which, in ring 0 */
	uint64_t kernel_gs_base;
	uint64_t cr2;
};

enum eb_wrong {
	EB_WRONG_WORD = 0,	/* and up: its index */
	EB_WRONG_GS_BASE = 100, /* in the handler: not the kernel's */
	EB_WRONG_CR3,
	EB_WRONG_STACK,
	EB_WRONG_FLAGS,
	EB_WRONG_CS,
	EB_WRONG_PLACE,	  /* an NMI came elsewhere */
	EB_WRONG_NO_NMI,  /* none came */
	EB_WRONG_NO_MCIP, /* a #MC, and no machine check is in progress */
};

#endif
