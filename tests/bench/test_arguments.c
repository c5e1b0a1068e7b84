/* Arguments: what is taken, and that everything else ends with one line, status 2 and no record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "program.h"
#include "records.h"

static const char *const refused[] = {
    "null_syscall 5",
    "null_syscall --batch",
    "null_syscall --batch 0",
    "null_syscall --batch -1",
    "null_syscall --batch 1000001",
    "null_syscall --batch 64x",
    "null_syscall --batch 0x40",
    "null_syscall --repeats 0",
    "null_syscall --stretches 0",
    "null_syscall --layout 64",
    "null_syscall --repeats 99999999999999999999999",
    "null_syscall --windows 0",
    "null_syscall --windows 18446744073709551617",
    "null_syscall --warmup many",
    "null_syscall --stream kernel",
    "null_syscall --samples 5",
    "null_syscall --raw --raw=1",
    "deep_syscall",
    "deep_syscall --stream 1",
    "deep_syscall 0",
    "deep_syscall 12289",
    "deep_syscall 256 512",
    "instruction_cost",
    "instruction_cost cpuid",
    "sigreturn_exit iret",
    "spike 65",
    "touch_pages",
    "touch_pages 0",
    "touch_pages 513",
};

static void bad_ones_end_with_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct outcome outcome = program_run(refused[i]);
		size_t name = strcspn(refused[i], " ");

		if (outcome.status != 2 || outcome.output[0] != '\0')
			fail_msg("%s: status %d, said '%s'", refused[i], outcome.status,
				 outcome.output);
		if (strncmp(outcome.error, refused[i], name) != 0 || outcome.error[name] != ':' ||
		    strchr(outcome.error, '\n') != outcome.error + strlen(outcome.error) - 1)
			fail_msg("%s: said '%s'", refused[i], outcome.error);
		outcome_free(&outcome);
	}
}

static void stream_number_is_the_plans(void **state)
{
	(void)state;
	struct outcome outcome =
	    program_run("touch_pages 2 --stream 41 --batch 1 --repeats 1 --windows 1 --warmup 0");
	struct stream stream = stream_decode(outcome.output, "41");

	assert_int_equal(outcome.status, 0);
	assert_string_equal(stream.error, "");
	stream_free(&stream);
	outcome_free(&outcome);
}

static void a_full_console_fails_the_program(void **state)
{
	(void)state;
	int status = system("exec " BENCH_FOLDER "/null_syscall >/dev/full");

	assert_int_equal(WEXITSTATUS(status), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bad_ones_end_with_one_line),
	    cmocka_unit_test(stream_number_is_the_plans),
	    cmocka_unit_test(a_full_console_fails_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
