/* Boots a guest under the ledger, takes its records and its ledger, and makes the bill. */
#include "cli/bill_boot.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bill/clock.h"
#include "cli/single_boot.h"
#include "base/scratch.h"
#include "run/select.h"
#include "base/file.h"

static struct loop_ticks ticks_of(const struct batch *batch)
{
	return (struct loop_ticks){histogram_min(batch->once), histogram_min(batch->twice)};
}

/* What the program reported, in whole ticks. -1 with error set: it has no such loops, or the clock ticks in parts. */
static int take_measured(const struct collector *collector, double round_trip,
			 struct measured *measured, struct error *error)
{
	struct batch crossing, bare;

	if (!collector_batch(collector, "crossing", &crossing) ||
	    !collector_batch(collector, "bare", &bare) || crossing.n != bare.n)
		return error_set(error, "the records lack windows round crossings");
	if (round_trip != floor(round_trip))
		return error_set(error,
				 "the clock reported a round trip of %g, no whole number of "
				 "instructions",
				 round_trip);
	*measured = (struct measured){
	    .n = (uint64_t)crossing.n,
	    .crossing = ticks_of(&crossing),
	    .bare = ticks_of(&bare),
	    .round_trip = (int64_t)round_trip,
	};
	return 0;
}

/* A stock kernel sends its symbols (docs/records.md), the core's are in its image. */
static void take_symbol(void *context, int stream, const struct record *record)
{
	const char *address = record_get(record, "address");
	char name[256];

	if (stream != STREAM_KERNEL || strcmp(record->type, EB_TYPE_SYMBOL) != 0 || !address)
		return;
	record_text(record, "name", name, sizeof(name));
	symbols_add(context, strtoull(address, NULL, 16), 0, name);
}

/* Those of files; a stock kernel's come with the records. */
static int read_symbols(struct billed *billed, const struct bill_request *request,
			struct error *error)
{
	if (!request->variant->machine[0] &&
	    symbols_read_elf(&billed->kernel, request->variant->image, error) != 0)
		return -1;
	if (symbols_read_elf(&billed->program, request->bench->benchmark->program, error) != 0)
		return -1;
	symbols_sort(&billed->kernel);
	symbols_sort(&billed->program);
	return 0;
}

/* What goes from the request to the end of the boot. */
struct billing {
	struct billed *billed;
	const struct bill_request *request;
	const char *ledger; /* file */
	struct single_boot single;
};

/* The plugin says on the console why it could not write. */
static int no_ledger(const struct guest *guest, const char *ledger, struct error *error)
{
	char tail[sizeof(guest->tail) + 1] = "", *line;

	memcpy(tail, guest->tail, guest->tail_size);
	line = strstr(tail, "cannot write ");
	if (!line)
		return error_set(error, "the plugin wrote no ledger %s", ledger);
	line[strcspn(line, "\r\n")] = '\0';
	return error_set(error, "the plugin %s", line);
}

static int make_bill(void *context, const struct guest *guest, struct error *error)
{
	struct billing *billing = context;
	struct billed *billed = billing->billed;
	struct measured measured;

	if (take_measured(guest->programs[0].collector, billing->single.round_trip, &measured,
			  error) != 0)
		return 1;
	if (access(billing->ledger, F_OK) != 0) {
		no_ledger(guest, billing->ledger, error);
		return 1;
	}
	if (ledger_read(&billed->ledger, billing->ledger, error) != 0)
		return 1;
	symbols_sort(&billed->kernel);
	if (body_find(&billed->body, &billed->ledger, &billed->program, &billed->kernel, &measured,
		      error) != 0)
		return 1;
	bill_make(&billed->bill, &billed->body, &billed->kernel, &billed->program);
	billed->cpu = memory_copy(guest->kernel.cpu);
	billed->title.cpu = billed->cpu;
	return 0;
}

/* QEMU parts an option's values at commas; a doubled one is a comma of the value. */
static char *doubled_commas(const char *text)
{
	char *result = memory_new(2 * strlen(text) + 1, 1), *to = result;

	for (; *text; text++) {
		*to++ = *text;
		if (*text == ',')
			*to++ = ',';
	}
	return result;
}

/* FILE,out=LEDGER and the ranges in which the clock is read. */
static void add_plugin(struct strings *arguments, const char *plugin, const char *ledger,
		       const struct clock *clock)
{
	char *file = doubled_commas(plugin), *out = doubled_commas(ledger), *text = NULL;
	size_t size = 0;
	FILE *words = open_memstream(&text, &size);

	fprintf(words, "%s,out=%s", file, out);
	for (size_t i = 0; i < clock->count; i++)
		fprintf(words, ",%s=%" PRIx64 "-%" PRIx64, clock->at[i].opens ? "open" : "close",
			clock->at[i].start, clock->at[i].end);
	fclose(words);
	strings_add(arguments, "-plugin");
	strings_add(arguments, text);
	free(text);
	free(file);
	free(out);
}

static int boot_into(struct billing *billing, const char *ledger, struct error *error)
{
	const struct bill_request *request = billing->request;
	struct billed *billed = billing->billed;
	struct strings extras = {0};
	struct clock clock;
	int status;

	if (read_symbols(billed, request, error) != 0)
		return 1;
	clock_find(&clock, &billed->program, &billed->kernel);
	add_plugin(&extras, request->plugin, ledger, &clock);
	billing->ledger = ledger;
	billing->single = (struct single_boot){
	    .machine = request->machine,
	    .variant = request->variant,
	    .bench = request->bench,
	    .timeout = request->timeout,
	    .watch = take_symbol,
	    .watch_context = &billed->kernel,
	    .extras = &extras,
	    .init = request->variant->machine[0] ? request->init : NULL,
	    .use = make_bill,
	    .use_context = billing,
	};
	status = single_boot(&billing->single, error);
	strings_free(&extras);
	clock_free(&clock);
	return status;
}

int bill_boot(struct billed *billed, const struct bill_request *request, struct error *error)
{
	char *folder = scratch_new(error), *ledger;
	struct billing billing = {.billed = billed, .request = request};
	int status;

	*billed = (struct billed){
	    .title = {.machine = request->machine->name,
		      .variant = request->variant->name,
		      .bench = request->bench->label,
		      .unit = class_unit(CLASS_DETERMINISTIC),
		      .safe = request->variant->safe,
		      .class = class_name(CLASS_DETERMINISTIC),
		      .cpu = ""},
	    .image = request->variant->image,
	    .file = request->bench->benchmark->program,
	};
	if (!folder)
		return 1;
	ledger = path_join(folder, "ledger");
	status = boot_into(&billing, ledger, error);
	folder_remove(folder);
	free(ledger);
	free(folder);
	return status;
}

void billed_free(struct billed *billed)
{
	bill_free(&billed->bill);
	symbols_free(&billed->kernel);
	symbols_free(&billed->program);
	ledger_free(&billed->ledger);
	free(billed->cpu);
	*billed = (struct billed){0};
}
