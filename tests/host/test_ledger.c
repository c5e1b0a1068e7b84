/* The ledger file: a whole one is read, and every damage is named with its line. */
#include "scratch.h"

#include "made_up_ledger.h"

#define WINDOW_AT(i) g_array_index(ledger.windows, struct ledger_window, i)
#define ACCESS_AT(i) g_array_index(ledger.accesses, struct ledger_access, i)

#define HEAD   "entrybench-ledger 1\n"
#define INSNS  "insn 1 401000 0f05 syscall\ninsn 2 ffffffff80100000 480f07 sysretq \n"
#define WINDOW "window 0 steps 3 crossings 1 times 7 traced\n"
#define STEPS  "step 1\nstep 2 L8@ffffc90000000ff8 S4@ffffc90000000ff0\nstep 1\n"

static int read_text(const char *dir, const char *text, struct ledger *ledger, struct error *error)
{
	char *path = g_build_filename(dir, "ledger", NULL);
	int status;

	assert_int_equal(file_replace(dir, "ledger", text, strlen(text), error), 0);
	status = ledger_read(ledger, path, error);
	free(path);
	return status;
}

static void test_whole(void **state)
{
	struct ledger ledger;
	struct error error;

	assert_int_equal(read_text(*state,
				   HEAD INSNS WINDOW STEPS
				   "window 1 steps 900 crossings 4 times 1 untraced\nend 2\n",
				   &ledger, &error),
			 0);
	assert_int_equal(ledger.insns->len, 2);
	assert_string_equal(made_up_insn_at(&ledger, 0)->text, "syscall");
	assert_string_equal(made_up_insn_at(&ledger, 1)->text, "sysretq");
	assert_int_equal(made_up_insn_at(&ledger, 1)->size, 3);
	assert_int_equal(made_up_insn_at(&ledger, 1)->bytes[0], 0x48);
	assert_false(insn_in_kernel(made_up_insn_at(&ledger, 0)));
	assert_true(insn_in_kernel(made_up_insn_at(&ledger, 1)));
	assert_int_equal(ledger.windows->len, 2);
	assert_true(WINDOW_AT(0).traced && !WINDOW_AT(1).traced);
	assert_int_equal(WINDOW_AT(0).times, 7);
	assert_int_equal(WINDOW_AT(1).length, 900);
	assert_int_equal(ledger.steps->len, 3);
	assert_int_equal(made_up_step_at(&ledger, 1)->insn, 1);
	assert_int_equal(made_up_step_at(&ledger, 1)->access_count, 2);
	assert_false(ACCESS_AT(0).store);
	assert_true(ACCESS_AT(1).store);
	assert_int_equal(ACCESS_AT(1).size, 4);
	assert_int_equal(ACCESS_AT(1).address, 0xffffc90000000ff0);
	ledger_free(&ledger);
}

static void test_damage(void **state)
{
	static const char *const texts[][2] = {
	    {"", "cut short"},
	    {"entrybench-ledger 2\nend 0\n", ":1: bad first line"},
	    {HEAD INSNS WINDOW STEPS, "cut short"},
	    {HEAD INSNS WINDOW "step 1\nend 1\n", ":6: a window lacks steps"},
	    {HEAD INSNS WINDOW STEPS "step 1\nend 1\n", ":8: a step outside"},
	    {HEAD INSNS WINDOW STEPS "end 2\n", ":8: bad end"},
	    {HEAD INSNS WINDOW STEPS "end 1\nend 1\n", ":9: text after the end"},
	    {HEAD INSNS WINDOW "step 3\n", ":5: bad step"},
	    {HEAD INSNS WINDOW "step 0\n", ":5: bad step"},
	    {HEAD INSNS WINDOW "step 1 X8@12\n", ":5: bad access"},
	    {HEAD INSNS WINDOW "step 1 L0@12\n", ":5: bad access"},
	    {HEAD "insn 2 401000 90 nop\n", ":2: bad instruction"},
	    {HEAD "insn 1 401000 9 nop\n", ":2: bad instruction"},
	    {HEAD "insn 1 401000 9g nop\n", ":2: bad instruction"},
	    {HEAD "insn 1 401000 90909090909090909090909090909090 nop\n", ":2: bad instruction"},
	    {HEAD "window 1 steps 3 crossings 1 times 7 traced\n", ":2: bad window"},
	    {HEAD "noise\n", ":2: bad end"},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct ledger ledger;
		struct error error = {""};

		assert_int_equal(read_text(*state, texts[i][0], &ledger, &error), -1);
		if (!strstr(error.text, texts[i][1]))
			fail_msg("case %zu says \"%s\", not \"%s\"", i, error.text, texts[i][1]);
		assert_null(ledger.insns);
	}
}

static void test_missing(void **state)
{
	struct ledger ledger;
	struct error error;

	(void)state;
	assert_int_equal(ledger_read(&ledger, "/nowhere", &error), -1);
	assert_non_null(strstr(error.text, "/nowhere"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCRATCH_TEST(test_whole),
	    SCRATCH_TEST(test_damage),
	    cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
