/* Names for addresses: functions with and without a size, phases, ELF files. */
#include <stdbool.h>

#include "bill/ledger.h"
#include "scratch.h"

static const char *name_at(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *symbol = symbols_find(symbols, address);

	return symbol ? symbol->name : "none";
}

static const char *phase_at(const struct symbols *symbols, uint64_t address)
{
	const struct phase *phase = symbols_find_phase(symbols, address);

	return phase ? phase->name : "none";
}

static void test_functions(void **state)
{
	struct symbols symbols = {0};

	(void)state;
	symbols_add(&symbols, 0x200, 0x40, "second", false);
	symbols_add(&symbols, 0x100, 0x40, "first", false);
	symbols_add(&symbols, 0x210, 0, "label_inside", false);
	symbols_add(&symbols, 0x300, 0, "sizeless", false);
	symbols_sort(&symbols);
	assert_string_equal(name_at(&symbols, 0xff), "none");
	assert_string_equal(name_at(&symbols, 0x100), "first");
	assert_string_equal(name_at(&symbols, 0x13f), "first");
	assert_string_equal(name_at(&symbols, 0x150), "first"); /* behind its end: nearest below */
	assert_string_equal(name_at(&symbols, 0x220), "second");
	assert_string_equal(name_at(&symbols, 0x23f), "second");
	assert_string_equal(name_at(&symbols, 0x240), "label_inside");
	assert_string_equal(name_at(&symbols, UINT64_MAX), "sizeless"); /* nearest below */
	symbols_add(&symbols, 0x120, 0x8, "label_with_size", true);
	symbols_sort(&symbols);
	assert_string_equal(name_at(&symbols, 0x124), "first");
	assert_string_equal(name_at(&symbols, 0x150), "first");
	symbols.end = 0x400;
	assert_string_equal(name_at(&symbols, 0x3ff), "sizeless");
	assert_string_equal(name_at(&symbols, 0x400), "none");
	assert_string_equal(symbols_by_name(&symbols, "second")->name, "second");
	assert_null(symbols_by_name(&symbols, "third"));
	symbols_free(&symbols);
}

static void test_phases(void **state)
{
	struct symbols symbols = {.entry_start = 0x100, .entry_end = 0x200};

	(void)state;
	symbols_add_phase(&symbols, 0x140, "leave");
	symbols_add_phase(&symbols, 0x150, "end");
	symbols_add_phase(&symbols, 0x110, "swapgs");
	symbols_add_phase(&symbols, 0x118, "cr3_to_kernel"); /* empty */
	symbols_add_phase(&symbols, 0x118, "stack");
	symbols_add_phase(&symbols, 0x120, "end");
	symbols_sort(&symbols);
	assert_string_equal(phase_at(&symbols, 0x10f), "none");
	assert_string_equal(phase_at(&symbols, 0x110), "swapgs");
	assert_string_equal(phase_at(&symbols, 0x117), "swapgs");
	assert_string_equal(phase_at(&symbols, 0x118), "stack");
	assert_string_equal(phase_at(&symbols, 0x120), "none");
	assert_string_equal(phase_at(&symbols, 0x145), "leave");
	assert_string_equal(phase_at(&symbols, 0x150), "none");
	g_array_index(symbols.phases, struct phase, 1).name = "xnd"; /* no end any more */
	assert_string_equal(phase_at(&symbols, 0x1ff), "xnd");
	assert_string_equal(phase_at(&symbols, 0x200), "none");
	symbols_free(&symbols);
}

/* This very program is an ELF file with symbols and no phases. */
static void test_elf(void **state)
{
	struct symbols symbols = {0};
	struct error error;
	bool found = false;

	(void)state;
	assert_int_equal(symbols_read_elf(&symbols, "/proc/self/exe", &error), 0);
	symbols_sort(&symbols);
	for (size_t i = 0; i < symbols_count(&symbols); i++)
		found |= strcmp(symbols_at(&symbols, i)->name, "main") == 0 &&
			 symbols_at(&symbols, i)->size > 0;
	assert_true(found);
	assert_string_equal(name_at(&symbols, symbols.end), "none");
	assert_null(symbols.phases);
	symbols_free(&symbols);
}

static void test_bad_elf(void **state)
{
	struct symbols symbols = {0};
	struct error error;
	char *path = g_build_filename(*state, "text", NULL);

	assert_int_equal(file_replace(*state, "text", "no ELF", 6, &error), 0);
	assert_int_equal(symbols_read_elf(&symbols, path, &error), -1);
	assert_non_null(strstr(error.text, "no ELF file"));
	assert_int_equal(symbols_read_elf(&symbols, "/nowhere", &error), -1);
	symbols_free(&symbols);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_functions),
	    cmocka_unit_test(test_phases),
	    cmocka_unit_test(test_elf),
	    SCRATCH_TEST(test_bad_elf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
