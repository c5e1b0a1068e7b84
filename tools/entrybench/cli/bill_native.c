/*
 * An estimate of what crossings cost a program on the host's own Linux, where nothing counts single
 * instructions: how often it crosses, times round trips that the benchmarks measure here. System
 * calls are counted at their entries by ptrace in a run of its own; page faults are getrusage's;
 * cycles are the TSC's over a run that nobody traces.
 */
#include "cli/cli.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLS	     512
#define BOOTS	     3 /* of each benchmark: the median counts */
#define CANNOT_START 127
#define SYSCALL_STOP (SIGTRAP | 0x80) /* PTRACE_O_TRACESYSGOOD */

static const char *const names[CALLS] = {
#include "syscall-names.h"
};

/* Benchmarks whose round trips stand for crossings. */
enum { CALL, FAULT, SIGNAL, COSTS };
static const char *const benches[COSTS] = {
    [CALL] = "null_syscall",
    [FAULT] = "page_fault:write",
    [SIGNAL] = "signal_roundtrip:tgkill",
};

struct counted {
	double calls[CALLS], faults, ticks;
	int exit_status;
};

static _Noreturn void exec_program(const struct benchmark *program, bool traced)
{
	g_autofree char **argv = g_new0(char *, program->words.count + 2);
	int nothing = open("/dev/null", O_RDWR);
	sigset_t none;

	argv[0] = (char *)program->program;
	for (size_t i = 0; i < program->words.count; i++)
		argv[i + 1] = program->words.at[i];
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	personality(ADDR_NO_RANDOMIZE);
	for (int fd = 0; fd <= 2; fd++)
		dup2(nothing, fd);
	if (!traced || ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
		execv(argv[0], argv);
	_exit(CANNOT_START);
}

/* One stop of a thread: counts, and lets it go on. New threads begin with a SIGSTOP. */
static void take_stop(struct counted *counted, pid_t thread, int status, bool fresh)
{
	int signal = WSTOPSIG(status);
	struct __ptrace_syscall_info info;

	if (signal == SYSCALL_STOP &&
	    ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof(info), &info) > 0 &&
	    info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr < CALLS)
		counted->calls[info.entry.nr]++;
	if (signal == SYSCALL_STOP || fresh || status >> 16)
		signal = 0;
	ptrace(PTRACE_SYSCALL, thread, NULL, (void *)(intptr_t)signal);
}

/* Until the program and all that it started have ended. Returns its wait status. */
static int follow(struct counted *counted, pid_t program)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE |
			     PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC;
	g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
	int status, end = -1;
	pid_t thread;

	while ((thread = waitpid(-1, &status, __WALL)) > 0) {
		bool fresh = g_hash_table_add(known, GINT_TO_POINTER(thread));

		if (WIFSTOPPED(status)) {
			if (fresh && thread == program)
				ptrace(PTRACE_SETOPTIONS, thread, NULL, (void *)options);
			take_stop(counted, thread, status, fresh);
		} else if (thread == program) {
			end = status;
		}
	}
	return end;
}

/* Runs it once. 0; or -1 with error. */
static int run(const struct benchmark *program, struct counted *counted, bool traced,
	       struct error *error)
{
	uint64_t began = __builtin_ia32_rdtsc();
	pid_t child = fork();
	struct rusage usage;
	int status;

	if (child == 0)
		exec_program(program, traced);
	if (child < 0)
		return error_set(error, "cannot start %s: %m", program->program);
	if (traced) {
		status = follow(counted, child);
	} else {
		wait4(child, &status, 0, &usage);
		counted->ticks = (double)(__builtin_ia32_rdtsc() - began);
		counted->faults = (double)(usage.ru_minflt + usage.ru_majflt);
	}
	if (WIFSIGNALED(status))
		return error_set(error, "%s was killed by signal %d", program->program,
				 WTERMSIG(status));
	if (WEXITSTATUS(status) == CANNOT_START)
		return error_set(error, "%s cannot be started, or not be traced", program->program);
	counted->exit_status = WEXITSTATUS(status);
	return 0;
}

/* What one round trip of the benchmark takes, in ticks. */
static int measure(struct bill *bill, const struct bill_request *request, const char *bench,
		   double *round_trip, struct error *error)
{
	g_auto(selection_t) selection = {0};
	double values[BOOTS] = {0};
	int code = bill_choose_case(&selection, request->manifest, bench, error) ? 1 : 0;
	const struct single_boot single = {
	    .variant = request->variant, .bench = selection.cases, .init = request->manifest->init};

	for (int i = 0; i < BOOTS && code == 0; i++)
		code = bill_measure(bill, request, single, &values[i], error);
	*round_trip = sample_median((struct sample){.values = values, .n = BOOTS});
	return code;
}

static void add_way(struct bill *bill, const char *name, double crossings, double ticks)
{
	const struct bill_way way = {
	    .name = name,
	    .crossings = crossings,
	    .path = ticks,
	    .lines = g_array_new(false, false, sizeof(struct bill_line)),
	};

	if (ticks > 0)
		bill_line(way.lines, "", "estimated")->sums[BILL_COUNT] = ticks;
	g_array_append_val(bill->ways, way);
}

static int make_estimate(struct bill *bill, const struct counted *counted, const double *costs,
			 struct error *error)
{
	/* Of a round trip by tgkill, what is neither its system call nor rt_sigreturn's. */
	double signal = MAX(costs[SIGNAL] - 2 * costs[CALL], 0), rest;

	bill_add_ways(bill);
	bill->estimate = true;
	bill->exit_status = counted->exit_status;
	bill->sums[BILL_COUNT] = counted->ticks;
	bill->signals = counted->calls[SYS_rt_sigreturn];
	for (size_t i = 0; i < CALLS; i++)
		if (counted->calls[i] > 0)
			add_way(bill, names[i] ? names[i] : "enosys", counted->calls[i],
				counted->calls[i] * costs[CALL]);
	add_way(bill, "#PF", counted->faults, counted->faults * costs[FAULT]);
	add_way(bill, "signal", bill->signals, bill->signals * signal);
	rest = counted->ticks - bill_kernel(bill).path;
	if (rest < 0)
		return error_set(
		    error, "the crossings are estimated at %.0f cycles, but the program took %.0f",
		    bill_kernel(bill).path, counted->ticks);
	add_way(bill, WAY_REST, 0, rest);
	bill_sort_ways(bill);
	return 0;
}

int bill_by_estimate(struct bill *bill, const struct bill_request *request, struct error *error)
{
	const struct benchmark *program = request->bench->benchmark;
	double costs[COSTS];
	struct counted counted = {0};
	int code = 0;

	for (int i = 0; i < COSTS && code == 0; i++)
		code = measure(bill, request, benches[i], &costs[i], error);
	if (code == 0 && (run(program, &counted, true, error) != 0 ||
			  run(program, &counted, false, error) != 0 ||
			  make_estimate(bill, &counted, costs, error) != 0))
		code = 1;
	return code;
}
