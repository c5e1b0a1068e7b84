/* Machine tcg: QEMU's TCG with icount, where one tick of the TSC is one instruction. */
#include "machine/machine.h"

static int prepare(const struct guest_request *request, struct launch *command, struct error *error)
{
	(void)error;
	qemu_command(request, "tcg", "max", command);
	strings_add(&command->argv, "-icount");
	strings_add(&command->argv, "shift=0,sleep=off");
	return 0;
}

const struct machine machine_tcg = {
    .name = "tcg",
    .about = "QEMU's emulator, counting instructions exactly",
    .class = CLASS_DETERMINISTIC,
    .timeout = 60,
    .programs = qemu_programs,
    .ledger = true,
    .prepare = prepare,
    .end = qemu_end,
};
