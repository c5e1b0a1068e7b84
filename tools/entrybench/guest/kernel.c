/* Records of the kernel stream. */
#include "guest/guest.h"

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
	struct program_end *end = list_grow(&facts->ends, sizeof(*end));

	end->line = line;
	end->status = NAN;
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

static const char *take_start(struct kernel_facts *facts, const struct record *record)
{
	const char *line = record_get(record, "line");

	if (!line || !number_unsigned(line, &facts->line))
		return "a start record lacks the line";
	facts->running = true;
	return NULL;
}

bool kernel_started(const struct kernel_facts *facts, uint64_t line)
{
	return kernel_program_end(facts, line) || (facts->running && facts->line == line);
}

static const char *take_fault(struct kernel_facts *facts, const struct record *record)
{
	static const char *const keys[] = {"ip", "address"};

	/* The first says most: what comes of it may be another. */
	if (facts->fault[0])
		return NULL;
	record_text(record, "what", facts->fault, 100);
	if (!facts->fault[0])
		return "a fault record does not say what";
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *value = record_get(record, keys[i]);
		size_t used = strlen(facts->fault);

		if (value)
			snprintf(facts->fault + used, sizeof(facts->fault) - used, "%s %s %.16s",
				 i ? "," : " at", keys[i], value);
	}
	return NULL;
}

static void describe(struct program_end *end, uint64_t status, const char *error, const char *fault)
{
	if (error[0])
		snprintf(end->how, sizeof(end->how), "cannot be run: %s", error);
	else if (end->signal[0])
		snprintf(end->how, sizeof(end->how), "was killed by %s%s%s%s", end->signal,
			 fault[0] ? " (" : "", fault, fault[0] ? ")" : "");
	else if (status)
		snprintf(end->how, sizeof(end->how), "ended with status %" PRIu64, status);
	if (!error[0] && !end->signal[0])
		end->status = (double)status;
}

static const char *take_program(struct kernel_facts *facts, const struct record *record)
{
	const char *line = record_get(record, "line"), *status = record_get(record, "status");
	struct program_end *end;
	uint64_t number, code;
	char error[120];

	if (!line || !status || !number_unsigned(line, &number) ||
	    !number_unsigned(status, &code) || !record_get(record, "signal") ||
	    !record_get(record, "error"))
		return "a program record lacks line, status, signal or error";
	facts->running = false;
	if (facts->end_count >= COUNTS_MAX)
		return NULL;
	record_text(record, "error", error, sizeof(error));
	end = add_end(facts, number);
	end->missing = facts->missing;
	facts->missing = (struct pairs){0};
	record_text(record, "signal", end->signal, sizeof(end->signal));
	describe(end, code, error, facts->fault);
	facts->fault[0] = 0;
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
    {EB_TYPE_BOOT, take_boot},	 {EB_TYPE_EXIT, take_exit},   {EB_TYPE_COUNT, take_count},
    {EB_TYPE_START, take_start}, {EB_TYPE_FAULT, take_fault}, {EB_TYPE_PROGRAM, take_program},
};

/* Types that are not known are ignored: a later kernel may send them. */
const char *kernel_take(struct kernel_facts *facts, const struct record *record)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (!strcmp(record->type, types[i].type))
			return types[i].take(facts, record);
	return NULL;
}

void kernel_facts_free(struct kernel_facts *facts)
{
	for (size_t i = 0; i < facts->end_count; i++)
		fields_clear(pair_shape(), &facts->ends[i].missing);
	free(facts->ends);
	fields_clear(pair_shape(), &facts->missing);
	fields_clear(pair_shape(), &facts->counts);
}

bool feature_listed(const char *features, const char *feature)
{
	g_auto(GStrv) list = g_strsplit(features, ",", -1);

	return g_strv_contains((const char *const *)list, feature);
}
