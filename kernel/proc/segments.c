/* Ring 3's data segment registers, and the bases of FS and GS. The core itself uses none of them but GS base. */
#include "cpu.h"
#include "segments.h"

/*
 * Loading GS also changes the base in use, which is the kernel's: it is swapped out meanwhile, so that an NMI sees what it
 * would see in ring 3. IRQs off.
 */
static void load_gs(u16 selector)
{
	__asm__ volatile("swapgs; movl %0, %%gs; swapgs" : : "r"((u32)selector) : "memory");
}

void segments_reset(void)
{
	irq_disable();
	__asm__ volatile("movl %0, %%ds; movl %0, %%es; movl %0, %%fs" : : "r"(0));
	load_gs(0);
	wrmsr(MSR_FS_BASE, 0);
	wrmsr(MSR_KERNEL_GS_BASE, 0);
}
