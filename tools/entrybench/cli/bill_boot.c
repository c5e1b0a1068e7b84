/* Boots guests under the plugin, or with time stamps, and makes the bill of what they leave. */
#include "cli/cli.h"

#include <unistd.h>

/* ---- under the plugin ---- */

/* A stock kernel that idles by instructions, and has the same random numbers and time each boot. */
#define POLLING_IDLE "idle=poll"
static const char *const always_alike[] = {"-seed", "1", "-rtc", "base=2020-01-01,clock=vm", NULL};

/* What records bring. */
struct watched {
	struct symbols *kernel; /* NULL: they are there */
	struct census_clock clock;
};

static double number_of(const struct record *record, const char *key)
{
	const char *text = record_get(record, key);

	return text ? strtod(text, NULL) : NAN;
}

/* Takes a stock kernel's symbols (docs/records.md), and how long the core says the program ran. */
static void watch(void *context, int stream, const struct record *record)
{
	struct watched *watched = context;
	const char *address = record_get(record, "address");
	char name[256];

	if (stream != STREAM_KERNEL)
		return;
	if (strcmp(record->type, EB_TYPE_PROGRAM) == 0)
		watched->clock =
		    (struct census_clock){number_of(record, "ticks"), number_of(record, "idle")};
	if (strcmp(record->type, EB_TYPE_SYMBOL) != 0 || !address || !watched->kernel)
		return;
	record_text(record, "name", name, sizeof(name));
	symbols_add(watched->kernel, strtoull(address, NULL, 16), 0, name, false);
}

static struct loop_ticks ticks_of(const struct batch *batch)
{
	return (struct loop_ticks){batch->once->min, batch->twice->min};
}

/* What the program reported. -1 with error: no such loops, or part ticks. */
static int take_measured(const struct guest *guest, struct measured *measured, struct error *error)
{
	const struct guest_program *program = guest->programs;
	double round_trip = program->boot.round_trip;
	bool may_differ = guest->machine->interrupted;
	struct batch crossing, bare;

	if (!program_batch(program, "crossing", &crossing) ||
	    !program_batch(program, "bare", &bare) || crossing.n != bare.n)
		return error_set(error, "the records lack windows round crossings");
	if (round_trip != floor(round_trip) && !may_differ)
		return error_set(error, "the clock reported %g, no whole number of instructions",
				 round_trip);
	*measured = (struct measured){.n = (uint64_t)crossing.n,
				      .crossing = ticks_of(&crossing),
				      .bare = ticks_of(&bare),
				      .round_trip = round_trip};
	if (may_differ)
		measured->shortest = (struct shortest){
		    .n = measured->n, .windows = crossing.once->n, .times = crossing.once->least};
	return 0;
}

/* The plugin says on the console why it could not write. */
static int no_file(const struct guest *guest, const char *file, struct error *error)
{
	char *line = g_strrstr(guest->console->str, "cannot write ");

	if (!line)
		return error_set(error, "the plugin wrote no ledger %s", file);
	line[strcspn(line, "\r\n")] = '\0';
	return error_set(error, "the plugin %s", line);
}

/* From what the boot left behind. */
static int make_bill(struct bill *bill, const struct guest *guest, bool program, const char *file,
		     struct error *error)
{
	const struct watched *watched = guest->watch_context;
	struct measured measured;

	if (!program && take_measured(guest, &measured, error) != 0)
		return -1;
	if (access(file, F_OK) != 0)
		return no_file(guest, file, error);
	symbols_sort(&bill->kernel);
	if (program)
		return census_read(bill, file, watched->clock, error);
	if (ledger_read(&bill->ledger, file, error) != 0 || body_find(bill, &measured, error) != 0)
		return -1;
	bill_of_body(bill);
	return 0;
}

/* QEMU parts an option's values at commas; a doubled one is a comma of the value. */
static char *plugin_words(const char *plugin, const char *file, const char *arguments)
{
	g_autoptr(GString) words = g_string_new(plugin), out = g_string_new(file);

	g_string_replace(words, ",", ",,", 0);
	g_string_replace(out, ",", ",,", 0);
	return g_strdup_printf("%s,out=%s%s", words->str, out->str, arguments);
}

