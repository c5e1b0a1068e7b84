/* Children in process groups. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

void process_adopt_orphans(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* The two ends of a child's output. GLib lets the child inherit neither but as what it is for. */
static int open_terminal(int ends[2])
{
	const struct winsize size = {.ws_row = 25, .ws_col = 80};
	struct termios settings;

	if (openpty(&ends[0], &ends[1], NULL, NULL, &size))
		return -1;
	/* No carriage return before a newline that the child writes. */
	if (!tcgetattr(ends[1], &settings)) {
		settings.c_oflag &= ~(tcflag_t)OPOST;
		tcsetattr(ends[1], TCSANOW, &settings);
	}
	return 0;
}

static void close_end(int *end)
{
	if (*end >= 0)
		close(*end);
	*end = -1;
}

bool cpu_pin(pid_t thread, int cpu, cpu_set_t *before)
{
	cpu_set_t only;

	if (before && sched_getaffinity(thread, sizeof(*before), before))
		return false;
	CPU_ZERO(&only);
	CPU_SET(cpu, &only);
	return !sched_setaffinity(thread, sizeof(only), &only);
}

/* SCHED_FIFO at the lowest priority; RLIMIT_RTTIME ends an endless loop even without the tool. */
static void limit_realtime(double seconds)
{
	const struct sched_param priority = {.sched_priority = 1};
	struct rlimit limit = {.rlim_cur = (rlim_t)(seconds * 1e6)};

	limit.rlim_max = limit.rlim_cur;
	if (!setrlimit(RLIMIT_RTTIME, &limit))
		sched_setscheduler(0, SCHED_FIFO, &priority);
}

static pid_t tool;

/* In the child, whose output is in place: only what is allowed after fork(). */
static void set_up_child(void *context)
{
	const struct launch *command = context;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	if (command->terminal) {
		setsid();
		ioctl(1, TIOCSCTTY, 0);
		dup2(1, 0);
	} else {
		setpgid(0, 0);
	}
	/* Should the tool be killed outright, its guests go too; it may have been just now. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != tool)
		_exit(1);
	if (command->cpu >= 0)
		cpu_pin(0, command->cpu, NULL);
	if (command->realtime)
		limit_realtime(command->timeout);
}

int process_start(struct process *process, const struct launch *command, struct error *error)
{
	g_autoptr(GError) problem = NULL;
	int ends[2] = {-1, -1};

	*process = (struct process){.output = -1};
	tool = getpid();
	if (command->terminal ? open_terminal(ends) : pipe2(ends, O_CLOEXEC))
		error_set(error, "cannot start %s: %s", command->argv.at[0], strerror(errno));
	else if (!g_spawn_async_with_fds(
		     NULL, command->argv.at, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
		     set_up_child, (void *)command, &process->pid, -1, ends[1], ends[1], &problem))
		error_set(error, "%s", problem->message);
	else
		process->output = ends[0];
	close_end(&ends[1]);
	if (process->output < 0) {
		close_end(&ends[0]);
		process->pid = 0;
		return -1;
	}
	fcntl(process->output, F_SETFL, O_NONBLOCK);
	return 0;
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
	close_end(&process->output);
	return -1;
}

bool process_ended(struct process *process)
{
	siginfo_t info = {0};

	/* Reaped only together with its group, so that its number is not reused before. */
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
	close_end(&process->output);
}

double clock_seconds(void)
{
	return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}
