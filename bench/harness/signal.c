/*
 * Installs signal handlers without a C library.
 */
#include "signal_frame.h"
#include "sys.h"

enum { FLAG_SIGINFO = 4, FLAG_RESTORER = 0x04000000, MASK_BYTES = 8 };

/* Where a handler returns to: start.S. */
void signal_restorer(void);

long signal_handle(int signal, signal_handler *handler)
{
	struct {
		signal_handler *handler;
		uint64_t flags;
		void (*restorer)(void);
		uint64_t mask;
	} action = {handler, FLAG_SIGINFO | FLAG_RESTORER, signal_restorer, 0};

	return sys_call(SYS_RT_SIGACTION, signal, (long)&action, 0, MASK_BYTES, 0, 0);
}
