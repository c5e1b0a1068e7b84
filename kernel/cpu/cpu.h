/* Instructions and registers of the CPU that C has no words for. */
#ifndef KERNEL_CPU_H
#define KERNEL_CPU_H

#define CR0_MP (1 << 1)
#define CR0_EM (1 << 2)
#define CR0_NE (1 << 5)
#define CR0_WP (1 << 16)
#define CR0_AM (1 << 18)
#define CR0_PG (1 << 31)

#define CR4_TSD	       (1 << 2)
#define CR4_PAE	       (1 << 5)
#define CR4_MCE	       (1 << 6)
#define CR4_PGE	       (1 << 7)
#define CR4_PCE	       (1 << 8)
#define CR4_OSFXSR     (1 << 9)
#define CR4_OSXMMEXCPT (1 << 10)
#define CR4_UMIP       (1 << 11)
#define CR4_LA57       (1 << 12)
#define CR4_FSGSBASE   (1 << 16)
#define CR4_PCIDE      (1 << 17)
#define CR4_OSXSAVE    (1 << 18)
#define CR4_SMEP       (1 << 20)
#define CR4_SMAP       (1 << 21)
#define CR4_CET	       (1 << 23)
#define CR4_FRED       (1ull << 32)

#define MSR_SPEC_CTRL	    0x48
#define SPEC_CTRL_IBRS	    (1 << 0)
#define SPEC_CTRL_BHI_DIS_S (1 << 10)
#define MSR_PRED_CMD	    0x49
#define PRED_CMD_IBPB	    (1 << 0)
#define MSR_SYSENTER_CS	    0x174
#define MSR_SYSENTER_ESP    0x175
#define MSR_SYSENTER_EIP    0x176
#define MSR_U_CET	    0x6a0
#define MSR_S_CET	    0x6a2
#define S_CET_ENDBR_EN	    (1 << 2)
#define MSR_PL3_SSP	    0x6a7 /* ring 3's shadow stack pointer while the kernel runs */
#define MSR_EFER	    0xc0000080
#define MSR_STAR	    0xc0000081
#define MSR_LSTAR	    0xc0000082
#define MSR_CSTAR	    0xc0000083
#define MSR_SFMASK	    0xc0000084
#define MSR_FS_BASE	    0xc0000100
#define MSR_GS_BASE	    0xc0000101
#define MSR_KERNEL_GS_BASE  0xc0000102
#define EFER_SCE	    (1 << 0)
#define EFER_LME	    (1 << 8)
#define EFER_NXE	    (1 << 11)

#define DR6_CLEAR	0xffff0ff0ull
#define DR6_BREAKPOINTS 0xf
#define DR6_STEP	(1 << 14)

#define FLAG_CF	   (1 << 0)
#define FLAG_FIXED (1 << 1)
#define FLAG_PF	   (1 << 2)
#define FLAG_AF	   (1 << 4)
#define FLAG_ZF	   (1 << 6)
#define FLAG_SF	   (1 << 7)
#define FLAG_TF	   (1 << 8)
#define FLAG_IF	   (1 << 9)
#define FLAG_DF	   (1 << 10)
#define FLAG_OF	   (1 << 11)
#define FLAG_IOPL  (3 << 12)
#define FLAG_NT	   (1 << 14)
#define FLAG_RF	   (1 << 16)
#define FLAG_AC	   (1 << 18)

/* What SYSCALL clears in RFLAGS: as Linux, seeds' 0x47700 (SDM 2B "SYSCALL"). */
#define SYSCALL_MASK (FLAG_TF | FLAG_IF | FLAG_DF | FLAG_IOPL | FLAG_NT | FLAG_AC)

#define VECTOR_DE	 0
#define VECTOR_DB	 1
#define VECTOR_NMI	 2
#define VECTOR_BP	 3
#define VECTOR_OF	 4
#define VECTOR_BR	 5
#define VECTOR_UD	 6
#define VECTOR_NM	 7
#define VECTOR_DF	 8
#define VECTOR_TS	 10
#define VECTOR_NP	 11
#define VECTOR_SS	 12
#define VECTOR_GP	 13
#define VECTOR_PF	 14
#define VECTOR_MF	 16
#define VECTOR_AC	 17
#define VECTOR_MC	 18
#define VECTOR_XM	 19
#define VECTOR_CP	 21
#define VECTOR_EXTERNAL	 32 /* the first that is no exception */
#define VECTOR_INT80	 0x80
#define VECTOR_TIMER	 0xec
#define VECTOR_MECHANISM 0xfc /* asked for by eb_mechanism (private/mechanism.c) */
#define VECTOR_SPURIOUS	 0xff
#define VECTOR_COST	 0xf0 /* ring 0 only: eb_cost */

/* Vectors at which the CPU pushes an error code (SDM 3A table 6-1): 8, 10-14, 17, 21, 29, 30. */
#define VECTORS_WITH_ERROR_CODE 0x60227d00

#ifndef __ASSEMBLER__
#include "lib/types.h"

static inline u8 inb(u16 port)
{
	u8 value;
	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void outb(u16 port, u8 value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline u64 rdmsr(u32 msr)
{
	u32 low, high;
	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (u64)high << 32 | low;
}

static inline u64 rdtsc(void)
{
	u32 low, high;
	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (u64)high << 32 | low;
}

static inline void wrmsr(u32 msr, u64 value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}

#define CONTROL_REGISTER(name)                                                                     \
	static inline u64 read_##name(void)                                                        \
	{                                                                                          \
		u64 value;                                                                         \
		__asm__ volatile("mov %%" #name ", %0" : "=r"(value) : : "memory");                \
		return value;                                                                      \
	}                                                                                          \
	static inline void write_##name(u64 value)                                                 \
	{                                                                                          \
		__asm__ volatile("mov %0, %%" #name : : "r"(value) : "memory");                    \
	}
CONTROL_REGISTER(cr0)
CONTROL_REGISTER(cr2)
CONTROL_REGISTER(cr3)
CONTROL_REGISTER(cr4)
CONTROL_REGISTER(dr0)
CONTROL_REGISTER(dr1)
CONTROL_REGISTER(dr2)
CONTROL_REGISTER(dr3)
CONTROL_REGISTER(dr6)
CONTROL_REGISTER(dr7)
#undef CONTROL_REGISTER

static inline void cpuid(u32 leaf, u32 subleaf, u32 out[4])
{
	__asm__ volatile("cpuid"
			 : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3])
			 : "a"(leaf), "c"(subleaf));
}

static inline void irq_enable(void)
{
	__asm__ volatile("sti" : : : "memory");
}

static inline void irq_disable(void)
{
	__asm__ volatile("cli" : : : "memory");
}

/* What CPUID said at boot, as far as the core cares. */
struct cpu_features {
	bool amd; /* AMD's kind of CPU, as against Intel's */
	bool pcid, invpcid, smep, smap, umip, fsgsbase, la57, rdtscp, nx, pge, xsave;
	bool shstk; /* switched on, where the variant wants it */
	char brand[52];
	char list[256]; /* the names of those present, comma-separated, for the boot record */
};
extern struct cpu_features cpu;

void cpu_detect(void);
void cpu_enable_features(void);
void syscall_msrs_init(void);

/* Whether the CPU has the feature of that name (as in `needs` of a variant). */
bool cpu_has(const char *name);
#endif
#endif
