/* Ring 3's data segment registers, and the bases of FS and GS. The core itself uses none of them but GS base. */
#include "segments.h"
#include "cpu.h"

#define READ(name, to)	  __asm__ volatile("movw %%" #name ", %0" : "=m"(to))
#define LOAD(name, value) __asm__ volatile("movl %0, %%" #name : : "r"((u32)(value)) : "memory")

void segments_save(struct segments *to)
{
	READ(ds, to->ds);
	READ(es, to->es);
	READ(fs, to->fs);
	READ(gs, to->gs);
	to->fs_base = rdmsr(MSR_FS_BASE);
	to->gs_base = rdmsr(MSR_KERNEL_GS_BASE);
}

/*
 * Loading GS also changes the base in use, which is the kernel's: it is swapped out meanwhile, so that an NMI sees what it
 * would see in ring 3.
 */
static void load_gs(u16 selector)
{
	__asm__ volatile("swapgs; movl %0, %%gs; swapgs" : : "r"((u32)selector) : "memory");
}

void segments_load(const struct segments *from)
{
	LOAD(ds, from->ds);
	LOAD(es, from->es);
	LOAD(fs, from->fs);
	load_gs(from->gs);
	wrmsr(MSR_FS_BASE, from->fs_base);
	wrmsr(MSR_KERNEL_GS_BASE, from->gs_base);
}
