/* One boot of one variant with one benchmark, outside of a run. */
#include "cli/cli.h"

/* Takes the round trip out of what the guest said. */
static int settle(struct single_boot *single, const struct guest *guest, struct error *error)
{
	const struct guest_program *program = &guest->programs[0];
	enum cell_status status = guest->status != STATUS_OK ? guest->status : program->status;
	const char *reason = guest->status != STATUS_OK ? guest->reason : program->reason;
	struct run run;
	struct boot *boot;

	snprintf(single->cpu, sizeof(single->cpu), "%s", guest->kernel.cpu);
	run_init(&run);
	boot = cell_add_boot(
	    run_add_cell(&run, single->machine->name, single->variant->name, single->bench->label),
	    0);
	if (status == STATUS_OK && program->collector) {
		collector_finish(program->collector, single->machine->class,
				 single->machine->interrupted, boot);
		status = boot->status;
		reason = boot->reason;
		single->round_trip = boot->round_trip;
	}
	if (status != STATUS_OK)
		error_set(error, "%s", reason);
	run_free(&run);
	switch (status) {
	case STATUS_OK:
		return 0;
	case STATUS_SKIPPED:
		return EXIT_NOTHING;
	case STATUS_TIMEOUT:
		return EXIT_TIMEOUT;
	default:
		return 1;
	}
}

static int run_guest(struct single_boot *single, const struct kit *kit, struct error *error)
{
	struct guest *guest = single->guest = g_new0(struct guest, 1);
	const size_t first = 0;

	guest_init(guest, single->machine, single->variant, single->timeout);
	guest->watch = single->watch;
	guest->watch_context = single->watch_context;
	if (kit_guest(kit, guest, single->bench, &first, 1, sizes_for(single->machine->class, 0),
		      error) != 0 ||
	    guest_start(guest, NULL, error) != 0)
		return 1;
	if (executor_run_one(guest) != EXECUTOR_INTERRUPTED)
		return settle(single, guest, error);
	/* The executor has freed it. */
	single->guest = NULL;
	return EXIT_INTERRUPTED;
}

int single_boot(struct single_boot *single, struct error *error)
{
	static const struct strings none;
	struct kit kit = {0};
	int status = 1;

	single->guest = NULL;
	if (kit_open(&kit, single->init ? single->init : "", single->bench, 1,
		     single->extras ? single->extras : &none, error) == 0) {
		kit.symbols = single->init;
		status = run_guest(single, &kit, error);
	}
	kit_close(&kit);
	return status;
}

void single_boot_end(struct single_boot *single)
{
	if (single->guest)
		guest_free(single->guest);
	g_clear_pointer(&single->guest, g_free);
}
