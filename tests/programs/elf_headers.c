/*
 * Programs with one or two fields of their ELF headers changed: `make FOLDER` writes them and a
 * plan that runs them all, `run FOLDER` runs them on this Linux and prints the status with which
 * each ends, or that it does not run: whether it is refused or killed.
 */
#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PAGE = 4096,
	CODE = 0x400000,
	DATA = 0x402000,
	HEADERS = sizeof(Elf64_Ehdr),
	SIZE = PAGE + 0x180
};
enum { SECONDS = 5 };

/*
 * Exits with 7 if a word of data is 0x77 and the first and the last word of what follows in memory
 * are zero, with 8 otherwise. Position-independent: %rsi becomes the address of the code's segment.
 */
static const uint8_t code[] = {
    0x48, 0x8d, 0x35, 0xf9, 0xfd, 0xff, 0xff, /* lea -0x207(%rip), %rsi: this stands at 0x200 */
    0xbf, 0x08, 0,    0,    0,		      /* mov $8, %edi */
    0x80, 0xbe, 0x10, 0x20, 0,	  0,	0x77, /* cmpb $0x77, 0x2010(%rsi) */
    0x75, 0x17,				      /* jne out */
    0x80, 0xbe, 0x80, 0x21, 0,	  0,	0,    /* cmpb $0, 0x2180(%rsi) */
    0x75, 0x0e,				      /* jne out */
    0x80, 0xbe, 0xf0, 0x3f, 0,	  0,	0,    /* cmpb $0, 0x3ff0(%rsi) */
    0x75, 0x05,				      /* jne out */
    0xbf, 0x07, 0,    0,    0,		      /* mov $7, %edi */
    0xb8, 0x3c, 0,    0,    0,		      /* out: mov $60, %eax */
    0x0f, 0x05,				      /* syscall */
};

static size_t make_right(uint8_t *to, unsigned type)
{
	uint64_t base = type == ET_DYN ? 0 : CODE;
	const Elf64_Ehdr header = {
	    .e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
	    .e_type = type,
	    .e_machine = EM_X86_64,
	    .e_version = EV_CURRENT,
	    .e_entry = base + 0x200,
	    .e_phoff = HEADERS,
	    .e_ehsize = sizeof(Elf64_Ehdr),
	    .e_phentsize = sizeof(Elf64_Phdr),
	    .e_phnum = 3,
	};
	const Elf64_Phdr segments[] = {
	    {.p_type = PT_LOAD,
	     .p_flags = PF_R | PF_X,
	     .p_vaddr = base,
	     .p_filesz = 0x300,
	     .p_memsz = 0x300,
	     .p_align = PAGE},
	    {.p_type = PT_LOAD,
	     .p_flags = PF_R | PF_W,
	     .p_offset = PAGE,
	     .p_vaddr = base + DATA - CODE,
	     .p_filesz = 0x100,
	     .p_memsz = 0x2000,
	     .p_align = PAGE},
	    {.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W, .p_align = 16},
	};
	memset(to, 0, SIZE);
	memcpy(to, &header, sizeof(header));
	memcpy(to + HEADERS, segments, sizeof(segments));
	memcpy(to + 0x200, code, sizeof(code));
	memset(to + PAGE, 0x77, 0x180); /* more than the segment takes: the rest must become zero */
	return SIZE;
}

/* ---- what is changed ---- */

struct field {
	const char *name;
	size_t at, size;
};
#define HEADER(field)                                                                              \
	{                                                                                          \
#field, offsetof(Elf64_Ehdr, field), sizeof(((Elf64_Ehdr *)0)->field)              \
	}
#define SEGMENT(n, field)                                                                          \
	{                                                                                          \
#n "." #field, HEADERS + (n) * sizeof(Elf64_Phdr) + offsetof(Elf64_Phdr, field),   \
		    sizeof(((Elf64_Phdr *)0)->field)                                               \
	}
#define SEGMENT_FIELDS(n)                                                                          \
	SEGMENT(n, p_type), SEGMENT(n, p_flags), SEGMENT(n, p_offset), SEGMENT(n, p_vaddr),        \
	    SEGMENT(n, p_filesz), SEGMENT(n, p_memsz), SEGMENT(n, p_align)

static const struct field fields[] = {
    {"class", EI_CLASS, 1}, {"data", EI_DATA, 1}, {"version", EI_VERSION, 1},
    {"abi", EI_OSABI, 1},   {"pad", EI_PAD, 1},	  HEADER(e_type),
    HEADER(e_machine),	    HEADER(e_version),	  HEADER(e_entry),
    HEADER(e_phoff),	    HEADER(e_shoff),	  HEADER(e_flags),
    HEADER(e_ehsize),	    HEADER(e_phentsize),  HEADER(e_phnum),
    HEADER(e_shentsize),    HEADER(e_shnum),	  HEADER(e_shstrndx),
    SEGMENT_FIELDS(0),	    SEGMENT_FIELDS(1),	  SEGMENT_FIELDS(2),
};

