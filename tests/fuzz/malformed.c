/*
 * The table of files: one that is right, and what is changed in it. Linux, too, runs those that say
 * nothing.
 */
#include "malformed.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

/* ---- programs ---- */

enum { CODE = 0x400000, DATA = 0x402000 };
enum { FIRST = sizeof(Elf64_Ehdr), SECOND = FIRST + sizeof(Elf64_Phdr) };
enum { PROGRAM_SIZE = 0x1100 };

/* mov $60, %eax; xor %edi, %edi; syscall */
static const uint8_t code[] = {0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05};

static size_t make_program(uint8_t *to)
{
	const Elf64_Ehdr header = {
	    .e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
	    .e_type = ET_EXEC,
	    .e_machine = EM_X86_64,
	    .e_version = EV_CURRENT,
	    .e_entry = CODE + 0x200,
	    .e_phoff = FIRST,
	    .e_ehsize = sizeof(Elf64_Ehdr),
	    .e_phentsize = sizeof(Elf64_Phdr),
	    .e_phnum = 2,
	};
	const Elf64_Phdr segments[] = {
	    {.p_type = PT_LOAD,
	     .p_flags = PF_R | PF_X,
	     .p_offset = 0,
	     .p_vaddr = CODE,
	     .p_filesz = 0x300,
	     .p_memsz = 0x300,
	     .p_align = 0x1000},
	    {.p_type = PT_LOAD,
	     .p_flags = PF_R | PF_W,
	     .p_offset = 0x1000,
	     .p_vaddr = DATA,
	     .p_filesz = 0x100,
	     .p_memsz = 0x2000,
	     .p_align = 0x1000},
	};

	memset(to, 0, PROGRAM_SIZE);
	memcpy(to, &header, sizeof(header));
	memcpy(to + FIRST, segments, sizeof(segments));
	memcpy(to + 0x200, code, sizeof(code));
	return PROGRAM_SIZE;
}

static size_t change(uint8_t *to, size_t size, const struct malformed *self)
{
	memcpy(to + self->at, &self->value, self->size);
	return self->cut ? self->cut : size;
}

static size_t elf(uint8_t *to, const struct malformed *self)
{
	return change(to, make_program(to), self);
}

static size_t empty(uint8_t *to, const struct malformed *self)
{
	(void)to;
	(void)self;
	return 0;
}

#define FIELD(type, base, field)                                                                   \
	.at = (base) + offsetof(type, field), .size = sizeof(((type *)0)->field)
#define HEADER(field)	    FIELD(Elf64_Ehdr, 0, field)
#define CODE_SEGMENT(field) FIELD(Elf64_Phdr, FIRST, field)
#define DATA_SEGMENT(field) FIELD(Elf64_Phdr, SECOND, field)

