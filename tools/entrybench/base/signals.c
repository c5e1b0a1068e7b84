/*
 * Signals through a descriptor. Not by g_unix_signal_add(), which knows neither SIGQUIT nor SIGCHLD
 * and starts a thread that would run beside what is measured.
 */
#include "base/base.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int fd = -1;
static bool interrupted;

void signals_open(void)
{
	static const int caught[] = {SIGINT,  SIGTERM, SIGHUP,	SIGQUIT, SIGXCPU,
				     SIGALRM, SIGUSR1, SIGUSR2, SIGCHLD};
	sigset_t set;

	if (fd >= 0)
		return;
	sigemptyset(&set);
	for (size_t i = 0; i < G_N_ELEMENTS(caught); i++)
		sigaddset(&set, caught[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		g_error("cannot open a descriptor for signals");
}

int signals_fd(void)
{
	return fd;
}

void signals_take(void)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == sizeof(info))
		interrupted |= info.ssi_signo != SIGCHLD;
}

bool signals_interrupted(void)
{
	return interrupted;
}
