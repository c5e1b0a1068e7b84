/* Boots a variant's stamped and bare image in turn, and makes the bill of the time stamps. */
#include "cli/cli.h"

static bool take_reading(void *context, int64_t reading, uint64_t count)
{
	int64_t *smallest = context;

	(void)count;
	*smallest = MIN(*smallest, reading);
	return true;
}

static void take_stamp(void *pairs, int stream, const struct record *record)
{
	const char *readings = record_get(record, "hist");
	int64_t smallest = INT64_MAX;
	char from[64], to[64];

	if (stream == STREAM_KERNEL || strcmp(record->type, EB_TYPE_STAMP) != 0 || !readings)
		return;
	record_text(record, "from", from, sizeof(from));
	record_text(record, "to", to, sizeof(to));
	if (readings_each(readings, false, take_reading, &smallest))
		stamped_take(pairs, from, to, smallest);
}

/* One boot of each image. */
static int take_boot(struct bill *bill, const struct bill_request *request,
		     struct stamped_boot *boot, struct error *error)
{
	struct variant stamped = *request->variant;
	struct single_boot single = {
	    .machine = request->machine,
	    .variant = &stamped,
	    .bench = request->stamped,
	    .timeout = request->timeout,
	    .watch = take_stamp,
	    .watch_context = boot->pairs,
	};
	int code;

	stamped.image = stamped.stamped;
	code = single_boot(&single, error);
	single_boot_end(&single);
	if (code != 0)
		return code;
	single.variant = request->variant;
	single.bench = request->bench;
	single.watch = NULL;
	code = single_boot(&single, error);
	single_boot_end(&single);
	boot->total = single.round_trip;
	memcpy(bill->cpu, single.cpu, sizeof(bill->cpu));
	return code;
}

static int fail(int code, struct error *error, const char *problem)
{
	error_set(error, "%s", problem);
	return code;
}

/* Whether it can be tried at all. */
static int look(const struct bill_request *request, struct error *error)
{
	const struct machine *machine = request->machine;
	bool hopeless = false;
	const char *obstacle = machine->obstacle ? machine->obstacle(&hopeless) : NULL;

	if (!request->variant->stamped[0])
		return fail(1, error, "there is no stamped image of it");
	return obstacle ? fail(77, error, obstacle) : 0;
}

int bill_boot_stamped(struct bill *bill, const struct bill_request *request, struct error *error)
{
	g_autofree struct stamped_boot *boots = g_new0(struct stamped_boot, request->boots);
	const char *problem = NULL;
	int code = look(request, error);

	for (unsigned i = 0; i < request->boots; i++) {
		boots[i].pairs = g_array_new(false, false, sizeof(struct stamped_pair));
		if (code == 0)
			code = take_boot(bill, request, &boots[i], error);
	}
	if (code == 0)
		problem = bill_of_stamps(bill, boots, request->boots);
	if (problem)
		code = fail(1, error, problem);
	for (unsigned i = 0; i < request->boots; i++)
		g_array_unref(boots[i].pairs);
	if (code == 0 && bill->class == CLASS_DETERMINISTIC && bill->unexplained != 0) {
		error_set(error, "the phases sum to %g, the round trip is %g instructions",
			  bill->sums.count - bill->unexplained, bill->sums.count);
		code = 1;
	}
	return code;
}
