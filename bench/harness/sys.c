/*
 * The harness' own system calls, by SYSCALL, or by INT 0x80 where SYSCALL leads nowhere.
 */
#include "sys.h"

/* start.S */
long sys_call_raw(long number, long a, long b, long c, long d, long e, long f);

static bool reaches_kernel = true;
static const uint64_t *aux_vector;

void sys_init(const long *stack)
{
	const long *at = stack + 1 + stack[0] + 1; /* argc, argv, NULL */

	while (*at != 0)
		at++;
	aux_vector = (const uint64_t *)(at + 1);
	reaches_kernel = sys_call_raw(SYS_UNKNOWN, 0, 0, 0, 0, 0, 0) != SYS_UNKNOWN;
}

long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	return reaches_kernel ? sys_call_raw(number, a, b, c, d, e, f) : -SYS_ENOSYS;
}

bool sys_aux(uint64_t type, uint64_t *value)
{
	for (const uint64_t *at = aux_vector; at[0] != 0; at += 2) {
		if (at[0] == type) {
			*value = at[1];
			return true;
		}
	}
	return false;
}

bool sys_reaches_kernel(void)
{
	return reaches_kernel;
}

static long write_some(int fd, const char *text, size_t size)
{
	if (reaches_kernel)
		return sys_call(SYS_WRITE, fd, (long)text, (long)size, 0, 0, 0);
	return sys_call_int80(SYS_INT80_WRITE, fd, (long)text, (long)size);
}

bool sys_write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		long taken = write_some(fd, text, size);
		if (taken <= 0)
			return false;
		text += taken;
		size -= (size_t)taken;
	}
	return true;
}

_Noreturn void sys_exit(int status)
{
	for (;;) {
		if (reaches_kernel)
			sys_call(SYS_EXIT_GROUP, status, 0, 0, 0, 0, 0);
		else
			sys_call_int80(SYS_INT80_EXIT, status, 0, 0);
	}
}
