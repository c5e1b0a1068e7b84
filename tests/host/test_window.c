/*
 * The plugin's recorder: windows open and close at the readings they are told of, and what it
 * writes reads back the same.
 */
#include "scratch.h"

#include "made_up_ledger.h"
#include "window.h"

#define WINDOW_AT(i) g_array_index(ledger.windows, struct ledger_window, i)
#define ACCESS_AT(i) g_array_index(ledger.accesses, struct ledger_access, i)

#undef INSN
#define INSN(address, bytes) insn_of(address, bytes, sizeof(bytes) - 1)

static const struct insn *insn_of(uint64_t address, const char *bytes, size_t size)
{
	bool fresh;
	struct insn *insn = insn_find(address, (const uint8_t *)bytes, size, &fresh);

	if (fresh)
		insn->text = g_strdup("text of it");
	return insn;
}

static void run(uint64_t accesses)
{
	window_step(INSN(0x401002, "\x0f\x05"));
	window_step(INSN(0xffffffff80100000, "\x50"));
	for (uint64_t i = 0; i < accesses; i++)
		window_access(0xffffc90000000000 + 8 * i, 8, i % 2);
	window_step(INSN(0xffffffff80100001, "\x0f\x31")); /* the kernel's own reading */
	window_step(INSN(0xffffffff80100003, "\x48\x0f\x07"));
}

static void test_windows(void **state)
{
	struct ledger ledger;
	struct error error;
	char *path = g_build_filename(*state, "ledger", NULL);
	FILE *file = fopen(path, "w");

	insn_add_range(0x401000, 0x401002, READING_OPENS);
	insn_add_range(0x401004, 0x401008, READING_CLOSES);
	run(3);					     /* before the first reading: nobody's */
	window_step(INSN(0x401004, "\x0f\x01\xf9")); /* nothing is open */
	for (int i = 0; i < 3; i++) {
		window_step(INSN(0x401000, "\x0f\x31"));
		run(3);
		window_step(INSN(0x401004, "\x0f\x01\xf9"));
		run(0); /* between two windows: nobody's */
	}
	window_step(INSN(0x401000, "\x0f\x31"));
	run(0); /* what is opened again begins anew */
	window_step(INSN(0x401000, "\x0f\x31"));
	run(0);
	window_step(INSN(0x401010, "\x0f\x31")); /* the benchmark's own */
	run(0);
	window_step(INSN(0x401004, "\x0f\x31"));
	assert_true(window_write_all(file));
	assert_int_equal(fclose(file), 0);
	assert_int_equal(ledger_read(&ledger, path, &error), 0);

	assert_int_equal(ledger.windows->len, 2);
	assert_int_equal(WINDOW_AT(0).length, 5); /* with the second reading */
	assert_int_equal(WINDOW_AT(0).crossings, 1);
	assert_int_equal(WINDOW_AT(0).times, 3);
	assert_true(WINDOW_AT(0).traced);
	assert_int_equal(WINDOW_AT(1).length, 10);
	assert_int_equal(WINDOW_AT(1).crossings, 2);
	assert_false(WINDOW_AT(1).traced); /* seen once */
	assert_int_equal(made_up_step_at(&ledger, 0)->access_count, 0);
	assert_int_equal(made_up_step_at(&ledger, 1)->access_count, 3);
	assert_true(ACCESS_AT(1).store);
	assert_int_equal(ACCESS_AT(2).address, 0xffffc90000000010);
	assert_string_equal(made_up_insn_at(&ledger, 0)->text, "text of it");
	assert_int_equal(made_up_insn_at(&ledger, made_up_step_at(&ledger, 1)->insn)->address,
			 0xffffffff80100000);
	ledger_free(&ledger);
	free(path);
}

/* Told of no ranges, every reading of ring 3 ends one window and begins the next. */
static void test_every_reading(void **state)
{
	(void)state;
	assert_int_equal(insn_reading(0x400000, (const uint8_t *)"\x0f\x31", 2), READING_BOTH);
	assert_int_equal(insn_reading(0x400000, (const uint8_t *)"\x0f\x01\xf9", 3), READING_BOTH);
	assert_int_equal(insn_reading(0x400000, (const uint8_t *)"\x0f\x32", 2), READING_NONE);
	assert_int_equal(insn_reading(UINT64_MAX, (const uint8_t *)"\x0f\x31", 2), READING_NONE);
}

/* The same address with other bytes is another instruction. */
static void test_patched_code(void **state)
{
	(void)state;
	assert_ptr_equal(INSN(0x500000, "\x90"), INSN(0x500000, "\x90"));
	assert_ptr_not_equal(INSN(0x500000, "\x90"), INSN(0x500000, "\xcc"));
	assert_ptr_not_equal(INSN(0x500000, "\x90"), INSN(0x500001, "\x90"));
	assert_ptr_equal(insn_by_id(INSN(0x500001, "\x90")->id), INSN(0x500001, "\x90"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_reading), /* before any range is added */
	    SCRATCH_TEST(test_windows),
	    cmocka_unit_test(test_patched_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
