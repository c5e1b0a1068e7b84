/*
 * The local APIC: interrupts to ourselves and its timer. By MMIO, or by MSR where firmware left it
 * in x2APIC mode.
 */
#include "cpu/cpu.h"
#include "dev/dev.h"
#include "mm/layout.h"
#include "mm/mm.h"

#define MSR_APIC_BASE	0x1b
#define APIC_BASE_X2	(1 << 10)
#define APIC_BASE_ON	(1 << 11)
#define MSR_X2APIC_BASE 0x800

/* Registers (SDM 3A table 11-1). */
#define APIC_ID		0x20
#define APIC_TPR	0x80
#define APIC_EOI	0xb0
#define APIC_SPURIOUS	0xf0
#define APIC_ISR	0x100 /* 8 registers of 32 vectors each */
#define APIC_ICR_LOW	0x300
#define APIC_ICR_HIGH	0x310
#define APIC_LVT_TIMER	0x320
#define APIC_LVT_LINT0	0x350
#define APIC_LVT_LINT1	0x360
#define APIC_LVT_ERROR	0x370
#define APIC_TIMER_FROM 0x380
#define APIC_TIMER_LEFT 0x390
#define APIC_TIMER_BY	0x3e0

#define SPURIOUS_ENABLE (1 << 8)
#define LVT_MASKED	(1 << 16)
#define LVT_NMI		(4 << 8)
#define ICR_NMI		(4 << 8)
#define ICR_ASSERT	(1 << 14)
#define ICR_SELF	(1 << 18)
#define TIMER_BY_ONE	0xb

static enum { ABSENT, BY_MMIO, BY_MSR } mode;

static inline __attribute__((always_inline)) void apic_write(u32 reg, u32 value)
{
	if (likely(mode == BY_MMIO))
		*(volatile u32 *)(APIC_MMIO + reg) = value;
	else
		wrmsr(MSR_X2APIC_BASE + reg / 16, value);
}

bool apic_present(void)
{
	return mode != ABSENT;
}

void apic_init(void)
{
	if (!cpu_has("apic"))
		return;
	u64 base = rdmsr(MSR_APIC_BASE);
	if (!(base & APIC_BASE_ON))
		return;
	mode = base & APIC_BASE_X2 ? BY_MSR : BY_MMIO;
	if (mode == BY_MMIO)
		map_kernel_page(kernel_table, APIC_MMIO, base & PTE_ADDRESS,
				PTE_PRESENT | PTE_WRITE | PTE_NX | PTE_UNCACHED);
	apic_write(APIC_LVT_LINT0, LVT_MASKED);
	apic_write(APIC_LVT_LINT1, LVT_NMI); /* as the firmware of every PC has it */
	apic_write(APIC_LVT_ERROR, LVT_MASKED);
	apic_write(APIC_LVT_TIMER, LVT_MASKED);
	apic_write(APIC_TIMER_BY, TIMER_BY_ONE);
	apic_write(APIC_TPR, 0);
	apic_write(APIC_SPURIOUS, SPURIOUS_ENABLE | VECTOR_SPURIOUS);
}

void apic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

bool apic_in_service(u8 vector)
{
	u32 reg = APIC_ISR + vector / 32 * 0x10, bit = 1u << vector % 32;
	if (likely(mode == BY_MMIO))
		return *(volatile u32 *)(APIC_MMIO + reg) & bit;
	return mode == BY_MSR && rdmsr(MSR_X2APIC_BASE + reg / 16) & bit;
}

/* Without `send` the same instructions with another register of the same device. */
void apic_self_ipi(u8 vector, bool send)
{
	static const struct {
		u32 reg, command;
	} writes[] = {{APIC_TPR, 0}, {APIC_ICR_LOW, ICR_SELF}};
	apic_write(writes[send].reg, writes[send].command | (vector & -(u32)send));
}

/*
 * By our own number: the shorthand for "self" takes ordinary interrupts only (SDM 3A 11.6.1).
 * `send` as above.
 */
void apic_self_nmi(bool send)
{
	static const struct {
		u32 reg, command;
	} writes[] = {{APIC_TPR, 0}, {APIC_ICR_LOW, ICR_NMI | ICR_ASSERT}};
	u32 reg = writes[send].reg, command = writes[send].command;
	if (mode == BY_MSR) {
		u64 id = rdmsr(MSR_X2APIC_BASE + APIC_ID / 16) & -(u64)send;
		wrmsr(MSR_X2APIC_BASE + reg / 16, id << 32 | command);
		return;
	}
	apic_write(APIC_ICR_HIGH, *(volatile u32 *)(APIC_MMIO + APIC_ID));
	apic_write(reg, command);
}

void apic_timer_start(u8 vector, u32 ticks)
{
	apic_write(APIC_LVT_TIMER, vector);
	apic_write(APIC_TIMER_FROM, ticks);
}

u32 apic_timer_left(void)
{
	if (mode == BY_MMIO)
		return *(volatile u32 *)(APIC_MMIO + APIC_TIMER_LEFT);
	return rdmsr(MSR_X2APIC_BASE + APIC_TIMER_LEFT / 16);
}

void apic_timer_stop(void)
{
	if (mode == ABSENT)
		return;
	apic_write(APIC_TIMER_FROM, 0);
	apic_write(APIC_LVT_TIMER, LVT_MASKED);
}
