/*
 * Runs the programs of `plan` one after the other and frames them with the kernel stream's records
 * (docs/architecture.md, "Initrd and plan"). Without arguments it is process 1 of a Linux guest and
 * ends the machine; as `init NAME FOLDER` it runs on a Linux that others use too, in that folder,
 * and calls itself variant NAME.
 */
#include <entrybench/record.h>

#include "harness/stream.h"
#include "harness/text.h"
#include "init/init.h"
#include "init/linux.h"
#include "init/plan.h"

enum { HOSTED_ARGS = 3, STDERR = 2, USAGE_STATUS = 2 };

static bool hosted;

struct tally {
	uint64_t programs, failed;
	const char *reason; /* of the first that failed */
};

/* What a program may look for, as on the core. The initrd's own file system can be written. */
static void make_folders(void)
{
	linux_mkdir("/dev");
	linux_mkdir("/proc");
	linux_mkdir("/tmp");
	linux_mount("devtmpfs", "/dev");
	linux_mount("proc", "/proc");
}

/*
 * The kernel gives process 1 a console only if the initrd has the device file, so make sure of one.
 */
static void open_console(void)
{
	int console = linux_open("/dev/console", OPEN_READ_WRITE);

	if (console < 0)
		return;
	for (int fd = 0; fd <= 2; fd++)
		if (console != fd)
			linux_dup2(console, fd);
	if (console > 2)
		linux_close(console);
	/* Nobody types here: whoever reads is at the end at once, as in the core. */
	int nothing = linux_open("/dev/null", OPEN_READ);
	if (nothing >= 0)
		linux_dup2(nothing, 0);
	if (nothing > 2)
		linux_close(nothing);
}

/* What the process of the last program leaves to init. */
static struct {
	long exec_error; /* 0: it was started */
	uint64_t began;	 /* ticks */
} * shared;

/*
 * The bill of a program begins and ends with the readings of program_clock, and its plugin wakes up
 * at the one of program_soon: it knows both by their symbols (docs/ledger.md).
 */
__attribute__((noinline)) static uint64_t program_clock(void)
{
	return __builtin_ia32_rdtsc();
}

__attribute__((noinline)) static uint64_t program_soon(void)
{
	return __builtin_ia32_rdtsc();
}

/* How the program of the line ended, as the core says it: a signal by its number. */
static void say_end(const struct tally *tally, long child, int status, uint64_t ticks)
{
	const char *signal = "", *error = "";

	if (child < 0)
		error = "Linux makes no process for it";
	else if (shared->exec_error != 0)
		error = "Linux cannot start it";
	if (status_signal(status) != 0)
		signal = linux_signal_name(status_signal(status));
	record_start(EB_TYPE_PROGRAM);
	record_number("line", (int64_t)tally->programs - 1);
	record_number("status", status_code(status));
	record_number("ticks", (int64_t)ticks);
	record_text("signal", signal);
	record_text("error", error);
	record_send();
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

static void run_program(struct tally *tally, char *const *args)
{
	static char *const environment[] = {NULL};

	record_start(EB_TYPE_START);
	record_number("line", (int64_t)tally->programs++);
	record_send();
	shared->exec_error = 0;
	shared->began = program_soon();
	long child = linux_fork();
	if (child == 0) {
		/* The tool ends what it started, but not where it was killed outright itself. */
		if (hosted)
			linux_die_with_parent();
		shared->began = program_clock();
		shared->exec_error = linux_exec(args[0], args, environment);
		sys_exit(1);
	}
	int status = child < 0 ? 0 : linux_wait((int)child);
	uint64_t ticks = program_clock() - shared->began;
	say_end(tally, child, status, ticks);
	if (child < 0)
		fail(tally, args[0], "cannot fork, error", child);
	else if (status_signal(status) != 0)
		fail(tally, args[0], "killed by signal", status_signal(status));
	else if (shared->exec_error != 0)
		fail(tally, args[0], "cannot be started, error", shared->exec_error);
	else if (status_code(status) != 0)
		fail(tally, args[0], "ended with status", status_code(status));
}

/* NULL, or what is wrong with the plan. */
static const char *run_plan(struct tally *tally)
{
	char *const *args;
	const char *wrong = plan_read();

	while (wrong == NULL && (args = plan_next(&wrong)) != NULL) {
		if (tally->programs == 0 && args[1] == NULL && text_equal(args[0], "symbols"))
			symbols_send();
		else
			run_program(tally, args);
	}
	return wrong;
}

/* All records of the kernel stream, and the programs' between them. True if all went well. */
static bool run_all(const char *variant, const char *console)
{
	struct tally tally = {.reason = ""};

	stream_open(EB_STREAM_KERNEL);
	boot_send(variant, console);
	shared = linux_shared(sizeof(*shared));
	const char *bad_plan = shared != NULL ? run_plan(&tally) : "there is no memory";
	if (bad_plan != NULL)
		tally.reason = bad_plan;
	bool ok = tally.failed == 0 && bad_plan == NULL;
	record_start_last(EB_TYPE_EXIT);
	record_text("status", ok ? "ok" : "failed");
	record_text("reason", tally.reason);
	record_number("programs", (int64_t)tally.programs);
	record_number("failed", (int64_t)tally.failed);
	record_send();
	return ok;
}

/* In a folder of a Linux that goes on afterwards. */
static _Noreturn void run_hosted(const char *variant, const char *folder)
{
	static const char no_folder[] = "init: the folder of its second argument is not there\n";

	hosted = true;
	if (linux_chdir(folder) < 0) {
		sys_write_all(STDERR, no_folder, sizeof(no_folder) - 1);
		sys_exit(USAGE_STATUS);
	}
	sys_exit(run_all(variant, "pipe") ? 0 : 1);
}

_Noreturn void harness_start(long *stack);

/* The stack as the kernel leaves it: number of arguments, the arguments, NULL. */
_Noreturn void harness_start(long *stack)
{
	char **args = (char **)(stack + 1);

	sys_init(stack);
	if (stack[0] == HOSTED_ARGS)
		run_hosted(args[1], args[2]);
	make_folders();
	open_console();
	linux_console_raw();
	linux_end_machine(run_all(linux_release(), "console"));
}