/* A program is billed whatever status it ends with, if it ends by itself. */
static bool ended(struct bill *bill, const struct guest *guest)
{
	const struct boot *boot = &guest->programs->boot;
	g_autofree char *lacking = lacking_calls(boot);

	bill->exit_status = boot->exit_status;
	if (*lacking && !bill->lacking)
		bill->lacking = g_steal_pointer(&lacking);
	return guest->status == STATUS_OK && isfinite(boot->exit_status);
}

/* One boot of a case. Free the guest in each case. */
static int boot_case(struct bill *bill, const struct bill_request *request,
		     struct single_boot single, struct guest **guest, struct error *error)
{
	int code;

	single.machine = request->machine;
	single.timeout = request->timeout;
	single.sizes = class_sizes[request->machine->class];
	single.sizes.repeats = request->machine->repeats ?: single.sizes.repeats;
	code = single_boot_settle(&single, guest, error);
	g_strlcpy(bill->cpu, *guest ? (*guest)->kernel.cpu : "", sizeof(bill->cpu));
	return code;
}

int bill_measure(struct bill *bill, const struct bill_request *request, struct single_boot single,
		 double *round_trip, struct error *error)
{
	struct guest *guest;
	int code = boot_case(bill, request, single, &guest, error);

	if (code == 0)
		*round_trip = guest->programs->boot.round_trip;
	guest_free(guest);
	return code;
}

/* words NULL: without the plugin, for a stock kernel's symbols. */
static int boot(struct bill *bill, const struct bill_request *request, const char *words,
		const char *file, struct error *error)
{
	bool stock = request->variant->machine[0];
	struct variant variant = *request->variant;
	g_autofree char *line = g_strconcat(stock ? variant.line : "", " ", POLLING_IDLE, NULL);
	struct watched watched = {symbols_count(&bill->kernel) ? NULL : &bill->kernel, {NAN, NAN}};
	g_auto(strings_t) extras = {0};
	struct single_boot single = {
	    .variant = &variant,
	    .bench = request->bench,
	    .watch = watch,
	    .watch_context = &watched,
	    .extras = &extras,
	    .init = stock ? request->manifest->init : NULL,
	    .symbols = stock && watched.kernel,
	};
	struct guest *guest;
	int status;

	if (stock && request->program) {
		variant.line = line;
		strings_add_all(&extras, always_alike);
	}
	if (words)
		strings_add_all(&extras, (const char *const[]){"-plugin", words, NULL});
	status = boot_case(bill, request, single, &guest, error);
	if (request->program && guest && ended(bill, guest))
		status = 0;
	if (status == 0 && words && make_bill(bill, guest, request->program, file, error) != 0)
		status = 1;
	guest_free(guest);
	return status;
}

static int boot_under_plugin(struct bill *bill, const struct bill_request *request,
			     const char *plugin, const char *folder, struct error *error)
{
	g_autofree char *file = g_build_filename(folder, "ledger", NULL), *arguments = NULL,
			*words = NULL;
	g_auto(symbols_t) init = {0};

	if (request->program && request->variant->machine[0]) {
		int status = boot(bill, request, NULL, NULL, error);

		if (status)
			return status;
		symbols_sort(&bill->kernel);
		if (symbols_read_elf(&init, request->manifest->init, error) != 0)
			return 1;
	}
	arguments = request->program ? census_arguments(&bill->kernel, &init, error)
				     : clock_arguments(&bill->program, &bill->kernel);
	if (!arguments)
		return 1;
	words = plugin_words(plugin, file, arguments);
	return boot(bill, request, words, file, error);
}

