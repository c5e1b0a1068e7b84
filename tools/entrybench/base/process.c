/* Children in process groups. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* The two ends of a child's output, and the pipe through which a failing exec says why. */
struct plumbing {
	int ours, theirs, failed[2];
};

void process_adopt_orphans(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* No carriage return before a newline that the child writes. */
static void keep_bytes(int terminal)
{
	struct termios settings;

	if (!tcgetattr(terminal, &settings)) {
		settings.c_oflag &= ~(tcflag_t)OPOST;
		tcsetattr(terminal, TCSANOW, &settings);
	}
}

static int open_terminal(struct plumbing *plumbing)
{
	struct winsize size = {.ws_row = 25, .ws_col = 80};
	char name[64];

	plumbing->ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (plumbing->ours < 0 || grantpt(plumbing->ours) || unlockpt(plumbing->ours) ||
	    ptsname_r(plumbing->ours, name, sizeof(name)))
		return -1;
	plumbing->theirs = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (plumbing->theirs >= 0) {
		ioctl(plumbing->theirs, TIOCSWINSZ, &size);
		keep_bytes(plumbing->theirs);
	}
	return plumbing->theirs < 0 ? -1 : 0;
}

static int open_plumbing(struct plumbing *plumbing, bool terminal)
{
	int ends[2];

	*plumbing = (struct plumbing){-1, -1, {-1, -1}};
	if (pipe2(plumbing->failed, O_CLOEXEC))
		return -1;
	if (terminal)
		return open_terminal(plumbing);
	if (pipe2(ends, O_CLOEXEC))
		return -1;
	plumbing->ours = ends[0];
	plumbing->theirs = ends[1];
	return 0;
}

static void close_plumbing(struct plumbing *plumbing)
{
	const int all[] = {plumbing->ours, plumbing->theirs, plumbing->failed[0],
			   plumbing->failed[1]};

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		if (all[i] >= 0)
			close(all[i]);
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/*
 * First in, first out, at the lowest real-time priority. What loops for ever meets the kernel's limit even where the
 * tool itself is gone.
 */
static void limit_realtime(double seconds)
{
	const struct sched_param priority = {.sched_priority = 1};
	struct rlimit limit = {.rlim_cur = (rlim_t)(seconds * 1e6)};

	limit.rlim_max = limit.rlim_cur;
	if (!setrlimit(RLIMIT_RTTIME, &limit))
		sched_setscheduler(0, SCHED_FIFO, &priority);
}

/* In the child: only what is allowed after fork(). Returns where exec or its preparation failed. */
static void exec_child(const struct launch *command, const struct plumbing *plumbing)
{
	int input = open("/dev/null", O_RDONLY);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	if (command->terminal) {
		setsid();
		ioctl(plumbing->theirs, TIOCSCTTY, 0);
	} else {
		setpgid(0, 0);
	}
	/* Should the tool be killed outright, its guests go too. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (command->cpu >= 0)
		pin(command->cpu);
	if (command->realtime)
		limit_realtime(command->timeout);
	dup2(command->terminal ? plumbing->theirs : input, 0);
	dup2(plumbing->theirs, 1);
	dup2(plumbing->theirs, 2);
	execvp(command->argv.at[0], command->argv.at);
}

/* Waits until the child runs its program, or says why it cannot. 0, or its errno. */
static int wait_for_exec(const struct plumbing *plumbing)
{
	int problem = 0;
	ssize_t got = TEMP_FAILURE_RETRY(read(plumbing->failed[0], &problem, sizeof(problem)));

	return got == sizeof(problem) ? problem : 0;
}

int process_start(struct process *process, const struct launch *command, struct error *error)
{
	const char *program = command->argv.at[0];
	struct plumbing plumbing;
	int problem;

	*process = (struct process){.output = -1};
	if (open_plumbing(&plumbing, command->terminal) || (process->pid = fork()) < 0) {
		error_set(error, "cannot start %s: %s", program, strerror(errno));
		close_plumbing(&plumbing);
		process->pid = 0;
		return -1;
	}
	if (process->pid == 0) {
		exec_child(command, &plumbing);
		problem = errno;
		if (write(plumbing.failed[1], &problem, sizeof(problem)) < 0)
			_exit(126);
		_exit(127);
	}
	close(plumbing.theirs);
	close(plumbing.failed[1]);
	process->output = plumbing.ours;
	fcntl(process->output, F_SETFL, O_NONBLOCK);
	problem = wait_for_exec(&plumbing);
	close(plumbing.failed[0]);
	if (!problem)
		return 0;
	process_finish(process);
	return error_set(error, "cannot run %s: %s", program, strerror(problem));
}

ssize_t process_read(struct process *process, void *buffer, size_t size)
{
	ssize_t got;

	if (process->output < 0)
		return -1;
	got = read(process->output, buffer, size);
	if (got > 0)
		return got;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	/* A pseudo-terminal ends with EIO. */
	close(process->output);
	process->output = -1;
	return -1;
}

bool process_ended(struct process *process)
{
	siginfo_t info = {0};

	/* It is reaped only with its group, so that its number is not given to another one before. */
	return waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid;
}

void process_finish(struct process *process)
{
	pid_t got = 0;
	int status;

	if (process->pid)
		kill(-process->pid, SIGKILL);
	/* The killed vanish at once, unless the kernel itself holds one: do not wait for ever. */
	for (int tries = 0; process->pid && got >= 0 && tries < 2000; tries++) {
		got = waitpid(-process->pid, &status, WNOHANG);
		if (got == process->pid)
			process->status = status;
		if (got == 0)
			g_usleep(1000);
	}
	process->pid = 0;
	if (process->output >= 0)
		close(process->output);
	process->output = -1;
}

double clock_seconds(void)
{
	return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}
