/* One boot of one variant with one benchmark, outside of a run. */
#include "cli/cli.h"

int single_boot_settle(const struct single_boot *single, struct guest **guest, struct error *error)
{
	int code = single_boot_run(single, guest, error);
	const struct boot *boot;
	bool ended;

	if (code)
		return code;
	program_finish((*guest)->programs, single->machine->class, single->machine->interrupted);
	boot = &(*guest)->programs->boot;
	ended = (*guest)->status == STATUS_OK;
	switch (ended ? boot->status : (*guest)->status) {
	case STATUS_OK:
		return 0;
	case STATUS_SKIPPED:
		code = EXIT_NOTHING;
		break;
	case STATUS_TIMEOUT:
		code = EXIT_TIMEOUT;
		break;
	default:
		code = 1;
	}
	error_set(error, "%s", ended ? boot->reason : (*guest)->reason);
	return code;
}
