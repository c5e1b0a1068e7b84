/*
 * Ring 3's data segment registers, and the bases of FS and GS. The core itself uses none of them
 * but GS base.
 */
#include "cpu/cpu.h"
#include "cpu/selectors.h"
#include "entry/erase.h"
#include "thread/segments.h"
#include "entry/variant.h"

/* LAR's answer: bits of a descriptor's upper half. */
#define RIGHTS_PRESENT	  (1u << 15)
#define RIGHTS_STACK	  0xf200 /* present, of ring 3, writable data */
#define RIGHTS_STACK_MASK 0xfa00 /* whether accessed and whether it grows down does not count */

#define READ(name, to)	  __asm__ volatile("movw %%" #name ", %0" : "=m"(to))
#define LOAD(name, value) __asm__ volatile("movl %0, %%" #name : : "r"((u32)(value)) : "memory")

/*
 * The bases in use in ring 3, by FSGSBASE's instructions where ring 3 may use them, as Linux 5.9
 * and later. The kernel's GS is swapped out meanwhile; IRQs are off, and the paranoid entries of
 * such a variant look at the base itself. With FRED there is no SWAPGS.
 */
static bool by_instruction(void)
{
	return entry_variant.fsgsbase && cpu.fsgsbase && !entry_variant.fred;
}

static u64 read_base(enum segment segment)
{
	u64 base;
	if (!by_instruction())
		return rdmsr(segment == SEGMENT_FS ? MSR_FS_BASE : MSR_KERNEL_GS_BASE);
	if (segment == SEGMENT_FS)
		__asm__ volatile("rdfsbase %0" : "=r"(base));
	else
		__asm__ volatile("swapgs; rdgsbase %0; swapgs" : "=r"(base));
	return base;
}

static void write_base(enum segment segment, u64 base)
{
	if (!by_instruction())
		wrmsr(segment == SEGMENT_FS ? MSR_FS_BASE : MSR_KERNEL_GS_BASE, base);
	else if (segment == SEGMENT_FS)
		__asm__ volatile("wrfsbase %0" : : "r"(base) : "memory");
	else
		__asm__ volatile("swapgs; wrgsbase %0; swapgs" : : "r"(base) : "memory");
}

void segments_save(struct segments *to)
{
	READ(ds, to->ds);
	READ(es, to->es);
	READ(fs, to->fs);
	READ(gs, to->gs);
	to->fs_base = read_base(SEGMENT_FS);
	to->gs_base = read_base(SEGMENT_GS);
}

/*
 * A selector as it is where the CPU would load it, else the null one: another thread may have taken
 * its descriptor out of the LDT since. LAR says whether it is there, VERR whether it can be read
 * (SDM 2A "LAR", 2B "VERR").
 */
static u16 loadable(u16 selector)
{
	u32 rights = 0;
	bool readable;
	__asm__("lar %1, %0" : "+r"(rights) : "r"((u32)selector) : "cc");
	__asm__("verr %w1; setz %0" : "=q"(readable) : "r"(selector) : "cc");
	return (rights & RIGHTS_PRESENT && readable) || selector <= 3 ? selector : 0;
}

/*
 * Loading GS also changes the base in use, which is the kernel's: it is swapped out meanwhile, so
 * that an NMI sees what it would see in ring 3. With FRED there is no SWAPGS: LKGS %ax (which
 * assemblers of today do not all know) changes the other base.
 */
static void load_gs(u16 selector)
{
	if (entry_variant.fred) {
		__asm__ volatile(".byte 0xf2, 0x0f, 0x00, 0xf0" : : "a"(selector) : "memory");
		return;
	}
	__asm__ volatile("swapgs; movl %0, %%gs; swapgs" : : "r"((u32)selector) : "memory");
}

/*
 * SS of ring 0. An interrupt from ring 3 leaves it null (SDM 3A 6.14.4), and the next task may
 * leave by SYSRET, which on AMD's CPUs (APM 3 "SYSRET") and on Bochs loads SS's selector and keeps
 * the rest of what it finds there: 32-bit code of ring 3 would run on that. Linux does the same
 * where the CPU has X86_BUG_SYSRET_SS_ATTRS.
 */
static void load_kernel_ss(void)
{
	LOAD(ss, KERNEL_DS);
}

void segments_load(const struct segments *from)
{
	load_kernel_ss();
	cpu_set_tls(from->tls);
	LOAD(ds, loadable(from->ds));
	LOAD(es, loadable(from->es));
	LOAD(fs, loadable(from->fs));
	load_gs(loadable(from->gs));
	write_base(SEGMENT_FS, from->fs_base);
	write_base(SEGMENT_GS, from->gs_base);
}

void segment_set_base(enum segment segment, u64 base)
{
	irq_disable();
	if (segment == SEGMENT_FS)
		LOAD(fs, 0);
	else
		load_gs(0);
	write_base(segment, base);
	irq_enable();
}

u64 segment_base(enum segment segment)
{
	u64 flags; /* system calls come here with IRQs on, exceptions with IRQs off */
	__asm__ volatile("pushfq; popq %0" : "=r"(flags) : : "memory");
	irq_disable();
	u64 base = read_base(segment);
	if (flags & FLAG_IF)
		irq_enable();
	return base;
}

/* As Linux, which leaves FS and GS with what they were loaded with. */
void segments_refresh(void)
{
	u16 ds, es;
	READ(ds, ds);
	READ(es, es);
	LOAD(ds, loadable(ds));
	LOAD(es, loadable(es));
}

BIG_FRAME_BEGIN
void segments_reload(u16 selector)
{
	struct segments now;
	stack_mark();
	irq_disable();
	segments_save(&now);
	if (now.ds == selector)
		LOAD(ds, loadable(selector));
	if (now.es == selector)
		LOAD(es, loadable(selector));
	if (now.fs == selector)
		LOAD(fs, loadable(selector));
	if (now.gs == selector)
		load_gs(loadable(selector));
	irq_enable();
}
BIG_FRAME_END

bool segment_is_stack(u16 selector)
{
	u32 rights = 0;
	__asm__("lar %1, %0" : "+r"(rights) : "r"((u32)selector) : "cc");
	return (rights & RIGHTS_STACK_MASK) == RIGHTS_STACK;
}
