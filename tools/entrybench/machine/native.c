/* Machine native: the same programs on the host's own Linux, without a virtual machine. */
#include "machine/machine.h"

#include <sys/statvfs.h>

static const struct needed_program no_programs[] = {{0}};

static const struct own_variant variants[] = {
    {"host", "the Linux that this tool itself runs on, as it is", NULL},
    {0},
};

/* The folder is new in every boot, so each has its programs on other pages of memory. */
static int prepare(G_GNUC_UNUSED const struct machine *machine, const struct guest_request *request,
		   struct launch *command, struct error *error)
{
	struct statvfs facts;

	if (!statvfs(request->folder, &facts) && facts.f_flag & ST_NOEXEC)
		return error_set(error,
				 "programs may not run in %s: set TMPDIR to a folder on a file "
				 "system that is not mounted noexec",
				 request->folder);
	if (cpio_unpack(request->initrd, request->folder, error))
		return -1;
	strings_addf(&command->argv, "%s/init", request->folder);
	strings_add(&command->argv, request->variant->name);
	strings_add(&command->argv, request->folder);
	command->cpu = request->cpu;
	command->realtime = true;
	return 0;
}

/* Init's own; its exit record says more. */
static const struct exit_meaning exits[] = {{0, GUEST_OK}, {1, GUEST_FAILED}, EXITS_END};

/*
 * Many short boots, because what differs from one process to the next differs less within one
 * (docs/method.md). Their windows together are as many as on other machines. A few benchmarks alone
 * get more boots, a second and a half of them: neighbours on the same core come in bursts of tenths
 * of a second.
 */
const struct machine machine_native = {
    .name = "native",
    .about = "this host's own Linux, counting real cycles",
    .class = CLASS_SILICON,
    .timeout = 60,
    .programs = no_programs,
    .variants = variants,
    .boots = 8,
    .boots_together = 100,
    .windows = 1000,
    .repeats = 50,
    .stretches = 10,
    .alone = true,
    .counters = COUNTERS_LINUX,
    .prepare = prepare,
    .exits = exits,
};
