/* Guests from a plan: see kit.h. */
#include "run/initrd.h"
#include "base/scratch.h"
#include "base/file.h"
#include "machine/cpio.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	const char *slash = strrchr(benchmark->program, '/');

	return memory_format("%s/%s", benchmark->own ? "program" : "bench",
			     slash ? slash + 1 : benchmark->program);
}

int kit_open(struct kit *kit, const char *init, const struct bench_case *cases, size_t count,
	     const struct strings *extras, struct error *error)
{
	struct cpio *cpio = cpio_new();
	struct strings done = {0};
	int result = 0;

	*kit = (struct kit){.extras = extras};
	if (init[0])
		result = cpio_add_file(cpio, "init", init, error);
	for (size_t i = 0; i < count && result == 0; i++) {
		char *place = place_of(cases[i].benchmark);

		if (!strings_have(&done, place)) {
			result = cpio_add_file(cpio, place, cases[i].benchmark->program, error);
			strings_add(&done, place);
		}
		free(place);
	}
	kit->programs = cpio_finish(cpio);
	strings_free(&done);
	return result;
}

void kit_close(struct kit *kit)
{
	if (kit->programs)
		g_byte_array_unref(kit->programs);
}

/* A word as the plan has it: what could be mistaken for its frame is %XX (docs/architecture.md). */
static void put_word(FILE *to, const char *word)
{
	for (; *word; word++) {
		unsigned char byte = (unsigned char)*word;

		if (byte > ' ' && byte <= '~' && byte != '%')
			fputc(byte, to);
		else
			fprintf(to, "%%%02X", byte);
	}
}

/* The line of a benchmark, behind its place: program k speaks on stream k. */
static void put_options(FILE *out, const struct bench_case *one, size_t k,
			struct sample_sizes sizes, const char *pmu)
{
	if (one->param[0]) {
		fputc(' ', out);
		put_word(out, one->param);
	}
	fprintf(out,
		" --stream %zu --batch %" PRIu64 " --repeats %" PRIu64 " --windows %" PRIu64
		" --warmup %" PRIu64 "%s%s%s",
		k, sizes.batch, sizes.repeats, sizes.windows, sizes.warmup,
		sizes.core_clock ? " --core-clock" : "", pmu[0] ? " --pmu " : "", pmu);
}

static void put_arguments(FILE *out, const struct strings *words)
{
	for (size_t i = 0; i < words->count; i++) {
		fputc(' ', out);
		put_word(out, words->at[i]);
	}
}

static char *plan_text(const struct kit *kit, const struct bench_case *all, const size_t *cases,
		       size_t count, struct sample_sizes sizes, const char *pmu)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (kit->symbols)
		fputs("symbols\n", out);
	for (size_t i = 0; i < count; i++) {
		const struct bench_case *one = &all[cases[i]];
		char *place = place_of(one->benchmark);

		put_word(out, place);
		if (one->benchmark->own)
			put_arguments(out, &one->benchmark->words);
		else
			put_options(out, one, i, sizes, pmu);
		fputc('\n', out);
		free(place);
	}
	if (fclose(out))
		abort();
	return text;
}

/* What the programs are told to count, and what the core is. */
static int set_counters(const struct kit *kit, struct guest *guest, char **option,
			struct error *error)
{
	enum machine_counters counters = guest->machine->counters;
	char *codes;

	*option = memory_copy("");
	if (!kit->events || !kit->events->count || counters == COUNTERS_NONE)
		return 0;
	free(*option);
	if (counters == COUNTERS_LINUX) {
		*option = pmu_option_linux(kit->events);
		return 0;
	}
	*option = memory_format("core:%zu", kit->events->count);
	codes = pmu_codes(kit->events, error);
	if (!codes) {
		free(*option);
		return -1;
	}
	guest->request.line = memory_format("pmu=%s", codes);
	free(codes);
	return 0;
}

/* The programs' archive, and one with the plan behind it. */
static int write_initrd(const struct kit *kit, const char *folder, const char *plan,
			struct error *error)
{
	struct cpio *tail = cpio_new();
	int result = cpio_add(tail, "plan", plan, strlen(plan), error);
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
	char *folder = scratch_new(error), *plan, *pmu;
	int result;

	if (!folder)
		return -1;
	guest->request.folder = folder;
	guest->request.initrd = path_join(folder, "initrd");
	guest->request.extras = kit->extras;
	for (size_t i = 0; i < count; i++)
		add_program(guest, &all[cases[i]]);
	if (set_counters(kit, guest, &pmu, error))
		return -1;
	plan = plan_text(kit, all, cases, count, sizes, pmu);
	result = write_initrd(kit, folder, plan, error);
	free(plan);
	free(pmu);
	return result;
}
