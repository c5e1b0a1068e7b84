/* What the kernel stream says of the programs: start, fault, what is missing, end. */
#include <math.h>

#include "guest/guest.h"
#include "scratch.h"

/* Gives a record, without its frame. NULL, or what is wrong with it. */
static const char *take(struct kernel_facts *facts, const char *body)
{
	static char text[EB_RECORD_MAX];
	struct record record;

	snprintf(text, sizeof(text), "@EB1 kernel 1 %s", body);
	assert_null(record_parse(text, strlen(text), &record));
	return kernel_take(facts, &record);
}

static void test_ends(void **state)
{
	struct kernel_facts facts = {0};
	const struct program_end *end;

	(void)state;
	assert_false(kernel_started(&facts, 0));
	assert_null(take(&facts, "start line=0"));
	assert_true(facts.running && kernel_started(&facts, 0) && !kernel_started(&facts, 1));
	assert_null(kernel_program_end(&facts, 0));
	assert_null(take(&facts, "program line=0 status=0 signal= error="));
	end = kernel_program_end(&facts, 0);
	assert_string_equal(end->how, "");
	assert_true(end->status == 0 && !facts.running && kernel_started(&facts, 0));
	assert_null(take(&facts, "start line=1"));
	assert_null(take(&facts, "count name=enosys call=fork nr=57 value=2"));
	assert_null(take(&facts, "program line=1 status=3 signal= error="));
	end = kernel_program_end(&facts, 1);
	assert_string_equal(end->how, "ended with status 3");
	assert_true(end->status == 3);
	assert_string_equal(pairs_get(&end->missing, "fork"), "2");
	assert_null(take(&facts, "program line=2 status=0 signal= error=no%20such%20file"));
	end = kernel_program_end(&facts, 2);
	assert_string_equal(end->how, "cannot be run: no such file");
	assert_true(isnan(end->status) && !end->missing.count);
	kernel_facts_free(&facts);
}

/* The first fault is the reason, for the program that it ended alone. */
static void test_faults(void **state)
{
	struct kernel_facts facts = {0};

	(void)state;
	assert_null(take(&facts, "fault what=out%20of%20memory"));
	assert_null(take(&facts, "fault what=%23PF ip=1 sp=2 error=6 address=3"));
	assert_null(take(&facts, "program line=0 status=0 signal=SIGKILL error="));
	assert_string_equal(kernel_program_end(&facts, 0)->how,
			    "was killed by SIGKILL (out of memory)");
	assert_string_equal(kernel_program_end(&facts, 0)->signal, "SIGKILL");
	assert_true(isnan(kernel_program_end(&facts, 0)->status));
	assert_null(take(&facts, "fault what=%23GP ip=7ffffffff000 sp=2 error=0"));
	assert_null(take(&facts, "program line=1 status=0 signal=SIGSEGV error="));
	assert_string_equal(kernel_program_end(&facts, 1)->how,
			    "was killed by SIGSEGV (#GP at ip 7ffffffff000)");
	assert_null(take(&facts, "program line=2 status=0 signal=SIGTERM error="));
	assert_string_equal(kernel_program_end(&facts, 2)->how, "was killed by SIGTERM");
	kernel_facts_free(&facts);
}

static void test_malformed(void **state)
{
	struct kernel_facts facts = {0};

	(void)state;
	assert_non_null(take(&facts, "start"));
	assert_non_null(take(&facts, "start line=x"));
	assert_non_null(take(&facts, "fault ip=1"));
	assert_non_null(take(&facts, "program line=0 status=-1 signal= error="));
	assert_non_null(take(&facts, "program line=0 status=0 signal="));
	assert_false(facts.running);
	assert_int_equal(facts.end_count, 0);
	kernel_facts_free(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
