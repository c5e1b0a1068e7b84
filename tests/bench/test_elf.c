/*
 * The ELF files: two segments, W^X, no stack that runs; and the timed loops differ in their
 * crossing only.
 */
#include <dirent.h>
#include <elf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

enum { PAGE = 4096, LOOP_ALIGNMENT = 64 };

struct file {
	char name[256];
	char *bytes;
	const Elf64_Ehdr *header;
	const Elf64_Phdr *segments;
	const Elf64_Sym *symbols;
	size_t symbol_count;
	const char *names;
};

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	size_t size = (size_t)ftell(file);
	rewind(file);
	char *bytes = malloc(size);
	assert_int_equal(fread(bytes, 1, size, file), size);
	fclose(file);
	return bytes;
}

static void open_file(struct file *file, const char *name)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/%s", BENCH_FOLDER, name);
	snprintf(file->name, sizeof(file->name), "%s", name);
	file->bytes = read_file(path);
	file->header = (const void *)file->bytes;
	file->segments = (const void *)(file->bytes + file->header->e_phoff);
	const Elf64_Shdr *sections = (const void *)(file->bytes + file->header->e_shoff);
	for (size_t i = 0; i < file->header->e_shnum; i++) {
		if (sections[i].sh_type != SHT_SYMTAB)
			continue;
		file->symbols = (const void *)(file->bytes + sections[i].sh_offset);
		file->symbol_count = sections[i].sh_size / sizeof(Elf64_Sym);
		file->names = file->bytes + sections[sections[i].sh_link].sh_offset;
	}
	assert_non_null(file->symbols);
}

/* Calls `check` with every program of the build. */
static void for_each_program(void (*check)(const struct file *))
{
	DIR *folder = opendir(BENCH_FOLDER);
	size_t programs = 0;

	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		struct file file = {0};

		if (entry->d_type != DT_REG || strchr(entry->d_name, '.') != NULL)
			continue;
		open_file(&file, entry->d_name);
		check(&file);
		free(file.bytes);
		programs++;
	}
	closedir(folder);
	assert_true(programs >= 4);
}

static void check_segments(const struct file *file)
{
	size_t loads = 0;
	bool stack = false;

	assert_memory_equal(file->header->e_ident, ELFMAG, SELFMAG);
	assert_int_equal(file->header->e_type, ET_EXEC);
	assert_int_equal(file->header->e_machine, EM_X86_64);
	for (size_t i = 0; i < file->header->e_phnum; i++) {
		const Elf64_Phdr *segment = &file->segments[i];

		switch (segment->p_type) {
		case PT_LOAD:
			assert_int_equal(segment->p_flags, loads == 0 ? PF_R | PF_X : PF_R | PF_W);
			assert_int_equal(segment->p_vaddr % PAGE, segment->p_offset % PAGE);
			if (loads == 0)
				assert_int_equal(segment->p_vaddr, 0x400000);
			loads++;
			break;
		case PT_GNU_STACK:
			assert_int_equal(segment->p_flags, PF_R | PF_W);
			stack = true;
			break;
		default:
			fail_msg("%s has a program header of type %u", file->name, segment->p_type);
		}
	}
	assert_int_equal(loads, 2);
	assert_true(stack);
	assert_true(file->header->e_entry - file->segments[0].p_vaddr < file->segments[0].p_filesz);
}

static const Elf64_Sym *find(const struct file *file, const char *name, size_t size,
			     const char *end)
{
	for (size_t i = 0; i < file->symbol_count; i++) {
		const char *other = file->names + file->symbols[i].st_name;
		if (strncmp(other, name, size) == 0 && strcmp(other + size, end) == 0)
			return &file->symbols[i];
	}
	fail_msg("%s has no symbol %.*s%s", file->name, (int)size, name, end);
	return NULL;
}

static const char *code_of(const struct file *file, const Elf64_Sym *symbol)
{
	const Elf64_Phdr *code = &file->segments[0];

	return file->bytes + code->p_offset + (symbol->st_value - code->p_vaddr);
}

/* Crossing and twin: the same bytes before and behind a stretch of the crossing's length. */
static void check_loops(const struct file *file, const char *name, size_t size)
{
	const Elf64_Sym *crossing = find(file, name, size, ".crossing.body");
	const Elf64_Sym *twin = find(file, name, size, ".twin.body");
	const Elf64_Sym *bare = find(file, name, size, ".bare.body");
	const char *with = code_of(file, crossing), *nops = code_of(file, twin);
	size_t from = 0, to = crossing->st_size;

	assert_int_equal(crossing->st_size, twin->st_size);
	assert_true(bare->st_size < crossing->st_size);
	assert_int_equal(crossing->st_value % LOOP_ALIGNMENT, 0);
	assert_int_equal(twin->st_value % LOOP_ALIGNMENT, 0);
	assert_int_equal(bare->st_value % LOOP_ALIGNMENT, 0);
	while (from < to && with[from] == nops[from])
		from++;
	while (to > from && with[to - 1] == nops[to - 1])
		to--;
	assert_true(to > from && to - from <= crossing->st_size - bare->st_size);
	assert_int_equal(find(file, name, size, ".crossing")->st_size,
			 find(file, name, size, ".twin")->st_size);
}

static void check_timed(const struct file *file)
{
	static const char end[] = ".crossing.body";
	size_t found = 0;

	for (size_t i = 0; i < file->symbol_count; i++) {
		const char *name = file->names + file->symbols[i].st_name;
		size_t length = strlen(name);

		if (length < sizeof(end) || strcmp(name + length - (sizeof(end) - 1), end) != 0)
			continue;
		check_loops(file, name, length - (sizeof(end) - 1));
		found++;
	}
	/* process 1 times nothing, and kernel_instruction_cost's loops are the core's */
	if (strcmp(file->name, "init") != 0 && strcmp(file->name, "kernel_instruction_cost") != 0)
		assert_true(found > 0);
}

static void programs_load_as_they_must(void **state)
{
	(void)state;
	for_each_program(check_segments);
}

static void twin_differs_in_the_crossing_only(void **state)
{
	(void)state;
	for_each_program(check_timed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(programs_load_as_they_must),
	    cmocka_unit_test(twin_differs_in_the_crossing_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
