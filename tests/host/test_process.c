/* Child processes: their output, their end, and that nothing of their group survives. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"
#include "scratch.h"

static int start(struct process *process, bool terminal, const char *script, struct error *error)
{
	struct launch launch = {.terminal = terminal, .cpu = -1};
	int result;

	strings_add(&launch.argv, "/bin/sh");
	strings_add(&launch.argv, "-c");
	strings_add(&launch.argv, script);
	result = process_start(process, &launch, error);
	strings_free(&launch.argv);
	return result;
}

static void pause_ms(long ms)
{
	struct timespec pause = {.tv_nsec = ms * 1000000};

	nanosleep(&pause, NULL);
}

/* Reads until the output ends or the time is over. */
static void read_all(struct process *process, char *text, size_t size)
{
	size_t used = 0;

	for (int tries = 0; tries < 500 && process->output >= 0; tries++) {
		ssize_t got = process_read(process, text + used, size - 1 - used);

		if (got > 0)
			used += (size_t)got;
		else
			pause_ms(10);
	}
	text[used] = 0;
}

static void test_output_and_status(void **state)
{
	struct process process;
	struct error error;
	char text[1000];

	(void)state;
	assert_int_equal(start(&process, false, "echo out; echo err >&2; cat; exit 7", &error), 0);
	read_all(&process, text, sizeof(text));
	assert_string_equal(text, "out\nerr\n");
	for (int tries = 0; tries < 500 && !process_ended(&process); tries++)
		pause_ms(10);
	assert_true(process_ended(&process));
	process_finish(&process);
	assert_true(WIFEXITED(process.status) && WEXITSTATUS(process.status) == 7);
	assert_int_equal(process.output, -1);
}

static void test_terminal(void **state)
{
	struct process process;
	struct error error;
	char text[1000];

	(void)state;
	assert_int_equal(start(&process, true, "test -t 0 && test -t 1 && echo yes", &error), 0);
	read_all(&process, text, sizeof(text));
	assert_string_equal(text, "yes\n"); /* as it was written */
	process_finish(&process);
}

static void test_no_program(void **state)
{
	struct launch launch = {.cpu = -1};
	struct process process;
	struct error error;

	(void)state;
	strings_add(&launch.argv, "/no/such/program");
	assert_int_equal(process_start(&process, &launch, &error), -1);
	assert_non_null(strstr(error.text, "/no/such/program"));
	assert_non_null(strstr(error.text, "No such file or directory"));
	assert_int_equal(process.pid, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	strings_free(&launch.argv);
}

/*
 * A child of the child, which ignores every signal that can be ignored and holds the output open.
 */
static void check_group_gone(bool terminal)
{
	struct process process;
	struct error error;
	char text[100];
	ssize_t got = 0;
	pid_t orphan;

	assert_int_equal(start(&process, terminal,
			       "trap '' TERM HUP INT; (trap '' TERM HUP INT; sleep 1000) & "
			       "echo $!; exit 0",
			       &error),
			 0);
	for (int tries = 0; tries < 500 && got <= 0; tries++) {
		pause_ms(10);
		got = process_read(&process, text, sizeof(text) - 1);
	}
	assert_true(got > 0);
	text[got] = 0;
	orphan = atoi(text);
	assert_true(orphan > 1);
	assert_int_equal(kill(orphan, 0), 0);
	process_finish(&process);
	/* Not even a zombie. */
	assert_int_equal(kill(orphan, 0), -1);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void test_group_is_killed(void **state)
{
	(void)state;
	process_adopt_orphans();
	check_group_gone(false);
	check_group_gone(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_output_and_status),
	    cmocka_unit_test(test_terminal),
	    cmocka_unit_test(test_no_program),
	    cmocka_unit_test(test_group_is_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
