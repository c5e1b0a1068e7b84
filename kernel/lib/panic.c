/*
 * The end of a kernel that found itself wrong: everything a reader needs, and never a look of
 * success.
 */
#include <stdarg.h>

#include "boot/boot.h"
#include "cpu/cpu.h"
#include "dev/dev.h"
#include "entry/erase.h"
#include "entry/variant.h"
#include "lib/lib.h"

/* entry_phase.h makes the rows. */
struct phase_row {
	u64 address;
	char name[38];
	u16 index;
};
extern const struct phase_row entry_phases[]; /* a row without an address ends them */

const char *phase_name_of(unsigned index)
{
	for (const struct phase_row *row = entry_phases; row->address; row++)
		if (row->index == index)
			return row->name;
	return NULL;
}

const char *phase_name(u64 ip)
{
	const struct phase_row *best = NULL;
	if (ip < (u64)entry_text_start || ip >= (u64)entry_text_end)
		return "";
	for (const struct phase_row *row = entry_phases; row->address; row++)
		if (row->address <= ip && (!best || row->address >= best->address))
			best = row;
	return best ? best->name : "";
}

u64 phase_address(const char *name)
{
	for (const struct phase_row *row = entry_phases; row->address; row++)
		if (!strcmp(row->name, name))
			return row->address;
	return 0;
}

static void print_regs(const struct pt_regs *r)
{
	const char *phase = phase_name(r->ip);
	kprintf("  ip %p cs %04lx flags %06lx sp %p ss %04x error %lx\n", (void *)r->ip, r->cs,
		r->flags, (void *)r->sp, r->ss, r->orig_ax);
	kprintf("  ax %p bx %p cx %p dx %p\n", (void *)r->ax, (void *)r->bx, (void *)r->cx,
		(void *)r->dx);
	kprintf("  si %p di %p bp %p r8 %p\n", (void *)r->si, (void *)r->di, (void *)r->bp,
		(void *)r->r8);
	kprintf("  r9 %p 10 %p 11 %p 12 %p\n", (void *)r->r9, (void *)r->r10, (void *)r->r11,
		(void *)r->r12);
	kprintf("  13 %p 14 %p 15 %p\n", (void *)r->r13, (void *)r->r14, (void *)r->r15);
	kprintf("  cr2 %p cr3 %p cr4 %lx gs %p kernel gs %p\n", (void *)read_cr2(),
		(void *)read_cr3(), read_cr4(), (void *)rdmsr(MSR_GS_BASE),
		(void *)rdmsr(MSR_KERNEL_GS_BASE));
	kprintf("  phase %s\n", *phase ? phase : "none: not in the entry code");
}

BIG_FRAME_BEGIN /* ring 3 never runs again */
void panic(const struct pt_regs *regs, const char *format, ...)
{
	static bool panicking;
	static char reason[160];
	va_list args;
	irq_disable();
	if (panicking)
		machine_exit(EXIT_PANIC);
	panicking = true;
	va_start(args, format);
	kvformat(reason, sizeof(reason), format, &args);
	va_end(args);
	kprintf("\nentrybench panic (variant %s): %s\n", entry_variant.name, reason);
	if (regs)
		print_regs(regs);
	record_begin("exit");
	record_number("records", record_count());
	record_text("status", "panic");
	record_text("reason", reason);
	record_end();
	machine_exit(EXIT_PANIC);
}
BIG_FRAME_END
