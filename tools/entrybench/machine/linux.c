/*
 * Machines linux and linux-kvm: a stock Linux kernel in QEMU, with the programs and init as its initrd; under TCG with icount, or
 * on hardware KVM.
 */
#include "machine/machine.h"

#include <sys/wait.h>
#include <unistd.h>

/* Addresses and stacks where every boot has them; a panic ends the guest at once. */
#define COMMON_LINE "console=ttyS0 quiet nokaslr norandmaps panic=-1"

static const struct own_variant variants[] = {
    {"default", "stock Linux with its own choice of mitigations", ""},
    {"pti=on", "stock Linux with page-table isolation", "pti=on"},
    {"pti=off", "stock Linux without page-table isolation", "pti=off"},
    {"mitigations=off", "stock Linux without any mitigation", "mitigations=off"},
    {0},
};

/* A whole PC: its firmware loads any bzImage, and ACPI lets init switch it off. */
static void add_board(struct strings *argv, const char *line)
{
	static const char *const board[] = {
	    "-M",	  "pc",	      "-m",   "256",	 "-nodefaults", "-no-user-config",
	    "-no-reboot", "-display", "none", "-serial", "stdio",	NULL,
	};

	strings_add(argv, program_name(&qemu_programs[0]));
	strings_add_all(argv, board);
	strings_add(argv, "-append");
	strings_addf(argv, "%s%s%s", COMMON_LINE, line[0] ? " " : "", line);
}

/* `accelerator`: the arguments that choose it and its CPU. */
static int make_command(const struct guest_request *request, const char *const *accelerator,
			struct strings *argv, struct error *error)
{
	const struct variant *variant = request->variant;

	if (access(variant->image, R_OK))
		return error_set(
		    error,
		    "there is no kernel %s: tools/setup --linux gets Debian's, or name "
		    "one with --linux",
		    variant->image);
	add_board(argv, variant->line);
	strings_add_all(argv, accelerator);
	strings_add(argv, "-kernel");
	strings_add(argv, variant->image);
	strings_add(argv, "-initrd");
	strings_add(argv, request->initrd);
	for (size_t i = 0; request->extras && i < request->extras->count; i++)
		strings_add(argv, request->extras->at[i]);
	return 0;
}

static int prepare(const struct guest_request *request, struct launch *command, struct error *error)
{
	static const char *const tcg[] = {
	    "-cpu", "max", "-accel", "tcg", "-icount", "shift=0,sleep=off", NULL};

	return make_command(request, tcg, &command->argv, error);
}

static int prepare_kvm(const struct guest_request *request, struct launch *command,
		       struct error *error)
{
	static const char *const kvm[] = {"-cpu", "host", "-accel", "kvm", NULL};

	int result = make_command(request, kvm, &command->argv, error);

	kvm_hold(request, &command->argv);
	return result;
}

/* Switched off by init, or reset by a panic: the exit record tells them apart. */
static enum guest_end end(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? GUEST_ENDED : GUEST_BROKEN;
}

const struct machine machine_linux = {
    .name = "linux",
    .about = "a stock Linux kernel in QEMU's emulator, counting instructions exactly",
    .class = CLASS_DETERMINISTIC,
    .timeout = 180,
    .programs = qemu_programs,
    .variants = variants,
    .image = "linux/vmlinuz",
    .ledger = true,
    .interrupted = true,
    .probe_timeout = 120,
    .prepare = prepare,
    .end = end,
};

/* The same kernels and kernel lines, in real cycles. */
const struct machine machine_linux_kvm = {
    .name = "linux-kvm",
    .about = "a stock Linux kernel in QEMU with hardware KVM, counting real cycles",
    .class = CLASS_SILICON,
    .timeout = 180,
    .programs = qemu_programs,
    .variants_of = "linux",
    .probe_timeout = 60,
    .obstacle = kvm_obstacle,
    .prepare = prepare_kvm,
    .started = kvm_pin,
    .end = end,
    .window_limit = KVM_WINDOW_LIMIT,
};
