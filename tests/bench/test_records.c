/* The test's own decoder: it takes a good stream and refuses every kind of bad one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "program.h"
#include "records.h"

static char *good; /* what a program really says */

static int run_once(void **state)
{
	(void)state;
	struct outcome outcome = program_run("null_syscall --repeats 3 --windows 3 --stream 7");

	good = strdup(outcome.output);
	outcome_free(&outcome);
	return good == NULL;
}

static int forget(void **state)
{
	(void)state;
	free(good);
	return 0;
}

static void expect_error(const char *text, const char *error)
{
	struct stream stream = stream_decode(text, "7");

	if (strncmp(stream.error, error, strlen(error)) != 0 ||
	    (*error == '\0') != (*stream.error == '\0'))
		fail_msg("expected '%s', got '%s'", error, stream.error);
	stream_free(&stream);
}

static void takes_a_good_stream(void **state)
{
	(void)state;
	expect_error(good, "");
}

static void takes_other_text_between(void **state)
{
	(void)state;
	char *text = malloc(strlen(good) + 200), *second = strchr(good, '\n') + 1;

	sprintf(text, "[    0.1] hello\r\n%.*snoise without end @EB1 %s", (int)(second - good),
		good, second + strlen("@EB1 "));
	expect_error(text, "");
	free(text);
}

static void sees_each_damaged_byte(void **state)
{
	(void)state;
	size_t line = strcspn(good, "\n");
	char *text = strdup(good);

	for (size_t i = strlen("@EB1 "); i < line; i++) {
		text[i] ^= 1;
		struct stream stream = stream_decode(text, "7");
		assert_true(stream.error[0] != '\0');
		stream_free(&stream);
		text[i] ^= 1;
	}
	free(text);
}

static void sees_a_lost_line(void **state)
{
	(void)state;
	char *text = strdup(good), *second = strchr(text, '\n') + 1,
	     *third = strchr(second, '\n') + 1;

	memmove(second, third, strlen(third) + 1);
	expect_error(text, "out of order");
	free(text);
}

static void sees_a_lost_end(void **state)
{
	(void)state;
	char *text = strdup(good);

	text[strlen(text) - 1] = '\0';
	strrchr(text, '\n')[1] = '\0';
	expect_error(text, "cut short");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(takes_a_good_stream),    cmocka_unit_test(takes_other_text_between),
	    cmocka_unit_test(sees_each_damaged_byte), cmocka_unit_test(sees_a_lost_line),
	    cmocka_unit_test(sees_a_lost_end),
	};

	return cmocka_run_group_tests(tests, run_once, forget);
}
