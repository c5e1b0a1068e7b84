/* The core's loader and archive reader on the host, under the sanitizers: each malformed file gives its line, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "malformed.h"
#include "mm.h"
#include "proc.h"

/* On the heap, exactly as long as it is: a byte read beyond it shows. */
static uint8_t *make(const struct malformed *row, size_t *size)
{
	uint8_t *whole = calloc(1, MALFORMED_MAX);

	*size = row->make(whole, row);
	assert_true(*size <= MALFORMED_MAX);
	uint8_t *exact = malloc(*size ? *size : 1);
	memcpy(exact, whole, *size);
	free(whole);
	return exact;
}

static void judge(const struct malformed *row, const char *said)
{
	if (!row->says && said)
		fail_msg("%s: refused: %s", row->name, said);
	if (row->says && (!said || strcmp(row->says, said) != 0))
		fail_msg("%s: must say \"%s\", says \"%s\"", row->name, row->says,
			 said ? said : "nothing");
}

static void test_elf(void **state)
{
	(void)state;
	for (size_t i = 0; i < malformed_elf_count; i++) {
		struct program program;
		size_t size;
		uint8_t *bytes = make(&malformed_elf[i], &size);
		const struct file file = {bytes, size};

		judge(&malformed_elf[i], elf_load(&file, &program));
		vm_reset();
		free(bytes);
	}
}

static void test_elf_loads(void **state)
{
	struct program program;
	size_t size;
	uint8_t *bytes = make(&malformed_elf[0], &size);
	const struct file file = {bytes, size};

	(void)state;
	assert_null(elf_load(&file, &program));
	assert_int_equal(program.entry, 0x400200);
	assert_int_equal(program.phdr, 0x400040);
	assert_int_equal(program.phnum, 2);
	assert_int_equal(program.brk, 0x404000);
	assert_int_equal(standin_areas(), 2);
	assert_int_equal(*standin_byte(0x400200), 0xb8);
	assert_memory_equal(standin_byte(0x400000), bytes, 0x300);
	assert_memory_equal(standin_byte(0x402000), bytes + 0x1000, 0x100);
	assert_int_equal(*standin_byte(0x402100), 0); /* zeroes behind the file's part */
	assert_null(standin_byte(0x404000));
	vm_reset();
	free(bytes);
}

/* What plan_run() does with an archive before it runs anything. */
static const char *read_archive(const uint8_t *bytes, size_t size, struct file *plan)
{
	const char *error = cpio_check(bytes, size);

	if (!error && !cpio_find(bytes, size, "plan", plan))
		error = "initrd: no file \"plan\"";
	return error;
}

static void test_cpio(void **state)
{
	(void)state;
	for (size_t i = 0; i < malformed_cpio_count; i++) {
		const struct malformed *row = &malformed_cpio[i];
		struct file plan = {0};
		size_t size;
		uint8_t *bytes = make(row, &size);
		const char *said = read_archive(bytes, size, &plan);

		/* what is wrong in the plan itself is seen in a boot only (tests/fuzz/boot) */
		if (strncmp(row->name, "plan-", 5) != 0 || strcmp(row->name, "plan-is-folder") == 0)
			judge(row, said);
		else
			assert_null(said);
		free(bytes);
	}
}

static void test_last_archive_wins(void **state)
{
	struct file plan;
	size_t size;
	uint8_t *bytes = make(&malformed_cpio[1], &size);

	(void)state;
	assert_string_equal(malformed_cpio[1].name, "two-archives");
	assert_null(read_archive(bytes, size, &plan));
	assert_int_equal(plan.size, 10);
	assert_memory_equal(plan.data, "true\ntrue\n", 10);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_elf),
	    cmocka_unit_test(test_elf_loads),
	    cmocka_unit_test(test_cpio),
	    cmocka_unit_test(test_last_archive_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
