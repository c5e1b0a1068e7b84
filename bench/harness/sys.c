/*
 * The harness' own system calls, and what the kernel said about itself.
 */
#include "service.h"
#include "sys.h"

bool sys_by_service_vector; /* start.S reads it */

static const uint64_t *aux_vector;

void sys_init(const long *stack)
{
	const long *at = stack + 1 + stack[0] + 1; /* argc, argv, NULL */
	uint64_t vector;

	while (*at != 0)
		at++;
	aux_vector = (const uint64_t *)(at + 1);
	sys_by_service_vector = sys_aux(AT_SERVICE_VECTOR, &vector) && vector == SERVICE_VECTOR;
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
	return !sys_by_service_vector;
}

bool sys_write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		long taken = sys_call(SYS_WRITE, fd, (long)text, (long)size, 0, 0, 0);
		if (taken <= 0)
			return false;
		text += taken;
		size -= (size_t)taken;
	}
	return true;
}

_Noreturn void sys_exit(int status)
{
	for (;;)
		sys_call(SYS_EXIT, status, 0, 0, 0, 0, 0);
}
