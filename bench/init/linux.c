/*
 * The system calls of Linux that only init makes.
 */
#include <stdint.h>

#include "linux.h"

enum {
	READ = 0,
	OPEN = 2,
	CLOSE = 3,
	MMAP = 9,
	IOCTL = 16,
	DUP2 = 33,
	FORK = 57,
	EXECVE = 59,
	WAIT4 = 61,
	UNAME = 63,
	CHDIR = 80,
	MKDIR = 83,
	PRCTL = 157,
	MOUNT = 165,
	REBOOT = 169,
	IOPERM = 173,
};

enum { SET_PDEATHSIG = 1, KILL = 9 };
enum { CONSOLE = 1, DEBUG_EXIT_PORT = 0xf4, DEBUG_EXIT_OK = 0x10, DEBUG_EXIT_FAILED = 0x11 };
enum { BOCHS_PORT = 0x8900 }; /* Bochs ends when it has read the word Shutdown */

/* ioctl numbers and flags of Linux' asm-generic/termbits.h and ioctls.h. */
enum { TCGETS = 0x5401, TCSETS = 0x5402, TCSBRK = 0x5409, OPOST = 1 };

long linux_mkdir(const char *path)
{
	return sys_call(MKDIR, (long)path, 0755, 0, 0, 0, 0);
}

long linux_chdir(const char *path)
{
	return sys_call(CHDIR, (long)path, 0, 0, 0, 0, 0);
}

long linux_mount(const char *type, const char *path)
{
	return sys_call(MOUNT, (long)type, (long)path, (long)type, 0, 0, 0);
}

int linux_open(const char *path, int flags)
{
	return (int)sys_call(OPEN, (long)path, flags, 0, 0, 0, 0);
}

long linux_read(int fd, void *to, size_t size)
{
	return sys_call(READ, fd, (long)to, (long)size, 0, 0, 0);
}

void linux_close(int fd)
{
	sys_call(CLOSE, fd, 0, 0, 0, 0, 0);
}

void linux_dup2(int from, int to)
{
	sys_call(DUP2, from, to, 0, 0, 0, 0);
}

long linux_fork(void)
{
	return sys_call(FORK, 0, 0, 0, 0, 0, 0);
}

void *linux_shared(size_t size)
{
	enum { PROT_READ_WRITE = 3, MAP_SHARED_ANONYMOUS = 0x21 };
	long address = sys_call(MMAP, 0, (long)size, PROT_READ_WRITE, MAP_SHARED_ANONYMOUS, -1, 0);

	return address < 0 ? NULL : (void *)address;
}

void linux_die_with_parent(void)
{
	sys_call(PRCTL, SET_PDEATHSIG, KILL, 0, 0, 0, 0);
}

long linux_exec(const char *path, char *const *args, char *const *environment)
{
	return sys_call(EXECVE, (long)path, (long)args, (long)environment, 0, 0, 0);
}

int linux_wait(int child)
{
	int status = 0;

	while (sys_call(WAIT4, -1, (long)&status, 0, 0, 0, 0) != child)
		;
	return status;
}

const char *linux_signal_name(int signal)
{
	/* x86's numbers, from signal(7). */
	enum { NAMES = 32 };
	static const char *const names[NAMES] = {
	    "",		"SIGHUP",  "SIGINT",	"SIGQUIT", "SIGILL",  "SIGTRAP",   "SIGABRT",
	    "SIGBUS",	"SIGFPE",  "SIGKILL",	"SIGUSR1", "SIGSEGV", "SIGUSR2",   "SIGPIPE",
	    "SIGALRM",	"SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP",   "SIGTSTP",
	    "SIGTTIN",	"SIGTTOU", "SIGURG",	"SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF",
	    "SIGWINCH", "SIGIO",   "SIGPWR",	"SIGSYS",
	};

	if (signal > 0 && signal < NAMES)
		return names[signal];
	/* Real-time signals have no names of their own, only numbers. */
	static char number[] = "signal 00";
	number[sizeof(number) - 3] = (char)('0' + signal / 10);
	number[sizeof(number) - 2] = (char)('0' + signal % 10);
	return number;
}

const char *linux_release(void)
{
	static struct {
		char system[65], node[65], release[65], version[65], machine[65], domain[65];
	} names;

	sys_call(UNAME, (long)&names, 0, 0, 0, 0, 0);
	return names.release;
}

void linux_console_raw(void)
{
	struct {
		uint32_t input, output, control, local;
		unsigned char line, characters[19];
	} settings;

	if (sys_call(IOCTL, CONSOLE, TCGETS, (long)&settings, 0, 0, 0) < 0)
		return;
	settings.output &= ~(uint32_t)OPOST;
	sys_call(IOCTL, CONSOLE, TCSETS, (long)&settings, 0, 0, 0);
}

static void write_port(int port, char value)
{
	if (sys_call(IOPERM, port, 1, 1, 0, 0, 0) == 0)
		__asm__ volatile("outb %b0, %w1" : : "a"(value), "Nd"((uint16_t)port));
}

_Noreturn void linux_end_machine(bool ok)
{
	enum { MAGIC1 = 0xfee1dead, MAGIC2 = 672274793, POWER_OFF = 0x4321fedc };

	sys_call(IOCTL, CONSOLE, TCSBRK, 1, 0, 0, 0); /* what is written must be out before */
	write_port(DEBUG_EXIT_PORT, ok ? DEBUG_EXIT_OK : DEBUG_EXIT_FAILED);
	for (const char *c = "Shutdown"; *c; c++)
		write_port(BOCHS_PORT, *c);
	for (;;)
		sys_call(REBOOT, (long)MAGIC1, MAGIC2, POWER_OFF, 0, 0, 0);
}
