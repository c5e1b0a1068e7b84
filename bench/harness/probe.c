/*
 * Finds out whether a crossing works at all here, where the only answer of a kernel without it is a
 * signal.
 */
#include "probe.h"
#include "signal_frame.h"

/* start.S: calls window(1, context); false if probe_return() was where that ended. */
int probe_call(window_fn *window, void *context);
void probe_return(void);
uint64_t probe_stack;

static void give_up(int signal, void *info, struct signal_context *context)
{
	(void)signal;
	(void)info;
	context->rip = (uint64_t)probe_return;
	context->rsp = probe_stack;
}

enum probe probe_window(window_fn *window, void *context)
{
	static const int signals[] = {SIGNAL_ILL, SIGNAL_TRAP, SIGNAL_BUS, SIGNAL_SEGV, SIGNAL_SYS};
	enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

	for (int i = 0; i < SIGNALS; i++)
		if (signal_handle(signals[i], give_up) < 0)
			return PROBE_UNKNOWN;
	int works = probe_call(window, context);
	for (int i = 0; i < SIGNALS; i++)
		signal_handle(signals[i], SIGNAL_DEFAULT);
	return works ? PROBE_WORKS : PROBE_FAULTS;
}
