/* What Linux can count on this machine. */
#include "host/host.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A file descriptor, or -1 with errno set. */
static int open_event(const struct pmu_event *event)
{
	struct perf_event_attr attributes = {
	    .type = event->type,
	    .size = sizeof(attributes),
	    .config = event->config,
	    .config1 = event->config1,
	    .config2 = event->config2,
	    .exclude_user = !event->user,
	    .exclude_kernel = !event->kernel,
	    .exclude_hv = 1,
	    .pinned = !event->software,
	    .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
	};

	return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

const char *pmu_missing(void)
{
	const struct pmu_event cycles = {
	    .type = PERF_TYPE_HARDWARE, .config = PERF_COUNT_HW_CPU_CYCLES, .user = true};
	int fd = open_event(&cycles);

	if (fd >= 0) {
		close(fd);
		return NULL;
	}
	switch (errno) {
	case EACCES:
	case EPERM:
		return "no PMU on this machine: Linux does not let this user count; set "
		       "/proc/sys/kernel/perf_event_paranoid to 1 or less, or run as root";
	case ENOSYS:
		return "no PMU on this machine: this Linux was built without perf_event_open";
	default:
		return "no PMU on this machine: Linux knows no hardware counters here; a virtual "
		       "machine has them only if its hypervisor passes them on";
	}
}

/* True if it counted all the time that it was enabled; a pinned event that did not fit reads as nothing. */
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
	const char *missing = event->software ? NULL : pmu_missing();

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
		fds[opened] = open_event(&events->at[opened]);
		if (fds[opened] < 0)
			result = explain(&events->at[opened], error);
		else
			opened++;
	}
	for (size_t i = 0; i < opened; i++) {
		if (result == 0 && !counts(fds[i]))
			result =
			    error_set(error,
				      "-e %s: there are not enough counters for so many events "
				      "at once; give fewer",
				      events->at[i].name);
		close(fds[i]);
	}
	return result;
}
