/* The program's address space: what is mapped where (areas.c), and the pages behind it (vm.c). */
#ifndef KERNEL_VM_H
#define KERNEL_VM_H

#include "lib/types.h"
#include "mm/layout.h"

/*
 * As PROT_* of Linux, but for the last: what VM_WRITE lets ring 3 write, it then writes by CALL and
 * the instructions for shadow stacks alone.
 */
enum vm_prot { VM_READ = 1, VM_WRITE = 2, VM_EXEC = 4, VM_SHADOW_STACK = 8 };

struct vm_area {
	u64 start, end;
	u32 prot;
	const u8 *data; /* the file's bytes from the area's start on, NULL: anonymous */
	u64 size;	/* how many bytes of the file lie in or behind the area */
};

/* All return 0 or a negative errno. Addresses and lengths are multiples of the page size. */
s64 vm_map(u64 start, u64 length,
	   u32 prot); /* anonymous; -EEXIST where something is mapped already */
s64 vm_map_area(const struct vm_area *area);	 /* the same for any area */
s64 vm_unmap(u64 start, u64 length);		 /* holes are fine */
s64 vm_protect(u64 start, u64 length, u32 prot); /* -ENOMEM at a hole */
s64 vm_discard(u64 start, u64 length);		 /* drops pages: the next touch finds fresh ones */
s64 vm_populate(u64 start, u64 length);		 /* pages present now, not on first touch */

/* A length in whole pages; 0 where no mapping can be so long. */
static inline u64 pages_of(u64 length)
{
	u64 whole = ALIGN_UP(length, PAGE_SIZE);
	return whole > USER_END ? 0 : whole;
}

/* Moves an area or a part of one to a free place, longer or shorter. */
s64 vm_move(u64 from, u64 length, u64 to, u64 new_length);

/* Whether a mapping may be just there; with `replace` what was there is gone. 0 or an errno. */
s64 vm_choose_fixed(u64 address, u64 length, bool replace);
u64 vm_find_gap(u64 length, u64 top);	       /* highest free place below `top`, 0: none */
const struct vm_area *vm_area_at(u64 address); /* or NULL */
bool vm_range_is_free(u64 start, u64 length);
bool vm_is_mapped(u64 start, u64 length); /* every page of it */

/* What became of a page fault at a ring-3 address. */
enum vm_fault {
	VM_FAULT_DONE,	      /* a page is there now */
	VM_FAULT_NO_AREA,     /* nothing is mapped there */
	VM_FAULT_NO_ACCESS,   /* what is mapped there forbids it */
	VM_FAULT_BEYOND_FILE, /* a page behind the end of the mapped file */
	VM_FAULT_NO_MEMORY,
};
enum vm_fault vm_fault(u64 address, u64 error_code);
extern bool vm_last_page_used; /* something was mapped there, if only for a while */
void vm_reset(void);	       /* gives back everything below USER_END */

#define PF_PRESENT 1
#define PF_WRITE   2
#define PF_USER	   4
#define PF_FETCH   16
#define PF_SHSTK   64 /* a shadow stack was meant */

#endif
