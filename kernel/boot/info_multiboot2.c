/* Multiboot2's boot information (Multiboot2 Specification 2.0, section 3.6). */
#include "boot/boot.h"
#include "lib/lib.h"
#include "mm/mm.h"

enum { TAG_END, TAG_CMDLINE = 1, TAG_MODULE = 3, TAG_MEMORY = 6, TAG_SCREEN = 8 };
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

struct tag_screen {
	struct tag tag;
	u64 address;
	u32 pitch, width, height;
	u8 bits, type;
};
enum { SCREEN_RGB = 1, SCREEN_CHARACTERS };

static void read_screen(const struct tag_screen *screen)
{
	bool characters = screen->type == SCREEN_CHARACTERS;
	if (characters || (screen->type == SCREEN_RGB && screen->bits >= 24))
		boot_info.screen =
		    (struct boot_screen){screen->address, screen->pitch,    screen->width,
					 screen->height,  screen->bits / 8, characters};
}

struct psf1 {
	u8 magic[2], mode, height;
	u8 glyphs[FONT_GLYPHS][FONT_HEIGHT];
};

/* The initrd is the first module that is no font. */
static void read_module(const struct tag_module *module)
{
	const struct psf1 *font = phys_to_virt(module->start);
	u64 size = module->end - module->start;
	if (size >= sizeof(*font) && font->magic[0] == 0x36 && font->magic[1] == 0x04 &&
	    font->height == FONT_HEIGHT) {
		memcpy(boot_info.font, font->glyphs, sizeof(boot_info.font));
		boot_info.has_font = true;
	} else if (!boot_info.initrd_size) {
		boot_info.initrd_start = module->start;
		boot_info.initrd_size = size;
	}
}

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
	} else if (tag->type == TAG_MODULE) {
		read_module((const void *)tag);
	} else if (tag->type == TAG_SCREEN) {
		read_screen((const void *)tag);
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
	/* kexec-tools 2.0.25 may leave out the tag that ends it */
	return true;
}