const struct malformed malformed_elf[] = {
    {"right", NULL, .make = elf},
    {"empty", "ELF: shorter than its header", .make = empty},
    {"cut-in-header", "ELF: shorter than its header", .make = elf, .cut = 63},
    {"text", "ELF: not an ELF file", .make = elf, .at = 0, .size = 4, .value = 0x0a216948},
    {"elf32", NULL, .make = elf, .at = EI_CLASS, .size = 1, .value = 1},
    {"big-endian", NULL, .make = elf, .at = EI_DATA, .size = 1, .value = 2},
    {"object", "ELF: not a program (neither ET_EXEC nor ET_DYN)", .make = elf, HEADER(e_type),
     .value = ET_REL},
    {"core", "ELF: not a program (neither ET_EXEC nor ET_DYN)", .make = elf, HEADER(e_type),
     .value = ET_CORE},
    {"arm", "ELF: not for x86-64", .make = elf, HEADER(e_machine), .value = EM_AARCH64},
    {"i386", "ELF: not for x86-64", .make = elf, HEADER(e_machine), .value = EM_386},
    {"phentsize-0", "ELF: program header size is wrong", .make = elf, HEADER(e_phentsize),
     .value = 0},
    {"phentsize-32", "ELF: program header size is wrong", .make = elf, HEADER(e_phentsize),
     .value = 32},
    {"phnum-0", "ELF: number of program headers out of range", .make = elf, HEADER(e_phnum),
     .value = 0},
    {"phnum-65535", "ELF: number of program headers out of range", .make = elf, HEADER(e_phnum),
     .value = 65535},
    {"phoff-odd", "ELF: nothing to load", .make = elf, HEADER(e_phoff), .value = FIRST + 1},
    {"phoff-behind", "ELF: program headers outside the file", .make = elf, HEADER(e_phoff),
     .value = PROGRAM_SIZE},
    {"phoff-huge", "ELF: program headers outside the file", .make = elf, HEADER(e_phoff),
     .value = ~7ull},
    {"phoff-last", "ELF: program headers outside the file", .make = elf, HEADER(e_phoff),
     .value = PROGRAM_SIZE - 2 * 56 + 8},
    {"cut-in-phdrs", "ELF: program headers outside the file", .make = elf, .cut = SECOND + 8},
    {"entry-0", "ELF: entry point outside the code", .make = elf, HEADER(e_entry), .value = 0},
    {"entry-in-data", "ELF: entry point outside the code", .make = elf, HEADER(e_entry),
     .value = DATA},
    {"entry-in-kernel", "ELF: entry point outside the code", .make = elf, HEADER(e_entry),
     .value = 0xffffffff80103000},
    {"interpreter", "ELF: dynamically linked (has an interpreter)", .make = elf,
     CODE_SEGMENT(p_type), .value = PT_INTERP},
    {"offset-behind", "ELF: segment ends behind the file", .make = elf, DATA_SEGMENT(p_offset),
     .value = 0x3000},
    {"offset-huge", "ELF: segment outside every file", .make = elf, DATA_SEGMENT(p_offset),
     .value = 0xfffffffffffff000},
    {"filesz-behind", NULL, .make = elf, DATA_SEGMENT(p_filesz), .value = 0x101},
    {"filesz-huge", "ELF: segment larger in the file than in memory", .make = elf,
     DATA_SEGMENT(p_filesz), .value = ~0ull},
    {"cut-in-data", NULL, .make = elf, .cut = PROGRAM_SIZE - 1},
    {"memsz-small", "ELF: segment larger in the file than in memory", .make = elf,
     DATA_SEGMENT(p_memsz), .value = 0xff},
    {"vaddr-0", "ELF: segment outside ring 3's address space", .make = elf, DATA_SEGMENT(p_vaddr),
     .value = 0},
    {"vaddr-low", "ELF: segment outside ring 3's address space", .make = elf, DATA_SEGMENT(p_vaddr),
     .value = 0xf000},
    {"vaddr-kernel", "ELF: segment outside ring 3's address space", .make = elf,
     DATA_SEGMENT(p_vaddr), .value = 0xffffffff80100000},
    {"vaddr-noncanonical", "ELF: segment outside ring 3's address space", .make = elf,
     DATA_SEGMENT(p_vaddr), .value = 0x0000800000000000},
    {"vaddr-last-page", "ELF: segment outside ring 3's address space", .make = elf,
     DATA_SEGMENT(p_vaddr), .value = 0x00007ffffffff000},
    {"memsz-huge", "ELF: segment outside ring 3's address space", .make = elf,
     DATA_SEGMENT(p_memsz), .value = ~0ull},
    {"memsz-to-the-end", "ELF: does not fit into memory", .make = elf, DATA_SEGMENT(p_memsz),
     .value = 0x7ffffff00000 - DATA - 0x200000},
    {"align-3", NULL, .make = elf, DATA_SEGMENT(p_align), .value = 3},
    {"align-disagrees", NULL, .make = elf, DATA_SEGMENT(p_align), .value = 0x4000},
    {"vaddr-odd", "ELF: segment not page-congruent with the file", .make = elf,
     DATA_SEGMENT(p_vaddr), .value = DATA + 1},
    {"overlap", "ELF: entry point outside the code", .make = elf, DATA_SEGMENT(p_vaddr),
     .value = CODE},
    {"overlap-page", NULL, .make = elf, CODE_SEGMENT(p_memsz), .value = 0x2001},
    {"no-code", "ELF: entry point outside the code", .make = elf, CODE_SEGMENT(p_flags),
     .value = PF_R},
    {"code-in-zeroes", NULL, .make = elf, CODE_SEGMENT(p_filesz), .value = 0x200},
    {"no-load", "ELF: entry point outside the code", .make = elf, CODE_SEGMENT(p_type),
     .value = PT_NOTE},
};
const size_t malformed_elf_count = sizeof(malformed_elf) / sizeof(malformed_elf[0]);

