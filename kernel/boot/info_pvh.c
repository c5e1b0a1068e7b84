/* PVH's start information (Xen public/arch-x86/hvm/start_info.h, version 1: with a memory map). */
#include "boot/boot.h"
#include "lib/lib.h"
#include "mm/mm.h"

#define PVH_MAGIC 0x336ec578
#define PVH_RAM	  1

struct pvh_start_info {
	u32 magic, version, flags, nr_modules;
	u64 modlist, cmdline, rsdp, memmap;
	u32 memmap_entries, reserved;
};

struct pvh_module {
	u64 address, size, cmdline, reserved;
};

struct pvh_memory {
	u64 address, size;
	u32 type, reserved;
};

struct boot_info boot_info;

bool boot_info_from_pvh(u64 start_info)
{
	const struct pvh_start_info *info = phys_to_virt(start_info);
	if (info->magic != PVH_MAGIC || info->version < 1)
		return false;
	if (info->cmdline)
		copy_string(boot_info.cmdline, sizeof(boot_info.cmdline),
			    phys_to_virt(info->cmdline));
	if (info->nr_modules) {
		const struct pvh_module *module = phys_to_virt(info->modlist);
		boot_info.initrd_start = module->address;
		boot_info.initrd_size = module->size;
	}
	const struct pvh_memory *memory = phys_to_virt(info->memmap);
	for (u32 i = 0; i < info->memmap_entries && boot_info.ram_count < BOOT_MAX_REGIONS; i++)
		if (memory[i].type == PVH_RAM)
			boot_info.ram[boot_info.ram_count++] = (struct boot_region){
			    memory[i].address, memory[i].address + memory[i].size};
	return true;
}
