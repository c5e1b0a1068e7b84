/* Records of the kernel stream. */
#include "guest/guest.h"

/* Of a program that would ask for ever. */
#define MISSING_MAX 512

static const char *take_boot(struct guest *guest, const struct record *record)
{
	struct kernel_facts *kernel = &guest->kernel;
	uint64_t tsc_hz;

	if (!record_number(record, "tsc_hz", &tsc_hz) || !record_get(record, "variant") ||
	    !record_get(record, "cpu") || !record_get(record, "features"))
		return "its boot record lacks variant, cpu, features or tsc_hz";
	record_text(record, "variant", kernel->variant, sizeof(kernel->variant));
	record_text(record, "cpu", kernel->cpu, sizeof(kernel->cpu));
	record_text(record, "features", kernel->features, sizeof(kernel->features));
	return NULL;
}

static const char *take_exit(struct guest *guest, const struct record *record)
{
	struct kernel_facts *kernel = &guest->kernel;

	record_text(record, "status", kernel->status, sizeof(kernel->status));
	record_text(record, "reason", kernel->reason, sizeof(kernel->reason));
	if (!kernel->status[0])
		return "its exit record lacks the status";
	if (record_get(record, "failed") && !record_number(record, "failed", &kernel->failed))
		return "its exit record counts programs by no number";
	return NULL;
}

/* What the program that ends next asked for and the core does not have. */
static const char *take_count(struct guest *guest, const struct record *record)
{
	char name[60], value[60], call[60];

	record_text(record, "name", name, sizeof(name));
	record_text(record, "value", value, sizeof(value));
	record_text(record, "call", call, sizeof(call));
	if (!name[0] || !value[0])
		return "a count record lacks name or value";
	if (!strcmp(name, "enosys") && guest->kernel.missing.count < MISSING_MAX)
		pairs_add(&guest->kernel.missing, call, value);
	return NULL;
}

static const char *take_start(struct guest *guest, const struct record *record)
{
	uint64_t line;

	if (!record_number(record, "line", &line))
		return "a start record lacks the line";
	if (line < (uint64_t)guest->program_count)
		guest->programs[line].begun = true;
	guest->kernel.running = true;
	guest->kernel.to_error = false;
	return NULL;
}

static const char *take_output(struct guest *guest, const struct record *record)
{
	uint64_t to;

	if (!record_number(record, "to", &to))
		return "an output record does not say to what";
	guest->kernel.to_error = to == 2;
	return NULL;
}

static const char *take_fault(struct guest *guest, const struct record *record)
{
	static const char *const keys[] = {"ip", "address"};
	char *fault = guest->kernel.fault;
	const size_t size = sizeof(guest->kernel.fault);

	/* The first says most: what comes of it may be another. */
	if (fault[0])
		return NULL;
	record_text(record, "what", fault, 100);
	if (!fault[0])
		return "a fault record does not say what";
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *value = record_get(record, keys[i]);
		size_t used = strlen(fault);

		if (value)
			snprintf(fault + used, size - used, "%s %s %.16s", i ? "," : " at", keys[i],
				 value);
	}
	return NULL;
}

/* How the program ended, in the kernel's words, and what it lacked: counts "enosys.NAME". */
static void end_program(struct guest_program *program, const struct kernel_facts *kernel,
			uint64_t status, const struct record *record)
{
	g_autoptr(GString) how = g_string_new(NULL);
	char signal[40], error[120];

	record_text(record, "signal", signal, sizeof(signal));
	record_text(record, "error", error, sizeof(error));
	run_set(&program->boot.signal, signal);
	if (error[0])
		g_string_printf(how, "the program cannot be run: %s", error);
	else if (signal[0])
		g_string_printf(how, "the program was killed by %s%s%s%s", signal,
				kernel->fault[0] ? " (" : "", kernel->fault,
				kernel->fault[0] ? ")" : "");
	else
		program->boot.exit_status = (double)status;
	if (program->boot.exit_status > 0)
		g_string_printf(how, "the program ended with status %" PRIu64, status);
	for (size_t i = 0; i < kernel->missing.count; i++) {
		const struct pair *call = &kernel->missing.at[i];
		g_autofree char *name = g_strconcat("enosys.", call->name, NULL);

		pairs_add(&program->boot.counts, name, call->value);
		if (how->len)
			g_string_append_printf(how, "%s%s (%s)",
					       i ? ", " : "; the core lacks what it asked for: ",
					       call->name, call->value);
	}
	program->how = how->len ? g_strdup(how->str) : NULL;
	program->begun = program->ended = true;
}

static const char *take_program(struct guest *guest, const struct record *record)
{
	struct kernel_facts *kernel = &guest->kernel;
	uint64_t line, status;

	if (!record_number(record, "line", &line) || !record_number(record, "status", &status) ||
	    !record_get(record, "signal") || !record_get(record, "error"))
		return "a program record lacks line, status, signal or error";
	if (line < (uint64_t)guest->program_count && !guest->programs[line].ended)
		end_program(&guest->programs[line], kernel, status, record);
	kernel->running = false;
	kernel->fault[0] = 0;
	fields_clear(pair_shape(), &kernel->missing);
	return NULL;
}

/* Types that are not known are ignored: a later kernel may send them. */
const char *kernel_take(struct guest *guest, const struct record *record)
{
	static const struct {
		const char *type;
		const char *(*take)(struct guest *, const struct record *);
	} types[] = {
	    {EB_TYPE_BOOT, take_boot},	   {EB_TYPE_EXIT, take_exit},
	    {EB_TYPE_COUNT, take_count},   {EB_TYPE_START, take_start},
	    {EB_TYPE_FAULT, take_fault},   {EB_TYPE_PROGRAM, take_program},
	    {EB_TYPE_OUTPUT, take_output},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (!strcmp(record->type, types[i].type))
			return types[i].take(guest, record);
	return NULL;
}

bool feature_listed(const char *features, const char *feature)
{
	g_auto(GStrv) list = g_strsplit(features, ",", -1);

	return g_strv_contains((const char *const *)list, feature);
}
