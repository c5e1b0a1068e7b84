/* Memory: physical pages, page tables, access to ring 3's. */
#ifndef KERNEL_MM_H
#define KERNEL_MM_H

#include "lib/types.h"
#include "mm/layout.h"

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

/*
 * The entry that maps the 4 KiB page of `address`, or NULL; with `create`, tables in between are
 * made (NULL: no memory).
 */
u64 *page_entry(struct page_table table, u64 address, bool create);

/*
 * The kernel's entry for `address`, or NULL; *span is how much the entry, or the missing table,
 * would map.
 */
u64 *page_find(u64 address, u64 *span);

/* Maps one page; panics when there is no memory for a table of the kernel's own half. */
void map_kernel_page(struct page_table table, u64 address, u64 phys, u64 flags);

/* 512 GiB from `address` on, by a table of level 3: `entry` is its address with flags. */
void map_kernel_window(struct page_table table, u64 address, u64 entry);

/* After an entry of the program's half changed from present: no CPU structure may still hold it. */
void flush_user_page(u64 address);

/* ---- access to ring-3 memory (uaccess.S, uaccess.c) ---- */
bool user_range(u64 address,
		u64 n); /* whether it lies in ring 3's half; nothing need be mapped there */

/* These copy all of it or fail; those `_upto` say how many bytes they could copy. */
size_t copy_from_user_upto(void *to, u64 from, size_t n);
size_t copy_to_user_upto(u64 to, const void *from, size_t n);
bool copy_from_user(void *to, u64 from, size_t n);
bool copy_to_user(u64 to, const void *from, size_t n);

/* Zeros to ring 3; how many bytes. */
u64 clear_user_upto(u64 to, u64 n);

/* One word, in few instructions. */
bool load_user_32(u32 *to, u64 from);
bool user_store_shadow(u64 to, u64 value); /* on a shadow stack */

/*
 * Copies a string with its terminator; its length, or -EFAULT, or -ENAMETOOLONG when size is too
 * small.
 */
s64 copy_string_from_user(char *to, u64 from, size_t size);

/* Where a fault at `ip` in ring 0 goes on, or 0: the exception table. */
u64 extable_find(u64 ip);

#endif
