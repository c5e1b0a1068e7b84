/*
 * The core's loader and archive reader on the host, under the sanitizers: each malformed file gives
 * its line, and no other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "malformed.h"
#include "readers.h"

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
		struct loaded loaded;
		size_t size;
		uint8_t *bytes = make(&malformed_elf[i], &size);

		judge(&malformed_elf[i], readers_load(bytes, size, &loaded));
		readers_unload();
		free(bytes);
	}
}

static void test_elf_loads(void **state)
{
	struct loaded loaded;
	size_t size;
	uint8_t *bytes = make(&malformed_elf[0], &size);

	(void)state;
	assert_null(readers_load(bytes, size, &loaded));
	assert_int_equal(loaded.entry, 0x400200);
	assert_int_equal(loaded.phdr, 0x400040);
	assert_int_equal(loaded.phnum, 2);
	assert_int_equal(loaded.brk, 0x404000);
	assert_int_equal(loaded.areas, 3); /* code, data, zeroes */
	assert_int_equal(*readers_byte(0x400200), 0xb8);
	assert_memory_equal(readers_byte(0x400000), bytes, 0x300);
	assert_memory_equal(readers_byte(0x402000), bytes + 0x1000, 0x100);
	assert_int_equal(*readers_byte(0x402100), 0); /* zeroes behind the file's part */
	assert_null(readers_byte(0x404000));
	readers_unload();
	free(bytes);
}

static void test_cpio(void **state)
{
	(void)state;
	for (size_t i = 0; i < malformed_cpio_count; i++) {
		const struct malformed *row = &malformed_cpio[i];
		const uint8_t *plan;
		size_t size, plan_size;
		uint8_t *bytes = make(row, &size);
		const char *said = readers_archive(bytes, size, &plan, &plan_size);

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
	const uint8_t *plan;
	size_t size, plan_size;
	uint8_t *bytes = make(&malformed_cpio[1], &size);

	(void)state;
	assert_string_equal(malformed_cpio[1].name, "two-archives");
	assert_null(readers_archive(bytes, size, &plan, &plan_size));
	assert_int_equal(plan_size, 10);
	assert_memory_equal(plan, "true\ntrue\n", 10);
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
