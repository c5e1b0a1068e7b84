/* Can this machine measure here, and what has its CPU? Found out by booting it once. */
#ifndef RUN_PROBE_H
#define RUN_PROBE_H

#include "machine/machine.h"

/*
 * Fills class, available, reason, cpu, features and program. Variant and benchmark come from the
 * manifest; without any variant the machine is not available. False: the user wants to stop.
 */
bool probe_machine(const struct machine *machine, const struct manifest *manifest,
		   const struct strings *extras, struct run_machine *result);

/* True if the reason is a program that is not installed. */
bool probe_lacks_program(const struct machine *machine);

#endif
