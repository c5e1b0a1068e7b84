/* Guests from a plan: see kit.h. */
#include "run/kit.h"
#include "guest/scratch.h"
#include "util/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sample_sizes sizes_for(enum machine_class class, uint64_t windows)
{
	static const struct sample_sizes sizes[] = {
	    [CLASS_SILICON] = {.batch = 64, .repeats = 200, .windows = 10000, .warmup = 1000},
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

	return memory_format("bench/%s", slash ? slash + 1 : benchmark->program);
}

int kit_open(struct kit *kit, const char *init, const struct bench_case *cases, size_t count,
	     const struct strings *extras, struct error *error)
{
	struct strings done = {0};
	int result = 0;

	*kit = (struct kit){.extras = extras};
	if (init[0])
		result = archive_add_file(&kit->programs, "init", init, error);
	for (size_t i = 0; i < count && result == 0; i++) {
		char *place = place_of(cases[i].benchmark);

		if (!strings_have(&done, place)) {
			result = archive_add_file(&kit->programs, place,
						  cases[i].benchmark->program, error);
			strings_add(&done, place);
		}
		free(place);
	}
	archive_finish(&kit->programs);
	strings_free(&done);
	return result;
}

void kit_close(struct kit *kit)
{
	archive_free(&kit->programs);
}

/* Program k speaks on stream k. */
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

		fprintf(out,
			"%s%s%s --stream %zu --batch %" PRIu64 " --repeats %" PRIu64
			" --windows %" PRIu64 " --warmup %" PRIu64 "%s%s\n",
			place, one->param[0] ? " " : "", one->param, i, sizes.batch, sizes.repeats,
			sizes.windows, sizes.warmup, pmu[0] ? " --pmu " : "", pmu);
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

static int write_initrd(const struct kit *kit, const char *folder, const char *plan,
			struct error *error)
{
	struct archive tail = {0};
	size_t size;
	char *whole;
	int result;

	archive_add(&tail, "plan", plan, strlen(plan));
	archive_finish(&tail);
	size = kit->programs.size + tail.size;
	whole = memory_new(size, 1);
	memcpy(whole, kit->programs.data, kit->programs.size);
	memcpy(whole + kit->programs.size, tail.data, tail.size);
	result = file_replace(folder, "initrd", whole, size, error);
	free(whole);
	archive_free(&tail);
	return result;
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
		guest_add_program(guest, all[cases[i]].benchmark->name, all[cases[i]].param);
	if (set_counters(kit, guest, &pmu, error))
		return -1;
	plan = plan_text(kit, all, cases, count, sizes, pmu);
	result = write_initrd(kit, folder, plan, error);
	free(plan);
	free(pmu);
	return result;
}
