/* What the loader told the core, in one form for PVH and Multiboot2. */
#ifndef KERNEL_BOOT_H
#define KERNEL_BOOT_H

#include "lib/types.h"

#define BOOT_MAX_REGIONS 64

struct boot_region {
	u64 start, end; /* usable RAM, physical */
};

/* What the loader left on the screen: pixels, or characters in VGA's memory. */
struct boot_screen {
	u64 address;		  /* physical; 0: none that can be written on */
	u32 pitch, width, height; /* bytes, then pixels or characters */
	u32 pixel;		  /* bytes of one, 3 or 4 */
	bool characters;
};

/* Glyphs of 8 x 16 pixels, the first 128 of a console font (PSF 1). */
#define FONT_GLYPHS 128
#define FONT_HEIGHT 16

struct boot_info {
	char cmdline[1024];
	struct boot_region ram[BOOT_MAX_REGIONS];
	unsigned ram_count;
	u64 initrd_start, initrd_size; /* physical; size 0: none */
	struct boot_screen screen;
	bool has_font;
	u8 font[FONT_GLYPHS][FONT_HEIGHT];
};
extern struct boot_info boot_info;

/*
 * What stands behind `name` in the command line: "boot=" has a value up to a space or the end, a
 * name without "=" is a word of its own. NULL: the line does not have it.
 */
const char *boot_option(const char *name);

/* Each reads the loader's structure at a physical address below 4 GiB; false if it is not one. */
bool boot_info_from_pvh(u64 start_info);
bool boot_info_from_multiboot2(u64 information);

__noreturn void boot_main(bool from_multiboot2, u64 information);

/* The end of the kernel image and its parts (kernel.ld.S). */
extern u8 kernel_start[], kernel_end[], entry_text_start[], entry_text_end[], entry_rodata_start[];
extern u8 text_start[], text_end[], rodata_start[], rodata_end[], data_start[], data_end[];

#endif
