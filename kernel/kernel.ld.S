/*
 * The image: boot code, entry code at a fixed place and size, then the core, the same in every
 * variant.
 */
#include "mm/layout.h"

ENTRY(start_multiboot2)

PHDRS
{
	boot PT_LOAD FLAGS(5);
	entry PT_LOAD FLAGS(5);
	entry_data PT_LOAD FLAGS(4);
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
	note PT_NOTE FLAGS(4);
}

/* Bytes that the entry code lies behind its usual place, for images of `run --layouts`. */
entry_shift = DEFINED(entry_shift) ? entry_shift : 0;

SECTIONS
{
	. = KERNEL_BASE + KERNEL_LOAD;
	kernel_start = .;
	.boot : AT(ADDR(.boot) - KERNEL_BASE) {
		KEEP(*(.multiboot2))
		*(.boot.text)
		. = BOOT_TEXT_SIZE;
	} :boot
	.entry.text : AT(ADDR(.entry.text) - KERNEL_BASE) {
		entry_text_start = .;
		KEEP(*(.entry.thunk))
		ASSERT(. - entry_text_start <= ENTRY_THUNK_SIZE, "larger than ENTRY_THUNK_SIZE");
		. = entry_text_start + ENTRY_THUNK_SIZE + entry_shift;
		*(.entry.text)
		ASSERT(. - entry_text_start <= ENTRY_TEXT_SIZE, "larger than ENTRY_TEXT_SIZE");
		. = entry_text_start + ENTRY_TEXT_SIZE;
		entry_text_end = .;
	} :entry =0xcccccccc
	.entry.rodata : AT(ADDR(.entry.rodata) - KERNEL_BASE) {
		entry_rodata_start = .;
		KEEP(*(.entry.variant))
		. = ALIGN(8);
		entry_phases = .;
		KEEP(*(.entry.phases))
		/* the bill reads up to here, the core up to the row without an address */
		entry_phases_end = .;
		QUAD(0)
		KEEP(*(.entry.table))
		ASSERT(. - entry_rodata_start <= ENTRY_RODATA_SIZE, "beyond ENTRY_RODATA_SIZE");
		. = entry_rodata_start + ENTRY_RODATA_SIZE;
	} :entry_data
	.text ALIGN(PAGE_SIZE) : AT(ADDR(.text) - KERNEL_BASE) {
		text_start = .;
		*(.text .text.*)
#ifdef SRSO_PAIR
		/* return_thunk.S: these differ in the bits 2, 8, 14 and 20 of their address */
		. = ALIGN(0x200000);
		srso_pair = .;
		KEEP(*(.srso.untrain))
		. = srso_pair + 0x104104;
		KEEP(*(.srso.safe_return))
#endif
		. = ALIGN(PAGE_SIZE);
		text_end = .;
	} :text
	.rodata ALIGN(PAGE_SIZE) : AT(ADDR(.rodata) - KERNEL_BASE) {
		rodata_start = .;
		*(.rodata .rodata.*)
		. = ALIGN(8);
		extable_start = .;
		KEEP(*(.extable))
		extable_end = .;
	} :rodata
	/* as long as its note: kexec reads it to the end */
	.note.pvh : AT(ADDR(.note.pvh) - KERNEL_BASE) {
		KEEP(*(.note.pvh))
	} :rodata :note
	rodata_end = ALIGN(PAGE_SIZE);
	.data ALIGN(PAGE_SIZE) : AT(ADDR(.data) - KERNEL_BASE) {
		data_start = .;
		*(.data .data.*)
	} :data
	.bss : AT(ADDR(.bss) - KERNEL_BASE) {
		*(.bss .bss.* COMMON)
		. = ALIGN(PAGE_SIZE);
		data_end = .;
	} :data
	kernel_end = .;
	/DISCARD/ : { *(.comment) *(.eh_frame) *(.note.GNU-stack) *(.note.gnu.*) }
}
