/*
 * The CPU entry area: GDT, IDT, TSS, entry stack and IST stacks, at one fixed place that KPTI's
 * user table maps too.
 */
#include "cpu/cpu.h"
#include "cpu/nmi.h"
#include "cpu/percpu.h"
#include "cpu/selectors.h"
#include "entry/erase.h"
#include "entry/pt_regs.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "private/cost.h"
#include "private/mechanism.h"
#include "cpu/fred.h"

/*
 * The memory behind it, in the image; the entry area is a second view of it, read-only for GDT and
 * IDT.
 */
static struct cpu_entry_area backing;

#define CODE64 0x00af9b000000ffffull /* long mode, execute/read, accessed, present, ring 0 */
#define CODE32 0x00cf9b000000ffffull
#define DATA   0x00cf93000000ffffull
#define RING3  (3ull << 45)

static void gdt_init(void)
{
	u64 *gdt = (u64 *)backing.gdt;
	u64 tss = (u64)&this_cpu->tss;
	gdt[GDT_KERNEL32_CS] = CODE32;
	gdt[GDT_KERNEL_CS] = CODE64;
	gdt[GDT_KERNEL_DS] = DATA;
	gdt[GDT_USER32_CS] = CODE32 | RING3;
	gdt[GDT_USER_DS] = DATA | RING3;
	gdt[GDT_USER_CS] = CODE64 | RING3;
	/* available 64-bit TSS (SDM 3A 7.2.3) */
	gdt[GDT_TSS] = (sizeof(struct tss) - 1) | (tss & 0xffffff) << 16 | 0x89ull << 40 |
		       (tss >> 24 & 0xff) << 56;
	gdt[GDT_TSS + 1] = tss >> 32;
}

struct gate {
	u16 offset_low, selector;
	u8 ist, type;
	u16 offset_middle;
	u32 offset_high, reserved;
};
_Static_assert(sizeof(struct gate) == 16, "the CPU knows this layout");

#define GATE_INTERRUPT 0x8e /* present, ring 0, IRQs off on entry */
#define GATE_RING3     0x60

static void set_gate_to(unsigned vector, u64 stub, enum ist ist, u8 ring3)
{
	((struct gate *)backing.idt)[vector] = (struct gate){
	    .offset_low = stub,
	    .selector = KERNEL_CS,
	    .ist = ist,
	    .type = GATE_INTERRUPT | ring3,
	    .offset_middle = stub >> 16,
	    .offset_high = stub >> 32,
	};
}

static void set_gate(unsigned vector, enum ist ist, u8 ring3)
{
	set_gate_to(vector, (u64)entry_variant.vector_stubs + vector * VECTOR_STUB_SIZE, ist,
		    ring3);
}

void cpu_divert_gate(unsigned vector, unsigned to)
{
	static const u8 ist[VECTOR_EXTERNAL] = {[VECTOR_DF] = IST_DF,
						[VECTOR_NMI] = IST_NMI,
						[VECTOR_DB] = IST_DB,
						[VECTOR_MC] = IST_MC};
	if (entry_variant.fred) {
		fred_divert(vector, to);
		return;
	}
	set_gate_to(vector, (u64)entry_variant.vector_stubs + to * VECTOR_STUB_SIZE, ist[to],
		    vector == VECTOR_BP ? GATE_RING3 : 0);
}

static void idt_init(void)
{
	for (unsigned vector = 0; vector < 256; vector++)
		set_gate(vector, IST_NONE, 0);
	set_gate(VECTOR_BP, IST_NONE, GATE_RING3);
	set_gate(VECTOR_OF, IST_NONE, GATE_RING3);
	set_gate(VECTOR_DF, IST_DF, 0);
	set_gate(VECTOR_NMI, IST_NMI, 0);
	set_gate(VECTOR_DB, IST_DB, 0);
	set_gate(VECTOR_MC, IST_MC, 0);
	set_gate_to(VECTOR_INT80, (u64)entry_variant.int80, IST_NONE, GATE_RING3);
	set_gate_to(VECTOR_COST, (u64)cost_interrupt, IST_NONE, 0);
}

