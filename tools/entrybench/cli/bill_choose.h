/* What the words of `bill` mean: variants, a benchmark, and where else a variant would run. */
#ifndef CLI_BILL_CHOOSE_H
#define CLI_BILL_CHOOSE_H

#include "cli/bill_boot.h"
#include "run/select.h"

/* The one case that the name means. -1 with error; free the selection in both cases. */
int bill_choose_case(struct selection *selection, const struct manifest *manifest, const char *name,
		     struct error *error);

/*
 * Machine and variant of "VARIANT", which is of request->machine, or "MACHINE:VARIANT". By time
 * stamps only the core's have a bill. -1 with error.
 */
int bill_choose_variant(struct bill_request *request, const struct manifest *manifest,
			const char *words, struct error *error);

/* The machine whose CPU has what this one's lacks; NULL: none of the emulators does. */
const struct machine *bill_other_machine(const struct bill_request *request);

#endif