/* Added to the right value, or put in its place. */
static const struct change {
	const char *name;
	int add;
	uint64_t value;
} changes[] = {
    {"0", 0, 0},
    {"1", 0, 1},
    {"2", 0, 2},
    {"3", 0, 3},
    {"4", 0, 4},
    {"5", 0, 5},
    {"6", 0, 6},
    {"7", 0, 7},
    {"+1", 1, 1},
    {"-1", 1, -1ull},
    {"+4", 1, 4},
    {"+8", 1, 8},
    {"+56", 1, 56},
    {"+page", 1, PAGE},
    {"-page", 1, -(uint64_t)PAGE},
    {"+0x10", 1, 0x10},
    {"+0x80", 1, 0x80},
    {"+2pages", 1, 2 * PAGE},
    {"+16pages", 1, 16 * PAGE},
    {"+2^20", 1, 1 << 20},
    {"+2^30", 1, 1 << 30},
    {"64", 0, 64},
    {"73", 0, 73},
    {"74", 0, 74},
    {"0xfff", 0, 0xfff},
    {"2^31", 0, 1ull << 31},
    {"2^47-2pages", 0, 0x7fffffffe000},
    {"2^47", 0, 1ull << 47},
    {"kernel", 0, 0xffffffff81000000},
    {"2^63", 0, 1ull << 63},
    {"-4096", 0, -4096ull},
    {"all", 0, -1ull},
};

static void change(uint8_t *file, const struct field *field, const struct change *how)
{
	uint64_t value = 0;
	memcpy(&value, file + field->at, field->size);
	value = how->add ? value + how->value : how->value;
	memcpy(file + field->at, &value, field->size);
}

/* The segments meet in one page, in memory and in the file; each must have its own. */
static void one_page(uint8_t *file)
{
	Elf64_Phdr *segments = (Elf64_Phdr *)(file + HEADERS);
	segments[1].p_offset = 0x300;
	segments[1].p_vaddr = segments[0].p_vaddr + 0x2300;
	segments[1].p_filesz = 0x20;
}

static void empty_beyond(uint8_t *file)
{
	Elf64_Phdr *segment = (Elf64_Phdr *)(file + HEADERS) + 2;
	*segment = (Elf64_Phdr){.p_type = PT_LOAD,
				.p_flags = PF_R | PF_W,
				.p_offset = 0x123456,
				.p_vaddr = CODE + 0x8123,
				.p_memsz = 0x100,
				.p_align = 3};
}

static void same_page(uint8_t *file)
{
	Elf64_Phdr *segment = (Elf64_Phdr *)(file + HEADERS) + 2;
	*segment = (Elf64_Phdr){.p_type = PT_LOAD,
				.p_flags = PF_R | PF_X,
				.p_offset = 0x200,
				.p_vaddr = CODE + 0x200,
				.p_filesz = 0x80,
				.p_memsz = 0x80,
				.p_align = PAGE};
}

static const struct {
	const char *name;
	void (*change)(uint8_t *file);
} others[] = {{"second-at-0x2300", one_page},
	      {"empty-segment-beyond-the-file", empty_beyond},
	      {"two-segments-in-one-page", same_page}};

static const struct {
	const char *name;
	unsigned type;
} types[] = {{"exec", ET_EXEC}, {"dyn", ET_DYN}};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Calls `each` with every changed file. */
static void for_all(void (*each)(const char *name, const uint8_t *file, size_t size))
{
	static uint8_t file[SIZE];
	char name[80];
	for (unsigned t = 0; t < COUNT(types); t++) {
		for (unsigned f = 0; f < COUNT(fields); f++)
			for (unsigned c = 0; c < COUNT(changes); c++) {
				make_right(file, types[t].type);
				change(file, &fields[f], &changes[c]);
				snprintf(name, sizeof(name), "%s:%s=%s", types[t].name,
					 fields[f].name, changes[c].name);
				each(name, file, SIZE);
			}
		for (unsigned o = 0; o < COUNT(others); o++) {
			make_right(file, types[t].type);
			others[o].change(file);
			snprintf(name, sizeof(name), "%s:%s", types[t].name, others[o].name);
			each(name, file, SIZE);
		}
	}
}

/* ---- making and running ---- */

static FILE *plan;

static void write_file(const char *name, const uint8_t *file, size_t size)
{
	FILE *to = fopen(name, "w");
	if (!to || fwrite(file, 1, size, to) != size || fclose(to)) {
		perror(name);
		exit(1);
	}
	chmod(name, 0755);
	fprintf(plan, "%s\n", name);
}

/* The child says in the pipe that it could not be changed into the program. */
static void run_file(const char *name, const uint8_t *file, size_t size)
{
	char *arguments[] = {(char *)name, NULL};
	int refused[2], status, reason = 0;
	(void)file;
	(void)size;
	fflush(stdout);
	if (pipe(refused))
		exit(1);
	pid_t child = fork();
	if (!child) {
		close(refused[0]);
		alarm(SECONDS);
		execve(name, arguments, arguments + 1);
		reason = errno;
		if (write(refused[1], &reason, sizeof(reason)) < 0)
			_exit(126);
		_exit(127);
	}
	close(refused[1]);
	waitpid(child, &status, 0);
	if (read(refused[0], &reason, sizeof(reason)) > 0 || !WIFEXITED(status))
		printf("%s; ends no\n", name);
	else
		printf("%s; ends %d\n", name, WEXITSTATUS(status));
	close(refused[0]);
}

int main(int argc, char **argv)
{
	if (argc != 3 || chdir(argv[2])) {
		fprintf(stderr, "usage: elf_headers make|run FOLDER\n");
		return 2;
	}
	if (!strcmp(argv[1], "make")) {
		plan = fopen("plan", "w");
		for_all(write_file);
		return fclose(plan) != 0;
	}
	for_all(run_file);
	return 0;
}
