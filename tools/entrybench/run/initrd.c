/* Initrds with programs and a plan, and guests that boot them. */
#include "run/run.h"

const struct sample_sizes class_sizes[] = {
    [CLASS_SILICON] =
	{.batch = 64, .repeats = 200, .windows = 10000, .warmup = 1000, .core_clock = true},
    [CLASS_DETERMINISTIC] = {.batch = 4, .repeats = 3, .windows = 16, .warmup = 4},
};

/* The program's name in the initrd. */
static char *place_of(const struct benchmark *benchmark)
{
	g_autofree char *name = g_path_get_basename(benchmark->program);

	return g_strconcat(benchmark->own ? "program/" : "bench/", name, NULL);
}

int initrd_open(struct initrd *initrd, const char *init, const struct bench_case *cases,
		size_t count, struct error *error)
{
	g_autoptr(GHashTable) done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct cpio *cpio = cpio_new();
	int result = init[0] ? cpio_add_file(cpio, "init", init, error) : 0;

	for (size_t i = 0; i < count && result == 0; i++) {
		char *place = place_of(cases[i].benchmark);

		/* The table takes the place, or frees it. */
		if (g_hash_table_add(done, place))
			result = cpio_add_file(cpio, place, cases[i].benchmark->program, error);
	}
	*initrd = (struct initrd){.programs = cpio_finish(cpio)};
	return result;
}

void initrd_close(struct initrd *initrd)
{
	g_clear_pointer(&initrd->programs, g_byte_array_unref);
}

/* A word as the plan has it: what could be mistaken for its frame is %XX (docs/architecture.md). */
static void put_word(GString *to, const char *word)
{
	for (; *word; word++)
		if (*word > ' ' && *word <= '~' && *word != '%')
			g_string_append_c(to, *word);
		else
			g_string_append_printf(to, "%%%02X", (unsigned char)*word);
}

/* The line of program k, which speaks on stream k. */
static void put_line(GString *out, const struct bench_case *bench, size_t k,
		     struct sample_sizes sizes, const char *pmu)
{
	g_autofree char *place = place_of(bench->benchmark);
	const struct strings *words = &bench->benchmark->words;

	put_word(out, place);
	for (size_t i = 0; i < words->count; i++) {
		g_string_append_c(out, ' ');
		put_word(out, words->at[i]);
	}
	if (!bench->benchmark->own) {
		g_string_append(out, bench->param[0] ? " " : "");
		put_word(out, bench->param);
		g_string_append_printf(out,
				       " --stream %zu --batch %" PRIu64 " --repeats %" PRIu64
				       " --windows %" PRIu64 " --warmup %" PRIu64 "%s%s%s%s",
				       k, sizes.batch, sizes.repeats, sizes.windows, sizes.warmup,
				       sizes.core_clock ? " --core-clock" : "",
				       sizes.say ? " --say" : "", pmu ? " --pmu " : "", pmu ?: "");
		if (sizes.stretches)
			g_string_append_printf(out, " --stretches %" PRIu64, sizes.stretches);
		if (sizes.placed)
			g_string_append_printf(out, " --layout %u", sizes.layout);
	}
	g_string_append_c(out, '\n');
}

/* What the programs are told to count, NULL: nothing; and what the core is. */
static int set_counters(const struct initrd *initrd, struct guest *guest, char **option,
			struct error *error)
{
	enum machine_counters counters = guest->machine->counters;
	g_autofree char *codes = NULL;

	*option = NULL;
	if (!initrd->events || !initrd->events->count || counters == COUNTERS_NONE)
		return 0;
	if (counters == COUNTERS_LINUX) {
		*option = pmu_option_linux(initrd->events);
		return 0;
	}
	codes = pmu_codes(initrd->events, error);
	if (!codes)
		return -1;
	*option = g_strdup_printf("core:%zu", initrd->events->count);
	guest->request.line = g_strconcat("pmu=", codes, NULL);
	return 0;
}

/* The programs' archive, and one with the plan behind it. */
static int write_initrd(const struct initrd *initrd, const char *folder, const GString *plan,
			struct error *error)
{
	struct cpio *tail = cpio_new();
	int result = cpio_add(tail, "plan", plan->str, plan->len, error);
	g_autoptr(GByteArray) plan_archive = cpio_finish(tail);
	g_autoptr(GByteArray) whole = g_byte_array_new();

	g_byte_array_append(whole, initrd->programs->data, initrd->programs->len);
	g_byte_array_append(whole, plan_archive->data, plan_archive->len);
	return result ? result : file_replace(folder, "initrd", whole->data, whole->len, error);
}

int initrd_load(const struct initrd *initrd, struct guest *guest, const struct plan_item *items,
		size_t count, struct sample_sizes sizes, struct error *error)
{
	char *folder = scratch_new(error);
	g_autoptr(GString) plan = g_string_new(initrd->symbols ? "symbols\n" : NULL);
	g_autofree char *pmu = NULL;

	if (!folder)
		return -1;
	guest->request.folder = folder;
	guest->request.initrd = g_build_filename(folder, "initrd", NULL);
	guest->request.extras = initrd->extras;
	if (set_counters(initrd, guest, &pmu, error))
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct bench_case *bench = items[i].bench;
		const char *name = bench->benchmark->own ? NULL : bench->benchmark->name;

		guest_add_program(guest, name, bench->param);
		put_line(plan, bench, i, sizes, pmu);
	}
	return write_initrd(initrd, folder, plan, error);
}

int single_boot_run(const struct single_boot *single, struct guest **guest, struct error *error)
{
	const struct plan_item item = {.bench = single->bench};
	struct initrd initrd;
	int code = 1;

	*guest = guest_new(single->machine, single->variant, single->timeout);
	(*guest)->watch = single->watch;
	(*guest)->watch_context = single->watch_context;
	if (initrd_open(&initrd, single->init ?: "", single->bench, 1, error) == 0) {
		initrd.extras = single->extras;
		initrd.symbols = single->symbols;
		if (initrd_load(&initrd, *guest, &item, 1, single->sizes, error) == 0 &&
		    guest_start(*guest, error) == 0)
			code =
			    executor_run_one(*guest) == EXECUTOR_INTERRUPTED ? EXIT_INTERRUPTED : 0;
	}
	/* The executor has freed it. */
	if (code == EXIT_INTERRUPTED)
		*guest = NULL;
	initrd_close(&initrd);
	return code;
}

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
