/* Records of the kernel stream: see kernel.h. */
#include "samples/kernel.h"
#include "model/flags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNTS_MAX 512

static const char *take_boot(struct kernel_facts *facts, const struct record *record)
{
	const char *tsc_hz = record_get(record, "tsc_hz");

	if (!tsc_hz || !number_unsigned(tsc_hz, &facts->tsc_hz) || !record_get(record, "variant") ||
	    !record_get(record, "cpu") || !record_get(record, "features"))
		return "its boot record lacks variant, cpu, features or tsc_hz";
	record_text(record, "variant", facts->variant, sizeof(facts->variant));
	record_text(record, "cpu", facts->cpu, sizeof(facts->cpu));
	record_text(record, "features", facts->features, sizeof(facts->features));
	record_text(record, "machine", facts->console, sizeof(facts->console));
	return NULL;
}

static const char *take_exit(struct kernel_facts *facts, const struct record *record)
{
	const char *programs = record_get(record, "programs");
	const char *failed = record_get(record, "failed");

	record_text(record, "status", facts->status, sizeof(facts->status));
	record_text(record, "reason", facts->reason, sizeof(facts->reason));
	if (!facts->status[0])
		return "its exit record lacks the status";
	if ((programs && !number_unsigned(programs, &facts->programs)) ||
	    (failed && !number_unsigned(failed, &facts->failed)))
		return "its exit record counts programs by no number";
	return NULL;
}

static struct program_end *add_end(struct kernel_facts *facts, uint64_t line)
{
	struct program_end *end;

	facts->ends = memory_grow(facts->ends, facts->end_count, sizeof(*facts->ends));
	end = &facts->ends[facts->end_count++];
	end->line = line;
	return end;
}

/* What the program that ends next asked for and the core does not have. */
static void take_missing(struct kernel_facts *facts, const struct record *record, const char *times)
{
	char call[60];

	record_text(record, "call", call, sizeof(call));
	if (facts->missing.count < COUNTS_MAX)
		pairs_add(&facts->missing, call, times);
}

static const char *take_count(struct kernel_facts *facts, const struct record *record)
{
	char name[60], value[60];

	record_text(record, "name", name, sizeof(name));
	record_text(record, "value", value, sizeof(value));
	if (!name[0] || !value[0])
		return "a count record lacks name or value";
	if (!strcmp(name, "enosys"))
		take_missing(facts, record, value);
	else if (facts->counts.count < COUNTS_MAX)
		pairs_add(&facts->counts, name, value);
	return NULL;
}

static const char *take_program(struct kernel_facts *facts, const struct record *record)
{
	const char *line = record_get(record, "line"), *status = record_get(record, "status");
	char signal[40], error[120];
	struct program_end *end;
	uint64_t number;

	if (!line || !status || !number_unsigned(line, &number) || !record_get(record, "signal") ||
	    !record_get(record, "error"))
		return "a program record lacks line, status, signal or error";
	if (facts->end_count >= COUNTS_MAX)
		return NULL;
	record_text(record, "signal", signal, sizeof(signal));
	record_text(record, "error", error, sizeof(error));
	end = add_end(facts, number);
	end->missing = facts->missing;
	facts->missing = (struct pairs){0};
	if (error[0])
		snprintf(end->how, sizeof(end->how), "cannot be run: %s", error);
	else if (signal[0])
		snprintf(end->how, sizeof(end->how), "was killed by %s", signal);
	else if (strcmp(status, "0") != 0)
		snprintf(end->how, sizeof(end->how), "ended with status %.20s", status);
	return NULL;
}

const struct program_end *kernel_program_end(const struct kernel_facts *facts, uint64_t line)
{
	for (size_t i = 0; i < facts->end_count; i++)
		if (facts->ends[i].line == line)
			return &facts->ends[i];
	return NULL;
}

static const struct {
	const char *type;
	const char *(*take)(struct kernel_facts *, const struct record *);
} types[] = {
    {EB_TYPE_BOOT, take_boot},
    {EB_TYPE_EXIT, take_exit},
    {EB_TYPE_COUNT, take_count},
    {"program", take_program},
};

/* Types that are not known are ignored: a later kernel may send them. */
const char *kernel_take(struct kernel_facts *facts, const struct record *record)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(record->type, types[i].type))
			return types[i].take(facts, record);
	return NULL;
}

void kernel_facts_free(struct kernel_facts *facts)
{
	for (size_t i = 0; i < facts->end_count; i++)
		pairs_free(&facts->ends[i].missing);
	free(facts->ends);
	pairs_free(&facts->missing);
	pairs_free(&facts->counts);
}

bool feature_listed(const char *features, const char *feature)
{
	size_t size = strlen(feature);

	while (*features) {
		size_t item = strcspn(features, ",");

		if (item == size && !strncmp(features, feature, size))
			return true;
		features += item;
		features += *features == ',';
	}
	return false;
}
