/* Boots a variant's stamped and bare image in turn, and the bill of the time stamps. */
#include "cli/bill_stamped.h"

#include <stdlib.h>
#include <string.h>

#include "cli/single_boot.h"

static bool take_reading(void *context, int64_t reading, uint64_t count)
{
	int64_t *smallest = context;

	(void)count;
	if (reading < *smallest)
		*smallest = reading;
	return true;
}

static void take_stamp(void *context, int stream, const struct record *record)
{
	const char *readings = record_get(record, "hist");
	char from[STAMPED_NAME + 1], to[STAMPED_NAME + 1];
	int64_t smallest = INT64_MAX;

	if (stream == STREAM_KERNEL || strcmp(record->type, EB_TYPE_STAMP) != 0 || !readings)
		return;
	record_text(record, "from", from, sizeof(from));
	record_text(record, "to", to, sizeof(to));
	if (readings_each(readings, false, take_reading, &smallest))
		stamped_take(context, from, to, smallest);
}

/* One boot of each image. */
static int take_pair(const struct stamped_request *request, struct stamped_pairs *pairs,
		     double *total, char cpu[100], struct error *error)
{
	struct variant stamped = *request->variant;
	struct single_boot boot = {
	    .machine = request->machine,
	    .variant = &stamped,
	    .bench = request->stamped,
	    .timeout = request->timeout,
	    .watch = take_stamp,
	    .watch_context = pairs,
	};
	int code;

	stamped.image = stamped.stamped;
	code = single_boot(&boot, error);
	if (code != 0)
		return code;
	boot.variant = request->variant;
	boot.bench = request->bare;
	boot.watch = NULL;
	code = single_boot(&boot, error);
	*total = boot.round_trip;
	memcpy(cpu, boot.cpu, sizeof(boot.cpu));
	return code;
}

int bill_stamped(struct stamped_bill *bill, const struct stamped_request *request,
		 struct error *error)
{
	struct stamped_pairs *pairs = memory_new(request->boots, sizeof(*pairs));
	double *totals = memory_new(request->boots, sizeof(*totals));
	const char *problem = NULL;
	bool hopeless = false;
	const char *obstacle =
	    request->machine->obstacle ? request->machine->obstacle(&hopeless) : NULL;
	char cpu[sizeof(bill->cpu)] = "";
	int code = 0;

	if (!request->variant->stamped[0]) {
		error_set(error, "there is no stamped image of it");
		code = 1;
	} else if (obstacle) {
		error_set(error, "%s", obstacle);
		code = 77;
	}
	for (unsigned i = 0; i < request->boots && code == 0; i++)
		code = take_pair(request, &pairs[i], &totals[i], cpu, error);
	if (code == 0)
		problem = stamped_make(bill, pairs, totals, request->boots);
	memcpy(bill->cpu, cpu, sizeof(cpu));
	if (problem) {
		error_set(error, "%s", problem);
		code = 1;
	}
	if (code == 0 && request->machine->class == CLASS_DETERMINISTIC && bill->unexplained != 0) {
		error_set(error, "the phases sum to %g, the round trip is %g instructions",
			  bill->sum, bill->total);
		code = 1;
	}
	free(totals);
	free(pairs);
	return code;
}
