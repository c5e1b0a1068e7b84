/* What the machines that are QEMU share: the command line and the meaning of its exit status. */
#ifndef MACHINE_QEMU_H
#define MACHINE_QEMU_H

#include "machine/machine.h"

#define QEMU_PROGRAM                                                                               \
	{                                                                                          \
		"qemu-system-x86_64", "ENTRYBENCH_QEMU", "qemu-system-x86"                         \
	}

extern const struct needed_program qemu_programs[];

/* Program, board, console, exit device, image and initrd, and the user's arguments last. */
void qemu_command(const struct guest_request *request, const char *accelerator, const char *cpu,
		  struct launch *command);

enum guest_end qemu_end(int status);

#endif
