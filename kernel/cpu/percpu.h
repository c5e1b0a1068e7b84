/*
 * The CPU entry area and the per-CPU block in it: all that an entry path touches before it has the
 * kernel's page table and stack. GS points to struct percpu while the CPU runs in the kernel.
 */
#ifndef KERNEL_PERCPU_H
#define KERNEL_PERCPU_H

#include "lib/types.h"
#include "mm/layout.h"

/* 64-bit TSS, SDM 3A figure 7-11. */
struct tss {
	u32 reserved0;
	u64 sp[3];
	u64 reserved1;
	u64 ist[7];
	u64 reserved2;
	u16 reserved3;
	u16 io_map;
} __packed;
_Static_assert(sizeof(struct tss) == 104, "the CPU knows this layout");

#define STAMPS 160

struct percpu {
	struct tss tss;
	/*
	 * SYSCALL keeps ring 3's stack pointer here, lean until it leaves, the others for a moment;
	 * SYSENTER its flags
	 */
	u64 user_rsp;
	/* one past the task's kernel stack; pt_regs ends entry_variant.above_regs below it */
	u64 kernel_top;
	u64 kernel_regs;	/* lean: where pt_regs begins on the task's kernel stack */
	u64 kernel_cr3;		/* lean: what CR3 is in the kernel */
	u64 user_cr3;		/* lean: and in ring 3 */
	u64 trampoline_top;	/* one past the entry stack, mapped in both page tables */
	u64 stack_bottom;	/* lowest address of the kernel stack */
	u64 erase_look;		/* where the stack erase starts to look after a shallow entry */
	u64 erase_mark;		/* where it starts to look otherwise (stack_mark()); 0: no mark */
	u64 ministack;		/* where IRET's frame for a stack segment of the LDT is written */
	u64 ministack_alias;	/* where IRET reads it, but for bits 31:16, which are ring 3's */
	u64 stamp_ax, stamp_dx; /* STAMP keeps the two registers that RDTSC takes here */
	u64 stamps[STAMPS];	/* stamped images: when each phase was entered last */
	u8 has_smap;		/* an entry through the IDT must clear AC itself */
	u8 guest_ran;		/* vmscape=on: since ring 3 ran last */
};

/* The values of `ist` in a gate; 0 means the ordinary stack. */
enum ist { IST_NONE, IST_DF, IST_NMI, IST_DB, IST_MC, IST_COUNT };

#define IST_STACK_SIZE 0x2000

struct guarded_stack {
	u8 guard[PAGE_SIZE];
	u8 stack[IST_STACK_SIZE];
} __aligned(PAGE_SIZE);

struct cpu_entry_area {
	u8 gdt[PAGE_SIZE];   /* read-only */
	u8 idt[PAGE_SIZE];   /* read-only */
	u8 guard[PAGE_SIZE]; /* not mapped */
	u8 entry_stack[PAGE_SIZE];
	union {
		struct percpu percpu;
		u8 percpu_page[PAGE_SIZE];
	};
	struct guarded_stack ist[IST_COUNT]; /* [0] stays unmapped */
} __aligned(PAGE_SIZE);

#define CPU_ENTRY_AREA ((struct cpu_entry_area *)CPU_ENTRY_AREA_BASE)
#define this_cpu       (&CPU_ENTRY_AREA->percpu)

void cpu_entry_area_init(void);
void cpu_load_tables(void);

/* The LDT in use from now on; size 0: none. */
void cpu_set_ldt(u64 base, u32 size);

/* Three descriptors of the current task's in the GDT. */
#define TLS_SEGMENTS 3
void cpu_set_tls(const u64 descriptors[TLS_SEGMENTS]);

/* Exception `vector` enters as if it were `to`, on that one's stack (audit/interrupt.c). */
void cpu_divert_gate(unsigned vector, unsigned to);

/* The empty call and interrupt gates (entry/gates.S): whether ring 3 may use them. */
void cpu_open_gates(bool open);

/* Sets the kernel stack [bottom, top) that the next entries from ring 3 use. */
void cpu_set_kernel_stack(u64 bottom, u64 top);

#endif
