/* QEMU's command line and exit status. */
#include "machine/machine.h"

#include <sys/wait.h>

const struct needed_program qemu_programs[] = {QEMU_PROGRAM, {0}};

void qemu_command(const struct guest_request *request, const char *accelerator, const char *cpu,
		  struct launch *command)
{
	/* microvm without the devices of old: it starts in half the time of any other board. */
	const char *const board[] = {
	    "-M",
	    "microvm,acpi=off,pit=off,pic=off,rtc=off,isa-serial=off,auto-kernel-cmdline=off",
	    "-m",
	    "64",
	    "-nodefaults",
	    "-no-user-config",
	    "-no-reboot",
	    "-display",
	    "none",
	    "-debugcon",
	    "stdio",
	    "-device",
	    "isa-debug-exit,iobase=0xf4,iosize=4",
	    NULL};
	struct strings *argv = &command->argv;

	strings_add(argv, program_name(&qemu_programs[0]));
	strings_add_all(argv, board);
	strings_add(argv, "-accel");
	strings_add(argv, accelerator);
	strings_add(argv, "-cpu");
	strings_add(argv, cpu);
	strings_add(argv, "-kernel");
	strings_add(argv, request->variant->image);
	strings_add(argv, "-initrd");
	strings_add(argv, request->initrd);
	if (request->line) {
		strings_add(argv, "-append");
		strings_add(argv, request->line);
	}
	for (size_t i = 0; request->extras && i < request->extras->count; i++)
		strings_add(argv, request->extras->at[i]);
}

/* isa-debug-exit: QEMU ends with (value << 1) | 1; docs/architecture.md names the values. */
enum guest_end qemu_end(int status)
{
	static const struct {
		int status;
		enum guest_end end;
	} meanings[] = {
	    {33, GUEST_OK},
	    {35, GUEST_FAILED},
	    {37, GUEST_PANICKED},
	    {39, GUEST_UNSUPPORTED},
	};

	for (size_t i = 0; WIFEXITED(status) && i < G_N_ELEMENTS(meanings); i++)
		if (WEXITSTATUS(status) == meanings[i].status)
			return meanings[i].end;
	return GUEST_BROKEN;
}
