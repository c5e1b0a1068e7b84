/*
 * The first instructions: from PVH (QEMU -kernel) or Multiboot2 (GRUB), both in 32-bit protected
 * mode without paging, to boot_main() in 64-bit mode at the kernel's own address. Early page tables
 * map the first 4 GiB three times: identity (to survive the switch), at DIRECT_MAP, and 2 GiB of it
 * at KERNEL_BASE. mm/ replaces them by the real ones.
 */
#include "asm-offsets.h"
#include "cpu/cpu.h"
#include "cpu/selectors.h"
#include "mm/layout.h"

#define PHYS(symbol) ((symbol) - KERNEL_BASE)
#define PRESENT_RW   3
#define HUGE	     0x80
#define MB2_MAGIC	 0xe85250d6
#define MB2_LOADER_MAGIC 0x36d76289

	.section .multiboot2, "a"
	.balign 8
multiboot2_header:
	.long	MB2_MAGIC, 0, multiboot2_end - multiboot2_header
	.long	-(MB2_MAGIC + 0 + (multiboot2_end - multiboot2_header))
	.balign 8
	.short	1, 0			/* information request: command line, modules, memory map */
	.long	20, 1, 3, 6
	.balign 8
	.short	3, 0			/* entry address */
	.long	12, PHYS(start_multiboot2)
	.balign 8
	.short	6, 0			/* modules on page boundaries */
	.long	8
	.balign 8
	.short	5, 1			/* any screen of 32 bits a pixel, if there is one */
	.long	20, 0, 0, 32
	.balign 8
	.short	0, 0
	.long	8
multiboot2_end:

	.section .note.pvh, "a", @note
	.balign 4
	.long	4, 4, 18		/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz	"Xen"
	.long	PHYS(start_pvh)

	.section .boot.text, "ax"
	.code32
	.globl start_multiboot2
start_multiboot2:			/* eax = loader's magic, ebx = boot information */
	movl	%eax, %ebp
	jmp	start
start_pvh:				/* ebx = struct hvm_start_info */
	xorl	%ebp, %ebp
start:
	cli
	cld
	movl	$PHYS(boot_stack_top), %esp

	movl	$0x80000001, %eax
	pushl	%ebx
	cpuid
	popl	%ebx
	testl	$(1 << 29), %edx	/* long mode */
	jz	no_long_mode

	/* 2048 huge pages: 4 GiB */
	movl	$PHYS(early_pd), %edi
	movl	$(PRESENT_RW | HUGE), %eax
	movl	$2048, %ecx
1:	movl	%eax, (%edi)
	addl	$HUGE_PAGE_SIZE, %eax
	addl	$8, %edi
	decl	%ecx
	jnz	1b
	/* four directories below the low PDPT, the first two below the kernel's as well */
	movl	$PHYS(early_pd) + PRESENT_RW, %eax
	movl	$PHYS(early_pdpt), %edi
	movl	$4, %ecx
1:	movl	%eax, (%edi)
	addl	$PAGE_SIZE, %eax
	addl	$8, %edi
	decl	%ecx
	jnz	1b
	movl	$PHYS(early_pd) + PRESENT_RW, PHYS(early_pdpt_kernel) + 510 * 8
	movl	$PHYS(early_pd) + PAGE_SIZE + PRESENT_RW, PHYS(early_pdpt_kernel) + 511 * 8
	movl	$PHYS(early_pdpt) + PRESENT_RW, PHYS(early_pml4)
	movl	$PHYS(early_pdpt) + PRESENT_RW, PHYS(early_pml4) + ((DIRECT_MAP >> 39) & 511) * 8
	movl	$PHYS(early_pdpt_kernel) + PRESENT_RW, PHYS(early_pml4) + 511 * 8
	/* with five levels the same table serves the lowest and the highest 48 bits */
	movl	$PHYS(early_pml4) + PRESENT_RW, PHYS(early_pml5)
	movl	$PHYS(early_pml4) + PRESENT_RW, PHYS(early_pml5) + 511 * 8

	movl	$PHYS(early_pml4), %esi
	movl	$CR4_PAE, %edi
	cmpb	$0, PHYS(entry_variant) + ENTRY_VARIANT_la57
	je	1f
	pushl	%ebx
	xorl	%eax, %eax
	cpuid
	cmpl	$7, %eax
	jb	2f
	movl	$7, %eax
	xorl	%ecx, %ecx
	cpuid
	testl	$(1 << 16), %ecx	/* LA57 */
	jz	2f
	movl	$PHYS(early_pml5), %esi
	orl	$CR4_LA57, %edi
2:	popl	%ebx
1:	movl	%edi, %cr4
	movl	%esi, %cr3

	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$(EFER_LME | EFER_NXE), %eax
	wrmsr
	movl	$(CR0_PG | CR0_WP | CR0_NE | CR0_MP | 1), %eax
	movl	%eax, %cr0
	lgdt	PHYS(boot_gdt_pointer)
	ljmp	$KERNEL_CS, $PHYS(start_64)

/* Too early for a console: says it on port 0xe9, and ends as a panic does. */
no_long_mode:
	movl	$PHYS(no_long_mode_text), %esi
1:	lodsb
	testb	%al, %al
	jz	2f
	outb	%al, $0xe9
	jmp	1b
2:	movb	$0x12, %al
	outb	%al, $0xf4
	hlt
	jmp	2b
no_long_mode_text:
	.asciz	"entrybench: this CPU has no 64-bit mode\n"

	.code64
start_64:
	movl	$KERNEL_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movq	$boot_stack_top, %rsp
	movl	%ebx, %esi
	xorl	%edi, %edi
	cmpl	$MB2_LOADER_MAGIC, %ebp
	sete	%dil
	xorl	%ebp, %ebp
	movq	$boot_main, %rax	/* boot_main(from_multiboot2, information) */
	callq	*%rax
	ud2

	.balign 8
boot_gdt:
	.quad	0, 0
	.quad	0x00af9b000000ffff	/* KERNEL_CS */
	.quad	0x00cf93000000ffff	/* KERNEL_DS */
boot_gdt_pointer:
	.short	. - boot_gdt - 1
	.long	PHYS(boot_gdt)

	.section .bss, "aw", @nobits
	.balign PAGE_SIZE
early_pml5:	   .skip PAGE_SIZE
early_pml4:	   .skip PAGE_SIZE
early_pdpt:	   .skip PAGE_SIZE
early_pdpt_kernel: .skip PAGE_SIZE
early_pd:	   .skip 4 * PAGE_SIZE
	.globl boot_stack_top
	.skip	0x4000
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
