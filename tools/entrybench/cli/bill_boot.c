/* Boots a guest under the ledger, takes its records and its ledger, and makes the bill. */
#include "cli/bill_boot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "guest/executor.h"
#include "guest/scratch.h"
#include "run/kit.h"
#include "util/file.h"

/* The executor runs this one guest; it lives on when the executor is done with it. */
struct single {
	struct guest *guest;
	bool started;
};

static struct guest *next_single(void *context, unsigned slot)
{
	struct single *single = context;
	struct guest *guest = single->started ? NULL : single->guest;

	(void)slot;
	single->started = true;
	return guest;
}

static bool done_single(void *context, struct guest *guest)
{
	(void)context;
	(void)guest;
	return true;
}

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

static int name_symbols(struct billed *billed, const struct bill_request *request,
			struct error *error)
{
	if (billed->kernel.count == 0 &&
	    symbols_read_elf(&billed->kernel, request->variant->image, error) != 0)
		return -1;
	if (symbols_read_elf(&billed->program, request->bench->benchmark->program, error) != 0)
		return -1;
	symbols_sort(&billed->kernel);
	symbols_sort(&billed->program);
	return 0;
}

static int make_bill(struct billed *billed, const struct bill_request *request,
		     const struct guest *guest, const struct boot *boot, const char *ledger,
		     struct error *error)
{
	struct measured measured;

	if (take_measured(guest->programs[0].collector, boot->round_trip, &measured, error) != 0 ||
	    ledger_read(&billed->ledger, ledger, error) != 0 ||
	    name_symbols(billed, request, error) != 0 ||
	    body_find(&billed->body, &billed->ledger, &billed->program, &measured, error) != 0)
		return 1;
	bill_make(&billed->bill, &billed->body, &billed->kernel, &billed->program);
	billed->cpu = memory_copy(guest->kernel.cpu);
	return 0;
}

/* From the end of the boot to the bill; exit codes as bill_boot()'s. */
static int settle(struct billed *billed, const struct bill_request *request,
		  const struct guest *guest, const char *ledger, struct error *error)
{
	const struct guest_program *program = &guest->programs[0];
	enum cell_status status = guest->status != STATUS_OK ? guest->status : program->status;
	const char *reason = guest->status != STATUS_OK ? guest->reason : program->reason;
	struct run run;
	struct boot *boot;
	int code;

	run_init(&run);
	boot = cell_add_boot(run_add_cell(&run, request->machine->name, request->variant->name,
					  request->bench->label),
			     0);
	if (status == STATUS_OK) {
		collector_finish(program->collector, CLASS_DETERMINISTIC,
				 request->machine->interrupted, boot);
		status = boot->status;
		reason = boot->reason;
	}
	if (status == STATUS_OK) {
		code = make_bill(billed, request, guest, boot, ledger, error);
	} else {
		error_set(error, "%s", reason);
		code = status == STATUS_SKIPPED ? 77 : 1;
	}
	run_free(&run);
	return code;
}

static int run_guest(struct billed *billed, const struct bill_request *request,
		     const struct kit *kit, const char *ledger, struct error *error)
{
	struct guest *guest = memory_new(1, sizeof(*guest));
	struct single single = {.guest = guest};
	const struct executor executor = {
	    .slots = 1, .context = &single, .next = next_single, .done = done_single};
	const size_t first = 0;
	int status = 1;

	guest_init(guest, request->machine, request->variant, request->timeout);
	guest->watch = take_symbol;
	guest->watch_context = &billed->kernel;
	if (kit_guest(kit, guest, request->bench, &first, 1, sizes_for(CLASS_DETERMINISTIC, 0),
		      error) == 0 &&
	    guest_start(guest, NULL, error) == 0) {
		/* When interrupted, the executor has freed the guest. */
		if (executor_run(&executor) == EXECUTOR_INTERRUPTED)
			return 130;
		status = settle(billed, request, guest, ledger, error);
	}
	guest_free(guest);
	free(guest);
	return status;
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

static void add_plugin(struct strings *arguments, const char *plugin, const char *ledger)
{
	char *file = doubled_commas(plugin), *out = doubled_commas(ledger);

	strings_add(arguments, "-plugin");
	strings_addf(arguments, "%s,out=%s", file, out);
	free(file);
	free(out);
}

int bill_boot(struct billed *billed, const struct bill_request *request, struct error *error)
{
	char *folder = scratch_new(error);
	bool stock = request->variant->machine[0];
	struct strings extras = {0};
	struct kit kit = {0};
	char *ledger;
	int status = 1;

	*billed = (struct billed){
	    .title = {.machine = request->machine->name,
		      .variant = request->variant->name,
		      .bench = request->bench->label,
		      .unit = class_unit(CLASS_DETERMINISTIC),
		      .safe = request->variant->safe},
	};
	if (!folder)
		return 1;
	ledger = path_join(folder, "ledger");
	add_plugin(&extras, request->plugin, ledger);
	if (kit_open(&kit, stock ? request->init : "", request->bench, 1, &extras, error) == 0) {
		kit.symbols = stock;
		status = run_guest(billed, request, &kit, ledger, error);
	}
	kit_close(&kit);
	strings_free(&extras);
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