/* A stripped program of the user's is billed all the same: ring 3 has no names then. */
static int read_symbols(struct bill *bill, const struct bill_request *request, struct error *error)
{
	if (!request->variant->machine[0] &&
	    symbols_read_elf(&bill->kernel, request->variant->image, error) != 0)
		return -1;
	return symbols_read_elf(&bill->program, request->bench->benchmark->program, error) != 0 &&
		       !request->program
		   ? -1
		   : 0;
}

static int bill_by_plugin(struct bill *bill, const struct bill_request *request,
			  struct error *error)
{
	g_autofree char *build = g_path_get_dirname(request->manifest->path);
	g_autofree char *plugin = g_build_filename(build, "libledger.so", NULL), *folder = NULL;
	int status;

	if (access(plugin, R_OK) != 0) {
		error_set(error, "the ledger plugin %s is not there: build the target \"ledger\"",
			  plugin);
		return 1;
	}
	if (read_symbols(bill, request, error) != 0 || !(folder = scratch_new(error)))
		return 1;
	status = boot_under_plugin(bill, request, plugin, folder, error);
	folder_remove(folder);
	return status;
}

/* ---- by time stamps ---- */

static bool take_reading(void *context, int64_t reading, G_GNUC_UNUSED uint64_t count)
{
	int64_t *smallest = context;

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
static int boot_stamped(struct bill *bill, const struct bill_request *request,
			const struct bench_case *reader, struct stamped_boot *boot,
			struct error *error)
{
	struct variant stamped = *request->variant;
	const struct single_boot singles[] = {
	    {.variant = &stamped,
	     .bench = reader,
	     .watch = take_stamp,
	     .watch_context = boot->pairs},
	    {.variant = request->variant, .bench = request->bench},
	};
	int code = 0;

	stamped.image = stamped.stamped;
	for (size_t i = 0; i < G_N_ELEMENTS(singles) && code == 0; i++)
		code = bill_measure(bill, request, singles[i], &boot->total, error);
	return code;
}

/* NULL: stamped images can boot here; else why not. */
static const char *obstacle_of(const struct bill_request *request)
{
	bool hopeless = false;

	return request->machine->obstacle ? request->machine->obstacle(&hopeless) : NULL;
}

static int bill_by_stamps(struct bill *bill, const struct bill_request *request,
			  struct error *error)
{
	g_autofree struct stamped_boot *boots = g_new0(struct stamped_boot, request->boots);
	const char *problem = obstacle_of(request);
	g_auto(selection_t) reader = {0};
	int code = problem ? EXIT_NOTHING : 0;

	if (!request->variant->stamped[0]) {
		problem = "there is no stamped image of it";
		code = 1;
	} else if (bill_choose_case(&reader, request->manifest, "stamped_syscall", error) != 0) {
		return 1;
	}
	for (unsigned i = 0; i < request->boots; i++) {
		boots[i].pairs = g_array_new(false, false, sizeof(struct stamped_pair));
		if (code == 0)
			code = boot_stamped(bill, request, reader.cases, &boots[i], error);
	}
	if (code == 0 && (problem = bill_of_stamps(bill, boots, request->boots)))
		code = 1;
	for (unsigned i = 0; i < request->boots; i++)
		g_array_unref(boots[i].pairs);
	if (problem)
		error_set(error, "%s", problem);
	if (code == 0 && bill->class == CLASS_DETERMINISTIC && bill->unexplained != 0) {
		error_set(error, "the phases sum to %g, the round trip is %g instructions",
			  bill->sums[BILL_COUNT] - bill->unexplained, bill->sums[BILL_COUNT]);
		code = 1;
	}
	return code;
}

int bill_boot(struct bill *bill, const struct bill_request *request, struct error *error)
{
	bill_init(bill);
	bill->machine = request->machine->name;
	bill->variant = request->variant->name;
	bill->bench = request->program ? request->bench->param : request->bench->label;
	bill->class = request->machine->class;
	bill->safe = request->variant->safe;
	if (request->stamped)
		return bill_by_stamps(bill, request, error);
	return request->machine->ledger ? bill_by_plugin(bill, request, error)
					: bill_by_estimate(bill, request, error);
}
