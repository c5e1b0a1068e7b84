/*
 * What of the kernel ring 3's page table may map with KPTI: the list that both page-table audits
 * hold it to.
 */
#ifndef GUEST_ALLOWED_H
#define GUEST_ALLOWED_H

#include <entrybench/audit.h>

#include "mm/layout.h"
#include "cpu/percpu.h"

/* One place of the CPU entry area or the entry code that ring 3's table must map, and how. */
#define AREA(field) CPU_ENTRY_AREA_BASE + offsetof(struct cpu_entry_area, field)
#define IST(n)	    AREA(ist[n].stack), IST_STACK_SIZE, EB_RANGE_WRITE
static const struct {
	const char *name;
	uint64_t start, size, flags;
	const char *feature; /* of the variants that have it; NULL: all */
} allowed[] = {
    {"GDT", AREA(gdt), PAGE_SIZE, 0, NULL},
    {"IDT", AREA(idt), PAGE_SIZE, 0, NULL},
    {"entry stack", AREA(entry_stack), PAGE_SIZE, EB_RANGE_WRITE, NULL},
    {"TSS and per-CPU block", AREA(percpu_page), PAGE_SIZE, EB_RANGE_WRITE, NULL},
    {"#DF stack", IST(IST_DF), NULL},
    {"NMI stack", IST(IST_NMI), NULL},
    {"#DB stack", IST(IST_DB), NULL},
    {"#MC stack", IST(IST_MC), NULL},
    {"aliases of the ministack", ESPFIX_BASE, ESPFIX_SIZE, 0, "espfix=on"},
    {"entry code", KERNEL_BASE + KERNEL_LOAD + BOOT_TEXT_SIZE, ENTRY_TEXT_SIZE, EB_RANGE_EXEC,
     NULL},
};
enum { ALLOWED = sizeof(allowed) / sizeof(allowed[0]) };

#endif
