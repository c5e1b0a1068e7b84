/* What the loader told the core, in one form for PVH and Multiboot2. */
#ifndef KERNEL_BOOT_H
#define KERNEL_BOOT_H

#include "lib/types.h"

#define BOOT_MAX_REGIONS 64

struct boot_region {
	u64 start, end; /* usable RAM, physical */
};

struct boot_info {
	char cmdline[1024];
	struct boot_region ram[BOOT_MAX_REGIONS];
	unsigned ram_count;
	u64 initrd_start, initrd_size; /* physical; size 0: none */
};
extern struct boot_info boot_info;

/* Each reads the loader's structure at a physical address below 4 GiB; false if it is not one. */
bool boot_info_from_pvh(u64 start_info);
bool boot_info_from_multiboot2(u64 information);

__noreturn void boot_main(bool from_multiboot2, u64 information);

/* The end of the kernel image and its parts (kernel.ld.S). */
extern u8 kernel_start[], kernel_end[], entry_text_start[], entry_text_end[], entry_rodata_start[];
extern u8 text_start[], text_end[], rodata_start[], rodata_end[], data_start[], data_end[];

#endif