/*
 * The call gate is a 64-bit one of ring 3 (SDM 3A 5.8.3.1). Where they are closed ring 3 finds what
 * it finds on Linux.
 */
void cpu_open_gates(bool open)
{
	u64 *gdt = (u64 *)backing.gdt, gate = (u64)entry_variant.call_gate;
	gdt[GDT_CALL_GATE] = gdt[GDT_CALL_GATE + 1] = 0;
	set_gate(EB_INTERRUPT_GATE, IST_NONE, 0);
	if (!open)
		return;
	gdt[GDT_CALL_GATE] =
	    (gate & 0xffff) | KERNEL_CS << 16 | 0xecull << 40 | (gate >> 16 & 0xffff) << 48;
	gdt[GDT_CALL_GATE + 1] = gate >> 32;
	set_gate_to(EB_INTERRUPT_GATE, (u64)entry_variant.interrupt_gate, IST_NONE, GATE_RING3);
}

static void map(const void *place, const void *from, u64 size, u64 flags)
{
	for (u64 offset = 0; offset < size; offset += PAGE_SIZE) {
		u64 phys = image_to_phys((const u8 *)from + offset);
		u64 address = (u64)place + offset;
		map_kernel_page(kernel_table, address, phys, flags);
		if (user_table.root != kernel_table.root)
			map_kernel_page(user_table, address, phys, flags);
	}
}

void cpu_entry_area_init(void)
{
	u64 global = entry_variant.kpti == KPTI_OFF ? PTE_GLOBAL : 0;
	u64 read_only = PTE_PRESENT | PTE_NX | global;
	u64 read_write = read_only | PTE_WRITE;
	struct cpu_entry_area *area = CPU_ENTRY_AREA;
	map(area->gdt, backing.gdt, PAGE_SIZE, read_only);
	map(area->idt, backing.idt, PAGE_SIZE, read_only);
	map(area->entry_stack, backing.entry_stack, PAGE_SIZE, read_write);
	map(area->percpu_page, backing.percpu_page, PAGE_SIZE, read_write);
	for (int i = IST_NONE + 1; i < IST_COUNT; i++) {
		map(area->ist[i].stack, backing.ist[i].stack, IST_STACK_SIZE, read_write);
		backing.percpu.tss.ist[i - 1] = (u64)area->ist[i].stack + IST_STACK_SIZE;
	}
	backing.percpu.tss.ist[IST_NMI - 1] -= NMI_STACK_RESERVED;
	backing.percpu.tss.io_map = sizeof(struct tss);
	backing.percpu.trampoline_top = (u64)area->entry_stack + PAGE_SIZE;
	backing.percpu.has_smap = cpu.smap;
	backing.percpu.kernel_cr3 = kernel_table.root;
	backing.percpu.user_cr3 = user_table.root;
	if (read_cr4() & CR4_PCIDE) {
		backing.percpu.kernel_cr3 |= PCID_KERNEL | CR3_NOFLUSH;
		backing.percpu.user_cr3 |= PCID_USER | CR3_NOFLUSH;
	}
	gdt_init();
	if (!entry_variant.fred)
		idt_init();
}

struct table_pointer {
	u16 limit;
	u64 base;
} __packed;

