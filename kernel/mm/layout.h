/* Where everything lies in the virtual address space; read by C, assembly and the linker script. */
#ifndef KERNEL_LAYOUT_H
#define KERNEL_LAYOUT_H

#ifdef __ASSEMBLER__
#define UL(x) x
#else
#define UL(x) x##ul
#endif

#define PAGE_SIZE      4096
#define HUGE_PAGE_SIZE 0x200000

/*
 * The core's own half. All of it lies above the 48-bit hole, so it is canonical with four and with
 * five levels of paging alike.
 */
#define DIRECT_MAP	    UL(0xffff888000000000) /* all usable RAM, RW NX */
#define DIRECT_MAP_LIMIT    UL(0x100000000)	   /* RAM above 4 GiB is not used */
#define KERNEL_STACKS	    UL(0xffffc90000000000) /* a slot a task, guard page below each stack */
#define APIC_MMIO	    UL(0xffffea0000000000) /* registers of the local APIC, a page */
#define SCREEN_MMIO	    UL(0xffffea0000200000) /* what the loader left on the screen */
#define CPU_ENTRY_AREA_BASE UL(0xfffffe0000000000) /* GDT, IDT, TSS, entry and IST stacks */
#define LDT_BASE	    UL(0xfffffe0000100000) /* the program's LDT, where it has one */
#define ESPFIX_BASE	    UL(0xffffff0000000000) /* aliases of the ministack (cpu/espfix.c) */
#define KERNEL_BASE	    UL(0xffffffff80000000) /* the image: virtual = physical + KERNEL_BASE */
#define KERNEL_LOAD	    0x100000

#define KERNEL_STACK_SIZE  0x4000
#define KERNEL_STACK_SLOT  0x8000
#define KERNEL_STACKS_SIZE UL(0x10000000)

/*
 * How far below pt_regs the frames of a system call begin at most; kstack_offset, in steps of 16.
 */
#define KSTACK_OFFSET_MASK 0x3f0

/* One alias of the ministack for each value of bits 31:16 of an address. */
#define ESPFIX_STRIDE 0x10000
#define ESPFIX_SIZE   UL(0x100000000)

/* Entry code: fixed place and size, so that all other symbols agree in every variant. */
#define BOOT_TEXT_SIZE	0x2000
#define ENTRY_TEXT_SIZE 0x8000
/* of that, the thunks of C's indirect branches and RETs (entry/thunk.S, entry/return_thunk.S) */
#ifdef RETURN_THUNKS
#define ENTRY_THUNK_SIZE 2048
#else
#define ENTRY_THUNK_SIZE 512
#endif
#define ENTRY_RODATA_SIZE 0x4000
/* one IDT stub */
#if CORE_ENDBR
#define VECTOR_STUB_SIZE 32
#else
#define VECTOR_STUB_SIZE 16
#endif

/* Ring 3: everything below the 47-bit limit, the last page included; page 0 is never mapped. */
#define USER_START	UL(0x10000)
#define USER_END	UL(0x0000800000000000)
#define USER_STACK_TOP	(USER_END - UL(0x100000))
#define USER_STACK_SIZE UL(0x800000)
#define USER_MMAP_TOP	(USER_STACK_TOP - UL(0x10000000))

/*
 * Page tables of KPTI come as a pair, kernel's at an even page and the user's in the page after it,
 * so that one bit of CR3 chooses; with PCIDs a second bit chooses the address-space number (SDM 3A
 * 4.10.1).
 */
#define CR3_USER_TABLE_BIT 12
#define CR3_USER_PCID_BIT  11
#define CR3_NOFLUSH_BIT	   63
#define CR3_NOFLUSH	   (UL(1) << CR3_NOFLUSH_BIT)
#define CR3_USER_TABLE	   (1 << CR3_USER_TABLE_BIT)
#define CR3_USER_PCID	   (1 << CR3_USER_PCID_BIT)
#define PCID_KERNEL	   1
#define PCID_USER	   (PCID_KERNEL | CR3_USER_PCID)

#endif