/* ---- archives ---- */

enum { NEWC = 110, MODE = 14, FILESIZE = 54, NAMESIZE = 94, DIGITS = 8 };

static size_t pad(uint8_t *to, size_t at)
{
	while (at % 4)
		to[at++] = 0;
	return at;
}

static size_t add_entry(uint8_t *to, size_t at, const char *name, const void *data, size_t size)
{
	char header[NEWC + 1];

	snprintf(header, sizeof(header),
		 "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 1, 0100644, 0, 0, 1,
		 0, (unsigned)size, 0, 0, 0, 0, (unsigned)strlen(name) + 1, 0);
	memcpy(to + at, header, NEWC);
	strcpy((char *)to + at + NEWC, name);
	at = pad(to, at + NEWC + strlen(name) + 1);
	if (size)
		memcpy(to + at, data, size);
	return pad(to, at + size);
}

enum { SECOND_ENTRY = 120 }; /* after "plan" and "true\n": 110 + 5 up to 116, 5 up to 124 */

static size_t archive(uint8_t *to)
{
	uint8_t program[PROGRAM_SIZE];
	size_t length = make_program(program), size = add_entry(to, 0, "plan", "true\n", 5);

	size = add_entry(to, size, "true", program, length);
	return add_entry(to, size, "TRAILER!!!", "", 0);
}

static size_t cpio(uint8_t *to, const struct malformed *self)
{
	return change(to, archive(to), self);
}

/* `value` as hex digits into the field of the first entry. */
static size_t cpio_field(uint8_t *to, const struct malformed *self)
{
	size_t size = archive(to);
	char digits[DIGITS + 1];

	snprintf(digits, sizeof(digits), "%08x", (unsigned)self->value);
	memcpy(to + self->at, digits, DIGITS);
	return size;
}

static size_t no_trailer(uint8_t *to, const struct malformed *self)
{
	(void)self;
	return add_entry(to, 0, "plan", "true\n", 5);
}

static size_t two_archives(uint8_t *to, const struct malformed *self)
{
	size_t size = archive(to);
	uint8_t second[MALFORMED_MAX];

	(void)self;
	memset(to + size, 0, 512);
	size += 512;
	size_t more = add_entry(second, 0, "plan", "true\ntrue\n", 10);
	more = add_entry(second, more, "TRAILER!!!", "", 0);
	memcpy(to + size, second, more);
	return size + more;
}

static size_t garbage_behind(uint8_t *to, const struct malformed *self)
{
	size_t size = archive(to);

	(void)self;
	memcpy(to + size,
	       "garbage behind the trailer, longer than any header of an archive could be: "
	       "one hundred and ten bytes, or more than that",
	       120);
	return size + 119;
}

static size_t without_plan(uint8_t *to, const struct malformed *self)
{
	(void)self;
	return add_entry(to, add_entry(to, 0, "plane", "true\n", 5), "TRAILER!!!", "", 0);
}

static size_t plan_is_folder(uint8_t *to, const struct malformed *self)
{
	size_t size = archive(to);

	(void)self;
	memcpy(to + MODE, "000041ed", DIGITS);
	return size;
}

/* The plan is what `says` is about: its text is chosen by `value`. */
static size_t plan(uint8_t *to, const struct malformed *self)
{
	static const char *const texts[] = {"true %0", "true %zz", "true %00", "true \1\n",
					    "nothing\n"};
	static char text[MALFORMED_MAX / 2];
	uint8_t program[PROGRAM_SIZE];
	size_t length;

	if (self->value < sizeof(texts) / sizeof(texts[0])) {
		strcpy(text, texts[self->value]);
		length = strlen(text);
	} else {
		/* many words, or one long one */
		length = self->value;
		for (size_t i = 0; i < length; i++)
			text[i] = i % 2 && self->size ? ' ' : 'a';
	}
	size_t size = add_entry(to, 0, "plan", text, length);
	length = make_program(program);
	size = add_entry(to, size, "true", program, length);
	return add_entry(to, size, "TRAILER!!!", "", 0);
}