BIG_FRAME_BEGIN /* boot stack */
void cpu_load_tables(void)
{
	/* LTR marks the TSS busy in the GDT, so it must see the writable view first. */
	struct table_pointer writable = {GDT_ENTRIES * 8 - 1, (u64)backing.gdt};
	struct table_pointer gdt = {GDT_ENTRIES * 8 - 1, (u64)CPU_ENTRY_AREA->gdt};
	struct table_pointer idt = {PAGE_SIZE - 1, (u64)CPU_ENTRY_AREA->idt};
	__asm__ volatile("lgdt %0; ltr %w1; lgdt %2; lidt %3"
			 :
			 : "m"(writable), "r"(TSS_SELECTOR), "m"(gdt), "m"(idt)
			 : "memory");
	__asm__ volatile("pushq %0; leaq 1f(%%rip), %%rax; pushq %%rax; lretq; 1:"
			 "movl %1, %%ss; xorl %%eax, %%eax; movl %%eax, %%ds; movl %%eax, %%es; "
			 "movl %%eax, %%fs; movl %%eax, %%gs"
			 :
			 : "i"(KERNEL_CS), "r"(KERNEL_DS)
			 : "rax", "memory");
	wrmsr(MSR_GS_BASE, (u64)this_cpu);
	wrmsr(MSR_KERNEL_GS_BASE, 0);
	wrmsr(MSR_FS_BASE, 0);
}
BIG_FRAME_END

void cpu_set_ldt(u64 base, u32 size)
{
	u64 *gdt = (u64 *)backing.gdt;
	u16 selector = size ? LDT_SELECTOR : 0;
	/* SDM 3A 7.2.3: the form of a TSS descriptor, type 2 */
	gdt[GDT_LDT] = (size - 1) & 0xffff;
	gdt[GDT_LDT] |= (base & 0xffffff) << 16 | 0x82ull << 40 | (base >> 24 & 0xff) << 56;
	gdt[GDT_LDT + 1] = base >> 32;
	__asm__ volatile("lldt %0" : : "r"(selector) : "memory");
}

void cpu_set_tls(const u64 descriptors[TLS_SEGMENTS])
{
	for (unsigned i = 0; i < TLS_SEGMENTS; i++)
		((u64 *)backing.gdt)[GDT_TLS + i] = descriptors[i];
}

void cpu_set_kernel_stack(u64 bottom, u64 top)
{
	struct percpu *p = this_cpu;
	p->kernel_top = top + entry_variant.above_regs;
	p->kernel_regs = top - sizeof(struct pt_regs);
	p->stack_bottom = bottom;
	p->tss.sp[0] = entry_variant.trampoline ? p->trampoline_top : top;
	p->erase_look = top - sizeof(struct pt_regs) - (ERASE_SHALLOW + ERASE_RUN) * 8;
	p->erase_mark = 0;
	if (entry_variant.fred)
		wrmsr(MSR_FRED_RSP, p->kernel_top);
}

/*
 * In long mode SYSENTER is Intel's (and its cousins'): AMD's CPUs have it in protected mode only
 * (APM 3 "SYSENTER").
 */
static bool has_sysenter(void)
{
	return cpu_has("sysenter") && !cpu.amd;
}

/*
 * STAR: CS and SS of both directions; SFMASK: flags that SYSCALL clears (SDM 3A 5.8.8). CSTAR:
 * SYSCALL from 32-bit code, which only AMD's CPUs take. SYSENTER_CS: 0 makes SYSENTER fault; else
 * CS and SS of both directions too (SDM 2B "SYSEXIT").
 */
void syscall_msrs_init(void)
{
	wrmsr(MSR_STAR, (u64)USER32_CS << 48 | (u64)KERNEL_CS << 32);
	wrmsr(MSR_LSTAR, (u64)entry_variant.syscall_64);
	wrmsr(MSR_CSTAR, (u64)entry_variant.syscall_32);
	wrmsr(MSR_SFMASK, SYSCALL_MASK & ~(entry_variant.step_in_syscall ? FLAG_TF : 0));
	if (cpu_has("sysenter")) {
		wrmsr(MSR_SYSENTER_CS, has_sysenter() ? KERNEL_CS : 0);
		wrmsr(MSR_SYSENTER_ESP, this_cpu->trampoline_top);
		wrmsr(MSR_SYSENTER_EIP, (u64)entry_variant.sysenter);
	}
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE);
}
