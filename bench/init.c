/*
 * Process 1 of a Linux guest: runs the programs of /plan one after the other, frames them with the kernel stream's
 * records, and ends the machine (docs/architecture.md, "Initrd and plan").
 */
#include <entrybench/record.h>

#include "harness/stream.h"
#include "harness/text.h"
#include "init/init.h"
#include "init/linux.h"

enum { PLAN_MAX = 65536, ARGS_MAX = 64 };

struct tally {
	uint64_t programs, failed;
	const char *reason; /* of the first that failed */
};

static char plan[PLAN_MAX + 1];

/* The kernel gives process 1 a console only if the initrd has the device file, so make sure of one. */
static void open_console(void)
{
	linux_mkdir("/dev");
	linux_mkdir("/proc");
	linux_mount("devtmpfs", "/dev");
	linux_mount("proc", "/proc");
	int console = linux_open("/dev/console", OPEN_READ_WRITE);

	if (console < 0)
		return;
	for (int fd = 0; fd <= 2; fd++)
		if (console != fd)
			linux_dup2(console, fd);
	if (console > 2)
		linux_close(console);
}

/* Reads /plan; NULL, or what is wrong with it. */
static const char *read_plan(void)
{
	int fd = linux_open("/plan", OPEN_READ);
	size_t size = 0;

	if (fd < 0)
		return "there is no file /plan in the initrd";
	for (;;) {
		long got = linux_read(fd, plan + size, PLAN_MAX + 1 - size);
		if (got <= 0)
			break;
		size += (size_t)got;
		if (size > PLAN_MAX)
			return "/plan has more than 65536 bytes";
	}
	linux_close(fd);
	plan[size] = '\0';
	return size > 0 ? NULL : "/plan is empty";
}

/* Parts a line at its spaces, in place; false if it has too many words. */
static bool split(char *line, char **args)
{
	size_t count = 0;

	while (*line != '\0') {
		if (count == ARGS_MAX)
			return false;
		args[count++] = line;
		while (*line != '\0' && *line != ' ')
			line++;
		if (*line == ' ')
			*line++ = '\0';
	}
	args[count] = NULL;
	return count > 0;
}

/* "PROGRAM: WHAT NUMBER", once: the first reason stays. */
static void fail(struct tally *tally, const char *program, const char *what, long number)
{
	static char reason[300];
	char digits[TEXT_NUMBER_MAX];
	const char *const parts[] = {program, ": ", what, " ", digits};
	size_t used = 0;

	tally->failed++;
	if (tally->reason[0] != '\0')
		return;
	text_from_signed(digits, number);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (const char *at = parts[i]; *at != '\0' && used < sizeof(reason) - 1; at++)
			reason[used++] = *at;
	tally->reason = reason;
}

static void run_line(struct tally *tally, char *line)
{
	static char *args[ARGS_MAX + 1];
	static char *const environment[] = {NULL};

	tally->programs++;
	if (!split(line, args)) {
		fail(tally, "/plan", "a line is empty or has too many words, line",
		     (long)tally->programs);
		return;
	}
	long child = linux_fork();
	if (child == 0)
		sys_exit(linux_exec(args[0], args, environment));
	int status = child < 0 ? 0 : linux_wait((int)child);
	if (child < 0)
		fail(tally, args[0], "cannot fork, error", child);
	else if (status_signal(status) != 0)
		fail(tally, args[0], "killed by signal", status_signal(status));
	else if (status_code(status) == EXEC_FAILED)
		fail(tally, args[0], "cannot be started, status", EXEC_FAILED);
	else if (status_code(status) != 0)
		fail(tally, args[0], "ended with status", status_code(status));
}

static void run_plan(struct tally *tally)
{
	for (char *line = plan; *line != '\0';) {
		char *end = line;

		while (*end != '\0' && *end != '\n')
			end++;
		char *next = *end == '\0' ? end : end + 1;
		*end = '\0';
		if (line == plan && text_equal(line, "symbols"))
			symbols_send();
		else
			run_line(tally, line);
		line = next;
	}
}

_Noreturn void harness_start(long *stack);

_Noreturn void harness_start(long *stack)
{
	struct tally tally = {.reason = ""};

	sys_init(stack);
	open_console();
	linux_console_raw();
	stream_open(EB_STREAM_KERNEL);
	boot_send();
	const char *bad_plan = read_plan();
	if (bad_plan == NULL)
		run_plan(&tally);
	else
		tally.reason = bad_plan;
	bool ok = tally.failed == 0 && bad_plan == NULL;
	record_start_last(EB_TYPE_EXIT);
	record_text("status", ok ? "ok" : "failed");
	record_text("reason", tally.reason);
	record_number("programs", (int64_t)tally.programs);
	record_number("failed", (int64_t)tally.failed);
	record_send();
	linux_end_machine(ok);
}
