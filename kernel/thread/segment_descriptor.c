/*
 * What descriptors say of the segments that ring 3 has loaded. LAR and LSL tell whether ring 3 may
 * use one (SDM 2A).
 */
#include "cpu/percpu.h"
#include "cpu/selectors.h"
#include "mm/layout.h"
#include "thread/segments.h"

#define RIGHTS_LONG    (1u << 21)
#define RIGHTS_32      (1u << 22)
#define RIGHTS_CODE    (1u << 11)
#define RIGHTS_DOWN    (1u << 10) /* of data */
#define RIGHTS_SEGMENT (1u << 12)

static u32 rights_of(u16 selector)
{
	u32 rights = 0;
	__asm__("lar %1, %0" : "+r"(rights) : "r"((u32)selector) : "cc");
	return rights;
}

unsigned segment_code_bits(u16 selector)
{
	u32 rights = rights_of(selector);
	if (!rights || rights & RIGHTS_LONG)
		return 64;
	return rights & RIGHTS_32 ? 32 : 16;
}

/* SDM 3A figure 3-8. */
u64 segment_descriptor_base(u16 selector)
{
	if (!(rights_of(selector) & RIGHTS_SEGMENT))
		return 0;
	const u64 *table =
	    (const u64 *)(selector & SELECTOR_TI ? LDT_BASE : (u64)CPU_ENTRY_AREA->gdt);
	u64 descriptor = table[selector >> 3];
	return (descriptor >> 16 & 0xffffff) | descriptor >> 56 << 24;
}

bool segment_holds(u16 selector, u64 offset, unsigned n)
{
	u32 rights = rights_of(selector), limit = 0;
	__asm__("lsl %1, %0" : "+r"(limit) : "r"((u32)selector) : "cc");
	if (!(rights & RIGHTS_SEGMENT))
		return false;
	if (!(rights & RIGHTS_CODE) && rights & RIGHTS_DOWN)
		return offset > limit;
	return offset + n - 1 <= limit;
}

u16 segment_selector(char segment)
{
	u16 selector;
	switch (segment) {
	case 'd':
		__asm__ volatile("movw %%ds, %0" : "=m"(selector));
		break;
	case 'e':
		__asm__ volatile("movw %%es, %0" : "=m"(selector));
		break;
	case 'f':
		__asm__ volatile("movw %%fs, %0" : "=m"(selector));
		break;
	default:
		__asm__ volatile("movw %%gs, %0" : "=m"(selector));
	}
	return selector;
}

bool segment_has_ldt(void)
{
	u16 selector;
	__asm__ volatile("sldt %0" : "=m"(selector));
	return selector;
}
