/*
 * The machines that are QEMU: the core's images on a microvm, or a stock Linux kernel on a whole
 * PC, with the programs and init as its initrd; under TCG with icount, where one tick of the TSC is
 * one instruction, or on hardware KVM.
 */
#include "machine/machine.h"

#include <unistd.h>

const struct needed_program qemu_programs[] = {
    {"qemu-system-x86_64", "ENTRYBENCH_QEMU", "qemu-system-x86"},
    {0},
};

/* microvm without the devices of old: it starts in half the time of any other board. */
static const char *const core_board[] = {
    "-M",	 "microvm,acpi=off,pit=off,pic=off,rtc=off,isa-serial=off,auto-kernel-cmdline=off",
    "-m",	 "64",
    "-debugcon", "stdio",
    "-device",	 "isa-debug-exit,iobase=0xf4,iosize=4",
    NULL,
};

/* A whole PC: its firmware loads any bzImage, and ACPI lets init switch it off. */
static const char *const stock_board[] = {"-M", "pc", "-m", "256", "-serial", "stdio", NULL};

/* Addresses and stacks where every boot has them; a panic ends the guest at once. */
#define STOCK_LINE "console=ttyS0 quiet nokaslr norandmaps panic=-1"

static const char *const common[] = {
    "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", NULL};

static const char *const tcg[] = {"-cpu", "max", "-accel", "tcg", "-icount", "shift=0,sleep=off",
				  NULL};
static const char *const kvm[] = {"-cpu", "host", "-accel", "kvm", NULL};

static void add_pair(struct strings *argv, const char *option, const char *value)
{
	strings_add(argv, option);
	strings_add(argv, value);
}

char *stock_line(const struct variant *variant, struct error *error)
{
	if (!access(variant->image, R_OK))
		return g_strconcat(STOCK_LINE, variant->line[0] ? " " : "", variant->line, NULL);
	error_set(error,
		  "there is no kernel %s: tools/setup --linux gets Debian's, or name one with "
		  "--linux",
		  variant->image);
	return NULL;
}

static int prepare(const struct machine *machine, const struct guest_request *request,
		   struct launch *command, struct error *error)
{
	const struct variant *variant = request->variant;
	struct strings *argv = &command->argv;
	bool stock = machine->board == stock_board;
	g_autofree char *line = stock ? stock_line(variant, error) : NULL;

	if (stock && !line)
		return -1;
	strings_add(argv, program_name(qemu_programs));
	strings_add_all(argv, machine->board);
	strings_add_all(argv, common);
	strings_add_all(argv, machine->accelerator);
	/* Such a guest starts once kvm_pin() says so. */
	if (machine->started) {
		strings_add(argv, "-S");
		strings_add(argv, "-qmp");
		strings_addf(argv, "unix:%s/qmp,server=on,wait=off", request->folder);
	}
	add_pair(argv, "-kernel", request->image ?: variant->image);
	add_pair(argv, "-initrd", request->initrd);
	if (line || request->line)
		add_pair(argv, "-append", line ?: request->line);
	if (request->extras)
		strings_copy(argv, request->extras);
	return 0;
}

/* isa-debug-exit: QEMU ends with (value << 1) | 1; docs/architecture.md names the values. */
static const struct exit_meaning core_exits[] = {
    {33, GUEST_OK}, {35, GUEST_FAILED}, {37, GUEST_PANICKED}, {39, GUEST_UNSUPPORTED}, EXITS_END};

/* Switched off by init, or reset by a panic: the exit record tells them apart. */
static const struct exit_meaning stock_exits[] = {{0, GUEST_ENDED}, EXITS_END};

static const struct own_variant stock_variants[] = {
    {"default", "stock Linux with its own choice of mitigations", ""},
    {"pti=on", "stock Linux with page-table isolation", "pti=on"},
    {"pti=off", "stock Linux without page-table isolation", "pti=off"},
    {"mitigations=off", "stock Linux without any mitigation", "mitigations=off"},
    {0},
};

#define QEMU  .programs = qemu_programs, .prepare = prepare
#define CORE  QEMU, .timeout = 60, .board = core_board, .exits = core_exits
#define STOCK QEMU, .timeout = 180, .board = stock_board, .exits = stock_exits
#define TCG   .class = CLASS_DETERMINISTIC, .accelerator = tcg, .ledger = true
#define KVM                                                                                        \
	.class = CLASS_SILICON, .accelerator = kvm, .obstacle = kvm_obstacle,                      \
	.explain = kvm_explain, .started = kvm_pin, .window_limit = KVM_WINDOW_LIMIT

const struct machine machine_tcg = {
    .name = "tcg",
    .about = "QEMU's emulator, counting instructions exactly",
    CORE,
    TCG,
};

const struct machine machine_kvm = {
    .name = "kvm",
    .about = "QEMU with hardware KVM, counting real cycles",
    .counters = COUNTERS_CORE,
    CORE,
    KVM,
};

const struct machine machine_linux = {
    .name = "linux",
    .about = "a stock Linux kernel in QEMU's emulator, counting instructions exactly",
    .variants = stock_variants,
    .image = "linux/vmlinuz",
    .interrupted = true,
    .repeats = 9,
    .probe_timeout = 120,
    STOCK,
    TCG,
};

/* The same kernels and kernel lines, in real cycles. */
const struct machine machine_linux_kvm = {
    .name = "linux-kvm",
    .about = "a stock Linux kernel in QEMU with hardware KVM, counting real cycles",
    .variants_of = "linux",
    .probe_timeout = 60,
    STOCK,
    KVM,
};
