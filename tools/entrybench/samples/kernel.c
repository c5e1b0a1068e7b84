/* Records of the kernel stream: see kernel.h. */
#include "samples/kernel.h"
#include "model/flags.h"

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

static const char *take_count(struct kernel_facts *facts, const struct record *record)
{
	char name[60], value[60];

	record_text(record, "name", name, sizeof(name));
	record_text(record, "value", value, sizeof(value));
	if (!name[0] || !value[0])
		return "a count record lacks name or value";
	if (facts->counts.count < COUNTS_MAX)
		pairs_add(&facts->counts, name, value);
	return NULL;
}

const char *kernel_take(struct kernel_facts *facts, const struct record *record)
{
	if (!strcmp(record->type, EB_TYPE_BOOT))
		return take_boot(facts, record);
	if (!strcmp(record->type, EB_TYPE_EXIT))
		return take_exit(facts, record);
	if (!strcmp(record->type, EB_TYPE_COUNT))
		return take_count(facts, record);
	return NULL;
}

void kernel_facts_free(struct kernel_facts *facts)
{
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
