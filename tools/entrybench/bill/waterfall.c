/* Data of the waterfall figure (plots/bill.gp). */
#include <inttypes.h>
#include <stdlib.h>

#include "bill/lines.h"
#include "bill/output.h"
#include "util/memory.h"

void bill_write_waterfall(FILE *out, const struct bill *bill)
{
	struct phase_sums *phases = memory_new(bill->line_count, sizeof(*phases));
	size_t count = bill_phases(bill, phases);
	uint64_t before = 0;

	fputs("phase\tbefore\tcount\n", out);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%s\t%" PRIu64 "\t%" PRIu64 "\n", phases[i].phase, before,
			phases[i].count);
		before += phases[i].count;
	}
	free(phases);
}
