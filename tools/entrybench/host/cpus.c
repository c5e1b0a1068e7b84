/* Choosing a CPU to measure on. */
#include "host/host.h"

bool cpu_listed(const char *list, int number)
{
	while (*list) {
		char *end;
		long first = strtol(list, &end, 10), last = first;

		if (end == list)
			return false;
		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		if (number >= first && number <= last)
			return true;
		list = *end == ',' ? end + 1 : "";
	}
	return false;
}

bool cpu_time_of(const char *stat, int number, struct cpu_time *time)
{
	double user, nice, system, idle, iowait, irq, softirq, steal;
	char name[20];
	const char *line;

	snprintf(name, sizeof(name), "\ncpu%d ", number);
	line = strstr(stat, name);
	/* What guests take is part of user and nice (proc(5)). */
	if (!line || sscanf(line + strlen(name), "%lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice,
			    &system, &idle, &iowait, &irq, &softirq, &steal) != 8)
		return false;
	time->busy = user + nice + system + irq + softirq;
	time->stolen = steal;
	time->all = time->busy + idle + iowait + steal;
	return true;
}

static bool may_pin(int number)
{
	cpu_set_t before;
	bool may = cpu_pin(0, number, &before);

	return may && !sched_setaffinity(0, sizeof(before), &before);
}

/* Those in use by this process, and the isolated ones, which it is not given by itself. */
static struct cpu *find(size_t *count)
{
	g_autofree char *isolated = host_file_line(CPU_FOLDER "/isolated");
	struct cpu *cpus = g_new(struct cpu, CPU_SETSIZE);
	cpu_set_t mine;

	*count = 0;
	CPU_ZERO(&mine);
	sched_getaffinity(0, sizeof(mine), &mine);
	for (int i = 0; i < CPU_SETSIZE; i++) {
		bool apart = cpu_listed(isolated, i);

		if (!CPU_ISSET(i, &mine) && !(apart && may_pin(i)))
			continue;
		cpus[(*count)++] = (struct cpu){
		    .number = i, .isolated = apart, .busy = NAN, .stolen = NAN, .sibling = NAN};
	}
	if (!*count)
		cpus[(*count)++] = (struct cpu){.busy = NAN, .stolen = NAN, .sibling = NAN};
	return cpus;
}

/* What a CPU did between two readings of /proc/stat. False: absent, or no time passed. */
static bool between(const char *before, const char *after, int number, struct cpu *cpu)
{
	struct cpu_time first, last;

	if (!cpu_time_of(before, number, &first) || !cpu_time_of(after, number, &last) ||
	    last.all <= first.all)
		return false;
	cpu->busy = (last.busy - first.busy) / (last.all - first.all);
	cpu->stolen = (last.stolen - first.stolen) / (last.all - first.all);
	return true;
}

static void look_at_siblings(const char *before, const char *after, struct cpu *cpu)
{
	g_autofree char *path =
	    g_strdup_printf(CPU_FOLDER "/cpu%d/topology/thread_siblings_list", cpu->number);
	g_autofree char *list = host_file_line(path);

	for (int i = 0; i < CPU_SETSIZE; i++) {
		struct cpu sibling;

		if (i != cpu->number && cpu_listed(list, i) &&
		    between(before, after, i, &sibling) && !(cpu->sibling >= sibling.busy))
			cpu->sibling = sibling.busy;
	}
}

struct cpu *cpus_read(double seconds, size_t *count)
{
	struct cpu *cpus = find(count);
	g_autofree char *before = host_file("/proc/stat"), *after = NULL;

	g_usleep((gulong)(seconds * G_USEC_PER_SEC));
	after = host_file("/proc/stat");
	for (size_t i = 0; seconds > 0 && i < *count; i++) {
		between(before, after, cpus[i].number, &cpus[i]);
		look_at_siblings(before, after, &cpus[i]);
	}
	cpus_rank(cpus, *count);
	return cpus;
}

/* What is in its way, in tenths: a tick of /proc/stat more or less says nothing. */
static int trouble(const struct cpu *cpu)
{
	/* What is unknown does not count. */
	return (int)(10 * (fmax(cpu->busy, 0) + fmax(cpu->stolen, 0) + fmax(cpu->sibling, 0)));
}

static int better(const void *first, const void *second)
{
	const struct cpu *a = first, *b = second;

	if (a->isolated != b->isolated)
		return a->isolated ? -1 : 1;
	if (trouble(a) != trouble(b))
		return trouble(a) - trouble(b);
	/* CPU 0 gets most interrupts: of equals the last. */
	return b->number - a->number;
}

void cpus_rank(struct cpu *cpus, size_t count)
{
	qsort(cpus, count, sizeof(*cpus), better);
}

void cpus_avoid(const int *cpus, size_t count)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	for (size_t i = 0; i < count; i++)
		CPU_CLR(cpus[i], &set);
	if (CPU_COUNT(&set))
		sched_setaffinity(0, sizeof(set), &set);
}
