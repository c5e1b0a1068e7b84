/* Boots a guest under the ledger, takes its records and its ledger, and makes the bill. */
#include "cli/cli.h"

#include <unistd.h>

static struct loop_ticks ticks_of(const struct batch *batch)
{
	return (struct loop_ticks){batch->once->min, batch->twice->min};
}

/*
 * What the program reported, in whole ticks. -1 with error set: it has no such loops, or the clock
 * ticks in parts.
 */
static int take_measured(const struct collector *collector, double round_trip,
			 struct measured *measured, struct error *error)
{
	struct batch crossing, bare;

	if (!collector_batch(collector, "crossing", &crossing) ||
	    !collector_batch(collector, "bare", &bare) || crossing.n != bare.n)
		return error_set(error, "the records lack windows round crossings");
	if (round_trip != floor(round_trip))
		return error_set(error, "the clock reported %g, no whole number of instructions",
				 round_trip);
	*measured = (struct measured){.n = (uint64_t)crossing.n,
				      .crossing = ticks_of(&crossing),
				      .bare = ticks_of(&bare),
				      .round_trip = (int64_t)round_trip};
	return 0;
}

/* A stock kernel sends its symbols (docs/records.md), the core's are in its image. */
static void take_symbol(void *kernel, int stream, const struct record *record)
{
	const char *address = record_get(record, "address");
	char name[256];

	if (stream != STREAM_KERNEL || strcmp(record->type, EB_TYPE_SYMBOL) != 0 || !address)
		return;
	record_text(record, "name", name, sizeof(name));
	symbols_add(kernel, strtoull(address, NULL, 16), 0, name, false);
}

/* The plugin says on the console why it could not write. */
static int no_ledger(const struct guest *guest, const char *ledger, struct error *error)
{
	g_autofree char *tail = g_strndup(guest->tail, guest->tail_size);
	char *line = strstr(tail, "cannot write ");

	if (!line)
		return error_set(error, "the plugin wrote no ledger %s", ledger);
	line[strcspn(line, "\r\n")] = '\0';
	return error_set(error, "the plugin %s", line);
}

/* From what the boot left behind. */
static int make_bill(struct bill *bill, const struct single_boot *single, const char *ledger,
		     struct error *error)
{
	struct measured measured;
	int status = take_measured(single->guest->programs[0].collector, single->round_trip,
				   &measured, error);

	if (status == 0 && access(ledger, F_OK) != 0)
		status = no_ledger(single->guest, ledger, error);
	if (status == 0)
		status = ledger_read(&bill->ledger, ledger, error);
	symbols_sort(&bill->kernel);
	if (status == 0)
		status = body_find(&bill->body, &bill->ledger, &bill->program, &bill->kernel,
				   &measured, error);
	if (status == 0)
		bill_of_body(bill);
	return status ? 1 : 0;
}

/* QEMU parts an option's values at commas; a doubled one is a comma of the value. */
static char *doubled_commas(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);

	return g_strjoinv(",,", parts);
}

char *bill_plugin_words(const char *plugin, const char *file, const char *arguments)
{
	g_autofree char *from = doubled_commas(plugin), *to = doubled_commas(file);

	return g_strdup_printf("%s,out=%s%s", from, to, arguments);
}

static int boot_with(struct bill *bill, const struct bill_request *request, const char *ledger,
		     struct error *error)
{
	g_autofree char *ranges = clock_arguments(&bill->program, &bill->kernel);
	g_autofree char *words = bill_plugin_words(request->plugin, ledger, ranges);
	struct strings extras = {0};
	struct single_boot single = {
	    .machine = request->machine,
	    .variant = request->variant,
	    .bench = request->bench,
	    .timeout = request->timeout,
	    .watch = take_symbol,
	    .watch_context = &bill->kernel,
	    .extras = &extras,
	    .init = request->variant->machine[0] ? request->init : NULL,
	};
	int status;

	strings_add(&extras, "-plugin");
	strings_add(&extras, words);
	status = single_boot(&single, error);
	if (status == 0)
		status = make_bill(bill, &single, ledger, error);
	memcpy(bill->cpu, single.cpu, sizeof(bill->cpu));
	single_boot_end(&single);
	strings_free(&extras);
	return status;
}

int bill_boot_ledger(struct bill *bill, const struct bill_request *request, struct error *error)
{
	g_autofree char *folder = scratch_new(error), *ledger = NULL;
	int status = 1;

	if (!folder)
		return 1;
	ledger = g_build_filename(folder, "ledger", NULL);
	if ((request->variant->machine[0] ||
	     symbols_read_elf(&bill->kernel, request->variant->image, error) == 0) &&
	    symbols_read_elf(&bill->program, request->bench->benchmark->program, error) == 0) {
		symbols_sort(&bill->kernel);
		symbols_sort(&bill->program);
		status = boot_with(bill, request, ledger, error);
	}
	folder_remove(folder);
	return status;
}

int bill_boot(struct bill *bill, const struct bill_request *request, struct error *error)
{
	bill_init(bill);
	bill->machine = request->machine->name;
	bill->variant = request->variant->name;
	bill->bench = request->bench->label;
	bill->class = request->machine->class;
	bill->safe = request->variant->safe;
	return request->stamped ? bill_boot_stamped(bill, request, error)
				: bill_boot_ledger(bill, request, error);
}
