/*
 * "keep=ADDRESS/SIZE" (hexadecimal) on the command line: what goes to the console is also written
 * to RAM at that physical place, for the loader to read after the reset (docs/metal.md).
 */
#include <entrybench/record.h>

#include "boot/boot.h"
#include "cpu/cpu.h"
#include "dev/dev.h"
#include "lib/lib.h"
#include "mm/mm.h"

#define KEEP_MAGIC 0x314b4245 /* "EBK1" */

/* True after each byte, so that a machine that hangs has kept what it said. */
struct kept {
	u32 magic;
	u32 end;  /* offset of the first byte that is not kept */
	u32 said; /* bytes that went to the console, kept or not */
	u32 crc;  /* of those kept */
	u8 bytes[];
};

static u64 place, size;
static volatile struct kept *kept; /* NULL: nothing is kept */
static u32 crc;
static const char *refused = "";

/* A hexadecimal number up to any other character. */
static u64 number(const char **text)
{
	u64 value = 0;
	for (;; ++*text) {
		char c = **text;
		if (c >= '0' && c <= '9')
			value = value << 4 | (u64)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (u64)(c - 'a' + 10);
		else
			return value;
	}
}

static bool touches(u64 start, u64 end)
{
	return start < place + size && place < end;
}

/* Takes the place out of the map of RAM, so that nobody else is given it. */
static bool take_out(void)
{
	struct boot_region *region = boot_info.ram, *end = region + boot_info.ram_count;
	for (; region < end; region++)
		if (place >= region->start && place + size <= region->end)
			break;
	if (region == end || boot_info.ram_count == BOOT_MAX_REGIONS)
		return false;
	for (struct boot_region *to = end; to > region; to--)
		*to = to[-1];
	boot_info.ram_count++;
	region[0].end = place;
	region[1].start = place + size;
	return true;
}

void keep_reserve(void)
{
	const char *option = boot_option("keep=");
	if (!option)
		return;
	place = number(&option);
	if (*option == '/')
		option++, size = number(&option);
	if (!size || (place | size) & (PAGE_SIZE - 1) || place > DIRECT_MAP_LIMIT ||
	    size > DIRECT_MAP_LIMIT - place)
		refused = "the option keep is malformed";
	else if (touches(image_to_phys(kernel_start), image_to_phys(kernel_end)) ||
		 touches(boot_info.initrd_start, boot_info.initrd_start + boot_info.initrd_size))
		refused = "the loader put something there";
	else if (!take_out())
		refused = "this machine has no RAM there";
	if (*refused)
		size = 0;
}

void keep_start(void)
{
	for (u64 at = place; at < place + size; at += PAGE_SIZE)
		map_kernel_page(kernel_table, DIRECT_MAP + at, at,
				PTE_PRESENT | PTE_WRITE | PTE_NX);
	if (!size)
		return;
	kept = phys_to_virt(place);
	crc = EB_CRC_START;
	kept->end = sizeof(*kept);
	kept->said = 0;
	kept->crc = eb_crc_finish(crc);
	kept->magic = KEEP_MAGIC;
}

const char *keep_refused(void)
{
	return refused;
}

void keep_write(const char *bytes, size_t n)
{
	for (size_t i = 0; kept && i < n; i++) {
		kept->said++;
		if (kept->end == size)
			continue;
		((volatile u8 *)kept)[kept->end] = (u8)bytes[i];
		crc = eb_crc_byte(crc, (u8)bytes[i]);
		kept->crc = eb_crc_finish(crc);
		kept->end++;
	}
}

void keep_finish(void)
{
	/* a reset drops what is in the caches only */
	if (kept)
		__asm__ volatile("wbinvd" : : : "memory");
}
