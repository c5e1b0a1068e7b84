/* Multiboot2's boot information (Multiboot2 Specification 2.0, section 3.6). */
#include "boot/boot.h"
#include "lib/lib.h"
#include "mm/mm.h"

enum { TAG_END, TAG_CMDLINE = 1, TAG_MODULE = 3, TAG_MEMORY = 6 };
#define MEMORY_RAM 1

struct tag {
	u32 type, size;
};

struct tag_module {
	struct tag tag;
	u32 start, end;
};

struct tag_memory {
	struct tag tag;
	u32 entry_size, entry_version;
};

struct memory_entry {
	u64 address, size;
	u32 type, reserved;
};

static void read_memory(const struct tag_memory *memory)
{
	const u8 *entry = (const u8 *)(memory + 1);
	const u8 *end = (const u8 *)memory + memory->tag.size;
	if (memory->entry_size < sizeof(struct memory_entry))
		return;
	for (; entry + memory->entry_size <= end && boot_info.ram_count < BOOT_MAX_REGIONS;
	     entry += memory->entry_size) {
		const struct memory_entry *e = (const void *)entry;
		if (e->type == MEMORY_RAM)
			boot_info.ram[boot_info.ram_count++] =
			    (struct boot_region){e->address, e->address + e->size};
	}
}

static void read_tag(const struct tag *tag)
{
	if (tag->type == TAG_CMDLINE) {
		copy_string(boot_info.cmdline, sizeof(boot_info.cmdline), (const char *)(tag + 1));
	} else if (tag->type == TAG_MODULE && !boot_info.initrd_size) {
		const struct tag_module *module = (const void *)tag;
		boot_info.initrd_start = module->start;
		boot_info.initrd_size = module->end - module->start;
	} else if (tag->type == TAG_MEMORY) {
		read_memory((const void *)tag);
	}
}

bool boot_info_from_multiboot2(u64 information)
{
	const u8 *at = phys_to_virt(information);
	const u8 *end = at + *(const u32 *)at;
	for (at += 8; at + sizeof(struct tag) <= end;) {
		const struct tag *tag = (const void *)at;
		if (tag->type == TAG_END)
			return true;
		if (tag->size < sizeof(struct tag))
			return false;
		read_tag(tag);
		at += ALIGN_UP(tag->size, 8);
	}
	return false;
}
