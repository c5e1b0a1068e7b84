/* `bill --program`: what the crossings cost a whole program. */
#ifndef CLI_BILL_PROGRAM_H
#define CLI_BILL_PROGRAM_H

#include "bill/census.h"
#include "cli/bill_choose.h"

/*
 * Boots the program of request->bench under the plugin. As bill_boot(); call census_free() in each
 * case.
 */
int bill_boot_program(struct census *census, const struct bill_request *request,
		      struct error *error);

#endif
