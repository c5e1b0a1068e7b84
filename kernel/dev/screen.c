/*
 * The screen that the loader left, for whoever sits before a real machine: everything that goes to
 * the console but records. A full screen starts again at its top.
 */
#include <entrybench/record.h>

#include "boot/boot.h"
#include "cpu/cpu.h"
#include "dev/dev.h"
#include "mm/layout.h"
#include "mm/mm.h"

#define GLYPH_WIDTH 8
#define ROWS_MAX    60 /* of a framebuffer: more need not be mapped */
#define GREY	    0xaa
#define ATTRIBUTE   0x0700 /* grey on black in VGA's memory */

static bool shown;
static u32 columns, rows, column, row;
static unsigned matched; /* characters of the line so far that are as a record's first ones */
static bool hidden;	 /* the line is a record */

void screen_init(void)
{
	const struct boot_screen *screen = &boot_info.screen;
	u64 offset = screen->address & (PAGE_SIZE - 1);
	u32 height = screen->characters ? 1 : FONT_HEIGHT;
	columns = screen->width / (screen->characters ? 1 : GLYPH_WIDTH);
	rows = screen->height / height;
	if (rows > ROWS_MAX)
		rows = ROWS_MAX;
	shown = screen->address && columns && rows && (screen->characters || boot_info.has_font);
	for (u64 at = 0; shown && at < offset + (u64)rows * height * screen->pitch; at += PAGE_SIZE)
		map_kernel_page(kernel_table, SCREEN_MMIO + at, screen->address - offset + at,
				PTE_PRESENT | PTE_WRITE | PTE_NX | PTE_UNCACHED);
}

static volatile u8 *place_of(u32 line)
{
	const struct boot_screen *screen = &boot_info.screen;
	return (volatile u8 *)SCREEN_MMIO + (screen->address & (PAGE_SIZE - 1)) +
	       (u64)line * screen->pitch;
}

static void draw(u8 c)
{
	if (boot_info.screen.characters) {
		((volatile u16 *)place_of(row))[column] = ATTRIBUTE | c;
		return;
	}
	for (u32 y = 0; y < FONT_HEIGHT; y++) {
		volatile u8 *to = place_of(row * FONT_HEIGHT + y);
		u32 size = boot_info.screen.pixel;
		to += column * GLYPH_WIDTH * size;
		for (u32 x = 0; x < GLYPH_WIDTH * size; x++)
			to[x] = boot_info.font[c][y] & (0x80 >> x / size) ? GREY : 0;
	}
}

static void next_row(void)
{
	for (; column < columns; column++)
		draw(' ');
	column = 0;
	row = row + 1 == rows ? 0 : row + 1;
}

static void put(u8 c)
{
	if (c == '\n') {
		next_row();
	} else if (c >= ' ' && c < FONT_GLYPHS) {
		draw(c);
		if (++column == columns)
			next_row();
	}
}

/* Holds back what may become a record. */
static void take(u8 c)
{
	static const char magic[] = EB_RECORD_MAGIC;
	if (hidden) {
		hidden = c != '\n';
		return;
	}
	if (matched < sizeof(magic) - 1 && c == (u8)magic[matched]) {
		hidden = ++matched == sizeof(magic) - 1;
		matched = hidden ? 0 : matched;
		return;
	}
	for (unsigned i = 0; i < matched && matched < sizeof(magic); i++)
		put(magic[i]);
	matched = c == '\n' ? 0 : sizeof(magic);
	put(c);
}

void screen_write(const char *bytes, size_t n)
{
	for (size_t i = 0; shown && i < n; i++)
		take(bytes[i]);
}
