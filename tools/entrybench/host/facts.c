/* Facts about the host. */
#include "host/host.h"

#include <sched.h>
#include <sys/utsname.h>

#define CPU_FOLDER "/sys/devices/system/cpu"

char *host_file_line(const char *path)
{
	char *text = file_read(path, NULL, NULL);

	if (!text)
		return g_strdup("");
	text[strcspn(text, "\n")] = 0;
	return text;
}

static void read_into(char **string, const char *path)
{
	g_autofree char *text = host_file_line(path);

	run_set(string, text);
}

/* The value behind "key :" in /proc/cpuinfo, of the first CPU. */
static void cpuinfo_value(const char *key, char **string)
{
	g_autofree char *text = file_read("/proc/cpuinfo", NULL, NULL);
	g_auto(GStrv) lines = g_strsplit(text ?: "", "\n", -1);

	for (char **line = lines; *line; line++) {
		g_auto(GStrv) parts = g_strsplit(*line, ": ", 2);

		if (!parts[0] || !parts[1] || strcmp(g_strchomp(parts[0]), key) != 0)
			continue;
		run_set(string, parts[1]);
		return;
	}
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
	unsigned count;

	cpuinfo_value("model name", &facts->cpu);
	cpuinfo_value("microcode", &facts->microcode);
	if (!uname(&names)) {
		g_autofree char *kernel = g_strdup_printf("%s %s", names.sysname, names.release);

		run_set(&facts->kernel, kernel);
	}
	read_into(&facts->governor, CPU_FOLDER "/cpu0/cpufreq/scaling_governor");
	read_into(&facts->smt, CPU_FOLDER "/smt/control");
	fields_clear(pair_shape(), &facts->mitigations);
	read_mitigations(&facts->mitigations);
	tsc_frequency_read(&frequency, 0.02);
	facts->tsc_hz = frequency.hz;
	free(host_cpus(&count));
	facts->cpus = count;
}

int *host_cpus(unsigned *count)
{
	int *cpus = g_new(int, CPU_SETSIZE);
	cpu_set_t set;

	*count = 0;
	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof(set), &set);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			cpus[(*count)++] = cpu;
	if (!*count)
		cpus[(*count)++] = 0;
	return cpus;
}
