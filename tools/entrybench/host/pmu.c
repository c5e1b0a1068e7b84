/* Performance events: names through libpfm4, and what Linux can count here. */
#include "host/host.h"

#include <errno.h>
#include <perfmon/pfmlib_perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Select register: interrupt on overflow (SDM vol. 3, IA32_PERFEVTSELx; APM vol. 2, PERF_CTLx). */
#define SELECT_INTERRUPT (1ull << 20)

/* Once for the whole program: libpfm4 has no other way. */
static int initialize(struct error *error)
{
	static int result = -1;

	if (result != PFM_SUCCESS)
		result = pfm_initialize();
	if (result != PFM_SUCCESS)
		return error_set(error, "libpfm4 does not start: %s", pfm_strerror(result));
	return 0;
}

/* Intel's select 0 with a unit mask stands for a fixed counter, no event. AMD has an event 0. */
static bool is_fixed_only(const char *full_name, uint64_t code)
{
	return !(code & 0xff) && strncmp(full_name, "amd64", 5) != 0;
}

/* Events of the hardware that need one register, whichever. Others keep code 0. */
static void find_code(struct pmu_event *event)
{
	char *full_name = NULL;
	pfm_pmu_encode_arg_t wanted = {.size = sizeof(wanted), .fstr = &full_name};

	if (event->attr.type != PERF_TYPE_RAW)
		return;
	if (pfm_get_os_event_encoding(event->name, PFM_PLM0 | PFM_PLM3, PFM_OS_NONE, &wanted) ==
		PFM_SUCCESS &&
	    wanted.count == 1 && !is_fixed_only(full_name, wanted.codes[0]))
		event->code = wanted.codes[0] & ~SELECT_INTERRUPT;
	free(wanted.codes);
	free(full_name);
}

static int encode(const char *name, struct pmu_event *event, struct error *error)
{
	pfm_perf_encode_arg_t wanted = {.attr = &event->attr, .size = sizeof(wanted)};
	int result;

	*event = (struct pmu_event){.attr.size = sizeof(event->attr)};
	result = pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3, PFM_OS_PERF_EVENT, &wanted);

	if (result != PFM_SUCCESS)
		return error_set(
		    error,
		    "-e %s: %s says libpfm4; perf list and showevtinfo have the names for this CPU",
		    name, pfm_strerror(result));
	event->name = g_strdup(name);
	find_code(event);
	return 0;
}

int pmu_parse(const char *list, struct pmu_events *events, struct error *error)
{
	g_auto(GStrv) names = g_strsplit(list, ",", -1);
	int result = initialize(error);

	if (result == 0 && !list[0])
		return error_set(error, "-e \"\": a name is missing");
	for (char **name = names; *name && result == 0; name++) {
		if (!**name)
			return error_set(error, "-e %s: a name is missing", list);
		if (events->count == PMU_EVENTS_MAX)
			return error_set(error, "-e %s: at most %d events fit into one run", list,
					 PMU_EVENTS_MAX);
		result = encode(*name, &events->at[events->count], error);
		events->count += result == 0;
	}
	return result;
}

void pmu_events_free(struct pmu_events *events)
{
	for (size_t i = 0; i < events->count; i++)
		g_free(events->at[i].name);
	*events = (struct pmu_events){0};
}

char *pmu_option_linux(const struct pmu_events *events)
{
	GString *text = g_string_new("linux:");

	for (size_t i = 0; i < events->count; i++) {
		const struct perf_event_attr *attr = &events->at[i].attr;

		g_string_append_printf(text, "%s%x.%llx.%llx.%llx.%s%s", i ? "," : "", attr->type,
				       attr->config, attr->config1, attr->config2,
				       attr->exclude_user ? "" : "u",
				       attr->exclude_kernel ? "" : "k");
	}
	return g_string_free(text, FALSE);
}

char *pmu_codes(const struct pmu_events *events, struct error *error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (size_t i = 0; i < events->count; i++) {
		if (!events->at[i].code) {
			error_set(error,
				  "-e %s: no general counter of the CPU counts this, and the core "
				  "has no other; showevtinfo lists events",
				  events->at[i].name);
			return NULL;
		}
		g_string_append_printf(text, "%s%" PRIx64, i ? "," : "", events->at[i].code);
	}
	return g_strdup(text->str);
}

/* A file descriptor, or -1 with errno set. */
static int open_event(struct perf_event_attr attr)
{
	attr.exclude_hv = 1;
	attr.pinned = attr.type != PERF_TYPE_SOFTWARE;
	attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

const char *pmu_missing(void)
{
	int fd = open_event((struct perf_event_attr){.type = PERF_TYPE_HARDWARE,
						     .size = sizeof(struct perf_event_attr),
						     .config = PERF_COUNT_HW_CPU_CYCLES,
						     .exclude_kernel = 1});

	if (fd >= 0) {
		close(fd);
		return NULL;
	}
	if (errno == EACCES || errno == EPERM)
		return "no PMU on this machine: Linux does not let this user count; set "
		       "/proc/sys/kernel/perf_event_paranoid to 1 or less, or run as root";
	if (errno == ENOSYS)
		return "no PMU on this machine: this Linux was built without perf_event_open";
	return "no PMU on this machine: Linux knows no hardware counters here; a virtual machine "
	       "has them only if its hypervisor passes them on";
}

/* It counted all the time that it was enabled. A pinned event that did not fit reads nothing. */
static bool counts(int fd)
{
	struct {
		uint64_t value, enabled, running;
	} reading;

	return read(fd, &reading, sizeof(reading)) == sizeof(reading) &&
	       reading.enabled == reading.running;
}

static int explain(const struct pmu_event *event, struct error *error)
{
	int problem = errno;
	const char *missing = event->attr.type == PERF_TYPE_SOFTWARE ? NULL : pmu_missing();

	if (missing)
		return error_set(error, "-e %s: %s", event->name, missing);
	if (problem == EACCES || problem == EPERM)
		return error_set(
		    error,
		    "-e %s: Linux does not let this user count the kernel; add :u, set "
		    "/proc/sys/kernel/perf_event_paranoid to 1 or less, or run as root",
		    event->name);
	return error_set(error, "-e %s: Linux cannot count this here: %s", event->name,
			 strerror(problem));
}

int pmu_check(const struct pmu_events *events, struct error *error)
{
	int fds[PMU_EVENTS_MAX], result = 0;
	size_t opened = 0;

	while (opened < events->count && result == 0) {
		fds[opened] = open_event(events->at[opened].attr);
		if (fds[opened] < 0)
			result = explain(&events->at[opened], error);
		else
			opened++;
	}
	for (size_t i = 0; i < opened; i++) {
		if (result == 0 && !counts(fds[i]))
			result = error_set(error,
					   "-e %s: there are not enough counters for so many "
					   "events at once; give fewer",
					   events->at[i].name);
		close(fds[i]);
	}
	return result;
}
