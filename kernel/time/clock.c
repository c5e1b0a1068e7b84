/*
 * The clock: nanoseconds from the TSC. Its frequency comes from CPUID, else from counting a while
 * of the PIT; where there is neither (QEMU's microvm board without a PIT) it is taken for 1 GHz,
 * which is exact under TCG with icount.
 */
#include "cpu/cpu.h"
#include "time/time.h"

enum cpuid_register { EAX, EBX, ECX, EDX };

#define ASSUMED_HZ     1000000000ull
#define HYPERVISOR     0x40000000
#define HYPERVISOR_TSC 0x40000010 /* kHz in EAX (VMware's, which KVM and others took over) */

#define PIT_HZ	       1193182ull
#define PIT_TICKS      11932 /* 10 ms */
#define PIT_CHANNEL_2  0x42
#define PIT_COMMAND    0x43
#define PORT_B	       0x61
#define PORT_B_GATE    1
#define PORT_B_SPEAKER 2
#define PORT_B_OUT     0x20

static u64 start, hz;
static u64 ns_per_tick; /* 32.32 */

/* CPUID leaves 15h and 16h (SDM 2A "CPUID", 3B 19.7.3) and the hypervisors' own. */
static u64 hz_from_cpuid(void)
{
	u32 r[4];
	cpuid(0, 0, r);
	u32 last = r[EAX];
	cpuid(1, 0, r);
	if (r[ECX] >> 31) {
		cpuid(HYPERVISOR, 0, r);
		if (r[EAX] >= HYPERVISOR_TSC && r[EAX] < HYPERVISOR + 0x10000) {
			cpuid(HYPERVISOR_TSC, 0, r);
			if (r[EAX])
				return r[EAX] * 1000ull;
		}
	}
	if (last >= 0x15) {
		cpuid(0x15, 0, r);
		if (r[EAX] && r[EBX] && r[ECX])
			return (u64)r[ECX] * r[EBX] / r[EAX];
	}
	if (last >= 0x16) {
		cpuid(0x16, 0, r);
		return (r[EAX] & 0xffff) * 1000000ull;
	}
	return 0;
}

/* Counts the TSC while channel 2 runs down once; 0 where no PIT answers. */
static u64 hz_from_pit(void)
{
	u8 port_b = inb(PORT_B);
	outb(PORT_B, (port_b & ~PORT_B_SPEAKER) | PORT_B_GATE);
	outb(PIT_COMMAND, 0xb0); /* channel 2, both bytes, mode 0: OUT rises at the end */
	outb(PIT_CHANNEL_2, PIT_TICKS & 0xff);
	outb(PIT_CHANNEL_2, PIT_TICKS >> 8);
	u64 from = rdtsc();
	u8 first = inb(PORT_B);
	if (first & PORT_B_OUT) /* nobody there: all bits read 1 */
		return 0;
	while (!(inb(PORT_B) & PORT_B_OUT))
		if (rdtsc() - from > 100 * ASSUMED_HZ)
			return 0;
	u64 ticks = rdtsc() - from;
	outb(PORT_B, port_b);
	return ticks * PIT_HZ / PIT_TICKS;
}

void clock_init(void)
{
	hz = hz_from_cpuid();
	if (!hz)
		hz = hz_from_pit();
	ns_per_tick = (NS_PER_SECOND << 32) / (hz ? hz : ASSUMED_HZ);
	start = rdtsc();
}

u64 clock_hz(void)
{
	return hz;
}

u64 clock_ns(void)
{
	return (unsigned __int128)(rdtsc() - start) * ns_per_tick >> 32;
}
