/* Memory: physical pages, page tables, the program's address space, access to it. */
#ifndef KERNEL_MM_H
#define KERNEL_MM_H

#include "layout.h"
#include "types.h"

#define PTE_PRESENT  (1ull << 0)
#define PTE_WRITE    (1ull << 1)
#define PTE_USER     (1ull << 2)
#define PTE_UNCACHED (3ull << 3) /* PCD and PWT */
#define PTE_ACCESSED (1ull << 5)
#define PTE_DIRTY    (1ull << 6)
#define PTE_HUGE     (1ull << 7)
#define PTE_GLOBAL   (1ull << 8)
#define PTE_NX	     (1ull << 63)
#define PTE_ADDRESS  0x000ffffffffff000ull

/* ---- physical pages (phys.c) ---- */
void phys_init(void);
u64 phys_alloc(void);	   /* a zeroed page, or 0 when there is none */
u64 phys_alloc_pair(void); /* two zeroed pages in a row, the first at an even page number, or 0 */
void phys_free(u64 page);
u64 phys_free_pages(void); /* pages that could still be had */
u64 phys_total_pages(void);

static inline void *phys_to_virt(u64 phys)
{
	return (void *)(DIRECT_MAP + phys);
}

static inline u64 image_to_phys(const void *address)
{
	return (u64)address - KERNEL_BASE;
}

/* ---- page tables (paging.c) ---- */
struct page_table {
	u64 root; /* physical address of the top level */
};
extern struct page_table kernel_table; /* in use in the kernel */
extern struct page_table user_table;   /* in use in ring 3: the same, or with KPTI its pair */
extern int paging_levels;	       /* 4 or 5 */

void paging_init(void);

/* The entry that maps the 4 KiB page of `address`, or NULL; with `create`, tables in between are made (NULL: no memory). */
u64 *page_entry(struct page_table table, u64 address, bool create);

/* The kernel's entry for `address`, or NULL; *span is how much the entry, or the missing table, would map. */
u64 *page_find(u64 address, u64 *span);

/* Maps one page; panics when there is no memory for a table of the kernel's own half. */
void map_kernel_page(struct page_table table, u64 address, u64 phys, u64 flags);

/* 512 GiB from `address` on, by a table of level 3: `entry` is its address with flags. */
void map_kernel_window(struct page_table table, u64 address, u64 entry);

/* After an entry of the program's half changed from present: no CPU structure may still hold it. */
void flush_user_page(u64 address);

/* ---- the program's address space (areas.c, vm.c) ---- */
enum vm_prot { VM_READ = 1, VM_WRITE = 2, VM_EXEC = 4 }; /* as PROT_* of Linux */

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
void vm_reset(void); /* gives back everything below USER_END */

#define PF_PRESENT 1
#define PF_WRITE   2
#define PF_USER	   4
#define PF_FETCH   16

/* ---- access to ring-3 memory (uaccess.S, uaccess.c) ---- */
bool user_range(u64 address,
		u64 n); /* whether it lies in ring 3's half; nothing need be mapped there */

/* These copy all of it or fail; those `_upto` say how many bytes they could copy. */
size_t copy_from_user_upto(void *to, u64 from, size_t n);
size_t copy_to_user_upto(u64 to, const void *from, size_t n);
bool copy_from_user(void *to, u64 from, size_t n);
bool copy_to_user(u64 to, const void *from, size_t n);

/* One word, in few instructions. */
bool load_user_32(u32 *to, u64 from);

/* Copies a string with its terminator; its length, or -EFAULT, or -ENAMETOOLONG when size is too small. */
s64 copy_string_from_user(char *to, u64 from, size_t size);

/* Where a fault at `ip` in ring 0 goes on, or 0: the exception table. */
u64 extable_find(u64 ip);

#endif