const struct malformed malformed_cpio[] = {
    {"right", NULL, .make = cpio},
    {"two-archives", NULL, .make = two_archives},
    {"empty", "no initrd", .make = empty},
    {"cut-in-header", "initrd: cpio header cut short", .make = cpio, .cut = 100},
    {"cut-in-name", "initrd: cpio name cut short", .make = cpio, .cut = 112},
    {"cut-in-file", "initrd: cpio file cut short", .make = cpio, .cut = 118},
    {"cut-in-second-header", "initrd: cpio header cut short", .make = cpio, .cut = 150},
    {"cut-in-program", "initrd: cpio file cut short", .make = cpio, .cut = 3000},
    {"no-trailer", "initrd: cpio archive has no trailer", .make = no_trailer},
    {"not-cpio", "initrd: not a newc cpio archive", .make = cpio, .at = 0, .size = 6,
     .value = 0x464c457f},
    {"old-cpio", "initrd: not a newc cpio archive", .make = cpio, .at = 5, .size = 1, .value = '7'},
    {"crc-cpio", "initrd: not a newc cpio archive", .make = cpio, .at = 5, .size = 1, .value = '2'},
    {"gzip", "initrd: not a newc cpio archive", .make = cpio, .at = 0, .size = 4,
     .value = 0x00088b1f},
    {"mode-no-hex", "initrd: cpio header field is no number", .make = cpio, .at = MODE, .size = 1,
     .value = 'g'},
    {"size-no-hex", "initrd: cpio header field is no number", .make = cpio, .at = FILESIZE + 7,
     .size = 1, .value = ' '},
    {"name-no-hex", "initrd: cpio header field is no number", .make = cpio, .at = NAMESIZE,
     .size = 1, .value = '-'},
    {"name-empty", "initrd: cpio name cut short", .make = cpio_field, .at = NAMESIZE, .value = 0},
    {"name-without-end", "initrd: cpio name cut short", .make = cpio_field, .at = NAMESIZE,
     .value = 4},
    {"name-huge", "initrd: cpio name cut short", .make = cpio_field, .at = NAMESIZE,
     .value = 0xffffffff},
    {"name-behind", "initrd: cpio name cut short", .make = cpio_field, .at = NAMESIZE,
     .value = MALFORMED_MAX},
    {"size-huge", "initrd: cpio file cut short", .make = cpio_field, .at = FILESIZE,
     .value = 0xffffffff},
    {"size-behind", "initrd: cpio file cut short", .make = cpio_field, .at = FILESIZE,
     .value = MALFORMED_MAX},
    {"size-wrong", "initrd: not a newc cpio archive", .make = cpio_field, .at = FILESIZE,
     .value = 9},
    {"garbage-behind", "initrd: not a newc cpio archive", .make = garbage_behind},
    {"no-plan", "initrd: no file \"plan\"", .make = without_plan},
    {"plan-is-folder", "initrd: no file \"plan\"", .make = plan_is_folder},
    {"plan-escape-cut", "plan: a word holds a zero byte or a bad %XX", .make = plan, .value = 0},
    {"plan-escape-bad", "plan: a word holds a zero byte or a bad %XX", .make = plan, .value = 1},
    {"plan-escape-zero", "plan: a word holds a zero byte or a bad %XX", .make = plan, .value = 2},
    {"plan-no-program", "nothing: no such file in the initrd", .make = plan, .value = 4},
    {"plan-many-words", "plan: a line has too many words", .make = plan, .value = 600, .size = 1},
    {"plan-long-line", "plan: a line is too long", .make = plan, .value = 8192},
};
const size_t malformed_cpio_count = sizeof(malformed_cpio) / sizeof(malformed_cpio[0]);
