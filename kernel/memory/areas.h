/* The list of areas behind the program's address space: for vm.c and its neighbours only. */
#ifndef KERNEL_MM_AREAS_H
#define KERNEL_MM_AREAS_H

#include "memory/vm.h"

#define VM_MAX_AREAS 1024

/* In ascending order, never overlapping. */
extern struct vm_area vm_areas[VM_MAX_AREAS];
extern unsigned vm_area_count;

/* The first area that ends above `address`. */
unsigned area_index(u64 address);

/*
 * Puts `area` in its place, which must be free, and joins it with its neighbours; false when there
 * are too many.
 */
bool area_add(const struct vm_area *area);
void area_remove(unsigned at);

/*
 * Makes `start` and `end` borders, so that no area lies across; false when there would be too many
 * areas.
 */
bool area_split(u64 start, u64 end);

/* Joins areas that touch and agree, from the one before `start` to the one at `end`. */
void area_join(u64 start, u64 end);

#endif
