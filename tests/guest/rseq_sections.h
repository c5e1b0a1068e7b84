/* Code in restartable sequences (rseq_sections.S), and what the kernel is told of them. */
#ifndef GUEST_RSEQ_SECTIONS_H
#define GUEST_RSEQ_SECTIONS_H

#define SIGNATURE    0x53053053
#define AREA_SECTION 8

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

enum { SYS_RSEQ = 334 };

/* Linux' struct rseq, as it was first. */
struct rseq_area {
	uint32_t cpu_id_start, cpu_id;
	uint64_t section;
	uint32_t flags, node_id, mm_cid, reserved;
} __attribute__((aligned(32)));
_Static_assert(offsetof(struct rseq_area, section) == AREA_SECTION, "written twice");

/* Each returns 0 at the end of its section and 1 from its abort handler. */
long section_wait(volatile struct rseq_area *area, volatile uint32_t *until);
long section_trap(volatile struct rseq_area *area);
long section_int(volatile struct rseq_area *area);
long section_sysenter(volatile struct rseq_area *area);
long section_unsigned(volatile struct rseq_area *area);
long section_touch(volatile struct rseq_area *area, volatile uint8_t *page);
long section_yield(volatile struct rseq_area *area);
extern const char section_trap_abort[], section_int_abort[], section_sysenter_abort[];

/* Traps outside the section that the area names; what it names then. */
uint64_t trap_outside(volatile struct rseq_area *area);
#endif
#endif
