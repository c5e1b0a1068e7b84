/* Guests from a plan. */
#include "run/run.h"

struct sample_sizes sizes_for(enum machine_class class, uint64_t windows)
{
	static const struct sample_sizes sizes[] = {
	    [CLASS_SILICON] =
		{.batch = 64, .repeats = 200, .windows = 10000, .warmup = 1000, .core_clock = true},
	    [CLASS_DETERMINISTIC] = {.batch = 4, .repeats = 3, .windows = 16, .warmup = 4},
	};
	struct sample_sizes chosen = sizes[class];

	if (windows)
		chosen.windows = windows;
	return chosen;
}

/* The program's name in the initrd. */
static char *place_of(const struct benchmark *benchmark)
{
	g_autofree char *name = g_path_get_basename(benchmark->program);

	return g_strconcat(benchmark->own ? "program/" : "bench/", name, NULL);
}

int kit_open(struct kit *kit, const char *init, const struct bench_case *cases, size_t count,
	     const struct strings *extras, struct error *error)
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
	*kit = (struct kit){.programs = cpio_finish(cpio), .extras = extras};
	return result;
}

void kit_close(struct kit *kit)
{
	g_clear_pointer(&kit->programs, g_byte_array_unref);
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

/* The line of a benchmark, behind its place: program k speaks on stream k. */
static void put_options(GString *out, const struct bench_case *one, size_t k,
			struct sample_sizes sizes, const char *pmu)
{
	if (one->param[0]) {
		g_string_append_c(out, ' ');
		put_word(out, one->param);
	}
	g_string_append_printf(out,
			       " --stream %zu --batch %" PRIu64 " --repeats %" PRIu64
			       " --windows %" PRIu64 " --warmup %" PRIu64 "%s%s%s",
			       k, sizes.batch, sizes.repeats, sizes.windows, sizes.warmup,
			       sizes.core_clock ? " --core-clock" : "", pmu ? " --pmu " : "",
			       pmu ?: "");
}

static void put_arguments(GString *out, const struct strings *words)
{
	for (size_t i = 0; i < words->count; i++) {
		g_string_append_c(out, ' ');
		put_word(out, words->at[i]);
	}
}

static GString *plan_text(const struct kit *kit, const struct bench_case *all, const size_t *cases,
			  size_t count, struct sample_sizes sizes, const char *pmu)
{
	GString *out = g_string_new(kit->symbols ? "symbols\n" : NULL);

	for (size_t i = 0; i < count; i++) {
		const struct bench_case *one = &all[cases[i]];
		g_autofree char *place = place_of(one->benchmark);

		put_word(out, place);
		if (one->benchmark->own)
			put_arguments(out, &one->benchmark->words);
		else
			put_options(out, one, i, sizes, pmu);
		g_string_append_c(out, '\n');
	}
	return out;
}

/* What the programs are told to count, NULL: nothing; and what the core is. */
static int set_counters(const struct kit *kit, struct guest *guest, char **option,
			struct error *error)
{
	enum machine_counters counters = guest->machine->counters;
	g_autofree char *codes = NULL;

	*option = NULL;
	if (!kit->events || !kit->events->count || counters == COUNTERS_NONE)
		return 0;
	if (counters == COUNTERS_LINUX) {
		*option = pmu_option_linux(kit->events);
		return 0;
	}
	codes = pmu_codes(kit->events, error);
	if (!codes)
		return -1;
	*option = g_strdup_printf("core:%zu", kit->events->count);
	guest->request.line = g_strconcat("pmu=", codes, NULL);
	return 0;
}

/* The programs' archive, and one with the plan behind it. */
static int write_initrd(const struct kit *kit, const char *folder, const GString *plan,
			struct error *error)
{
	struct cpio *tail = cpio_new();
	int result = cpio_add(tail, "plan", plan->str, plan->len, error);
	g_autoptr(GByteArray) plan_archive = cpio_finish(tail);
	g_autoptr(GByteArray) whole = g_byte_array_new();

	g_byte_array_append(whole, kit->programs->data, kit->programs->len);
	g_byte_array_append(whole, plan_archive->data, plan_archive->len);
	return result ? result : file_replace(folder, "initrd", whole->data, whole->len, error);
}

static void add_program(struct guest *guest, const struct bench_case *one)
{
	if (one->benchmark->own)
		guest_add_silent(guest);
	else
		guest_add_program(guest, one->benchmark->name, one->param);
}

int kit_guest(const struct kit *kit, struct guest *guest, const struct bench_case *all,
	      const size_t *cases, size_t count, struct sample_sizes sizes, struct error *error)
{
	char *folder = scratch_new(error);
	g_autofree char *pmu = NULL;
	g_autoptr(GString) plan = NULL;

	if (!folder)
		return -1;
	guest->request.folder = folder;
	guest->request.initrd = g_build_filename(folder, "initrd", NULL);
	guest->request.extras = kit->extras;
	for (size_t i = 0; i < count; i++)
		add_program(guest, &all[cases[i]]);
	if (set_counters(kit, guest, &pmu, error))
		return -1;
	plan = plan_text(kit, all, cases, count, sizes, pmu);
	return write_initrd(kit, folder, plan, error);
}
