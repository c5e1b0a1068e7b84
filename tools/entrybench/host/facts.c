/* What this host is, and how it is. */
#include "host/host.h"

#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLOCK_SECONDS 0.05
#define SHARE_SECONDS 0.1

char *host_file(const char *path)
{
	return file_read(path, NULL, NULL) ?: g_strdup("");
}

char *host_file_line(const char *path)
{
	char *text = host_file(path);

	text[strcspn(text, "\n")] = 0;
	return text;
}

char *cpuinfo_value(const char *cpuinfo, const char *key)
{
	g_auto(GStrv) lines = g_strsplit(cpuinfo, "\n", -1);

	for (char **line = lines; *line; line++) {
		g_auto(GStrv) parts = g_strsplit(*line, ":", 2);

		if (parts[0] && parts[1] && !strcmp(g_strchomp(parts[0]), key))
			return g_strdup(g_strstrip(parts[1]));
	}
	return g_strdup("");
}

bool cpuinfo_has(const char *cpuinfo, const char *flag)
{
	g_autofree char *flags = cpuinfo_value(cpuinfo, "flags");
	g_auto(GStrv) words = g_strsplit(flags, " ", -1);

	return g_strv_contains((const char *const *)words, flag);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->name, ((const struct pair *)b)->name);
}

static void read_mitigations(struct pairs *mitigations)
{
	GDir *folder = g_dir_open(CPU_FOLDER "/vulnerabilities", 0, NULL);
	const char *name;

	while (folder && (name = g_dir_read_name(folder))) {
		g_autofree char *path = g_build_filename(CPU_FOLDER "/vulnerabilities", name, NULL);
		g_autofree char *value = host_file_line(path);

		pairs_add(mitigations, name, value);
	}
	if (folder)
		g_dir_close(folder);
	if (mitigations->count)
		qsort(mitigations->at, mitigations->count, sizeof(*mitigations->at), by_name);
}

void host_facts_read(struct host_facts *facts)
{
	struct utsname names;
	struct tsc_frequency frequency;
	g_autofree char *cpuinfo = host_file("/proc/cpuinfo");

	run_take(&facts->cpu, cpuinfo_value(cpuinfo, "model name"));
	run_take(&facts->microcode, cpuinfo_value(cpuinfo, "microcode"));
	if (!uname(&names))
		run_take(&facts->kernel, g_strdup_printf("%s %s", names.sysname, names.release));
	run_take(&facts->governor, host_file_line(CPU_FOLDER "/cpu0/cpufreq/scaling_governor"));
	run_take(&facts->smt, host_file_line(CPU_FOLDER "/smt/control"));
	fields_clear(pair_shape(), &facts->mitigations);
	read_mitigations(&facts->mitigations);
	tsc_frequency_read(&frequency, 0.02);
	facts->tsc_hz = frequency.hz;
	facts->cpus = g_get_num_processors();
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

void host_state_read(struct host_state *state, double seconds)
{
	g_autofree char *cpuinfo = host_file("/proc/cpuinfo");

	*state = (struct host_state){0};
	state->cpus = cpus_read(seconds, &state->cpu_count);
	state->boost = read_boost();
	state->clocksource =
	    host_file_line("/sys/devices/system/clocksource/clocksource0/current_clocksource");
	tsc_frequency_read(&state->frequency, CLOCK_SECONDS);
	tsc_watch(&state->tsc);
	core_share_read(&state->core, state->cpus[0].number, SHARE_SECONDS);
	state->hypervisor = cpuinfo_has(cpuinfo, "hypervisor");
	state->kvm_hardware = cpuinfo_has(cpuinfo, "vmx") || cpuinfo_has(cpuinfo, "svm");
	state->kvm = !access("/dev/kvm", F_OK);
	state->realtime = may_have_realtime();
	state->no_pmu = pmu_missing();
}

void host_state_free(struct host_state *state)
{
	g_free(state->cpus);
	g_free(state->boost);
	g_free(state->clocksource);
	*state = (struct host_state){0};
}
