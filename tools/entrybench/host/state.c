/* Reads the state of the host. */
#include "host/host.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#define CPU_FOLDER    "/sys/devices/system/cpu"
#define CLOCK_SECONDS 0.05
#define SHARE_SECONDS 0.1

bool cpuinfo_has(const char *cpuinfo, const char *flag)
{
	const char *line = strstr(cpuinfo, "\nflags");
	size_t size = strlen(flag);

	if (!line)
		return false;
	for (line++; *line && *line != '\n'; line += strcspn(line, " \n")) {
		line += *line == ' ';
		if (!strncmp(line, flag, size) && strchr(" \n", line[size]))
			return true;
	}
	return false;
}

/* Intel's driver says the contrary of the others. */
static char *read_boost(void)
{
	g_autofree char *boost = host_file_line(CPU_FOLDER "/cpufreq/boost");
	g_autofree char *no_turbo = host_file_line(CPU_FOLDER "/intel_pstate/no_turbo");

	if (boost[0])
		return g_strdup(boost[0] == '1' ? "on" : "off");
	if (no_turbo[0])
		return g_strdup(no_turbo[0] == '0' ? "on" : "off");
	return g_strdup("");
}

/* A child tries it, so that the tool itself never has it. */
static bool may_have_realtime(void)
{
	const struct sched_param priority = {.sched_priority = 1};
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(sched_setscheduler(0, SCHED_FIFO, &priority) ? 1 : 0);
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

static void read_flags(struct host_state *state)
{
	g_autofree char *cpuinfo = file_read("/proc/cpuinfo", NULL, NULL);

	state->hypervisor = cpuinfo && cpuinfo_has(cpuinfo, "hypervisor");
	state->kvm_hardware =
	    cpuinfo && (cpuinfo_has(cpuinfo, "vmx") || cpuinfo_has(cpuinfo, "svm"));
}

void host_state_read(struct host_state *state, double seconds)
{
	*state = (struct host_state){0};
	state->cpus = cpus_read(seconds, &state->cpu_count);
	state->boost = read_boost();
	state->clocksource =
	    host_file_line("/sys/devices/system/clocksource/clocksource0/current_clocksource");
	tsc_frequency_read(&state->frequency, CLOCK_SECONDS);
	tsc_watch(&state->tsc);
	core_share_read(&state->core, state->cpus[0].number, SHARE_SECONDS);
	read_flags(state);
	state->kvm = !access("/dev/kvm", F_OK);
	state->realtime = may_have_realtime();
	state->no_pmu = pmu_missing();
}

void host_state_free(struct host_state *state)
{
	free(state->cpus);
	free(state->boost);
	free(state->clocksource);
	*state = (struct host_state){0};
}
