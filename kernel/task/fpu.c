/* Saving and loading of x87, SSE, AVX and AVX-512 state (SDM 1 chapter 13). */
#include "cpu/cpu.h"
#include "lib/lib.h"
#include "mm/layout.h"
#include "task/fpu.h"

enum cpuid_register { EAX, EBX, ECX, EDX };

#define XCR0_X87_SSE 0x3
#define XCR0_AVX     0x4
#define XCR0_AVX512  0xe0 /* mask registers, upper halves, upper registers: all or none */

#define FXSAVE_SIZE   512
#define FXSAVE_FCW    0
#define FXSAVE_MXCSR  24
#define DEFAULT_FCW   0x37f
#define DEFAULT_MXCSR 0x1f80

/*
 * fpu_load.S: XRSTOR, or FXRSTOR where `features` is 0; false where the CPU refuses what is in the
 * area.
 */
bool fpu_load(const void *area, u64 features);

struct fpu fpu = {.size = FXSAVE_SIZE};

static void write_xcr0(u64 value)
{
	__asm__ volatile("xsetbv" : : "c"(0), "a"((u32)value), "d"((u32)(value >> 32)));
}

static u64 wanted_features(void)
{
	u32 r[4];
	cpuid(0xd, 0, r);
	u64 features = r[EAX] & (XCR0_X87_SSE | XCR0_AVX);
	if (features & XCR0_AVX && (r[EAX] & XCR0_AVX512) == XCR0_AVX512)
		features |= XCR0_AVX512;
	return features;
}

void fpu_init(void)
{
	u32 r[4];
	if (!cpu.xsave)
		return;
	write_cr4(read_cr4() | CR4_OSXSAVE);
	fpu.features = wanted_features();
	write_xcr0(fpu.features);
	cpuid(0xd, 0, r); /* EBX: the size for what XCR0 has now */
	fpu.size = r[EBX];
	if (fpu.size > PAGE_SIZE)
		panic(NULL, "XSAVE wants %u bytes, more than a page", fpu.size);
}

void fpu_save(void *area)
{
	if (fpu.features)
		__asm__ volatile("xsave64 (%0)"
				 :
				 : "r"(area), "a"((u32)fpu.features), "d"((u32)(fpu.features >> 32))
				 : "memory");
	else
		__asm__ volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}

bool fpu_restore(const void *area)
{
	return fpu_load(area, fpu.features);
}

/*
 * With XSAVE a header of zeros means that every part is in its initial state; MXCSR counts all the
 * same.
 */
void fpu_reset(void)
{
	static u8 initial[PAGE_SIZE] __aligned(PAGE_SIZE);
	*(u16 *)(initial + FXSAVE_FCW) = DEFAULT_FCW;
	*(u32 *)(initial + FXSAVE_MXCSR) = DEFAULT_MXCSR;
	fpu_restore(initial);
}
