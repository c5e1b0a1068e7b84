/* Stands in for kernel/memory/vm.h where the loader is built for the host. */
#ifndef KERNEL_VM_H
#define KERNEL_VM_H

#include "lib/types.h"
#include "mm/layout.h"

enum vm_prot { VM_READ = 1, VM_WRITE = 2, VM_EXEC = 4 };
s64 vm_map(u64 start, u64 length, u32 prot);
s64 vm_populate(u64 start, u64 length);
void vm_reset(void);

/* For the tests: what is mapped, and the byte at an address (NULL: no page there). */
u64 standin_areas(void);
const u8 *standin_byte(u64 address);

#endif
