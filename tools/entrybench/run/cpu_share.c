/* CPUs for guests. */
#include "run/run.h"

/* So long one looks which CPUs are free: twenty ticks of the kernel's bookkeeping, more or less. */
#define WATCH_SECONDS 0.2

/* Part of the time from which on the others on a CPU are worth a word. */
#define MUCH 0.3

/* Some machines bear no other guest beside theirs. */
static bool is_alone(const struct plan *plan, enum machine_class class)
{
	for (size_t i = 0; i < plan->pairs->len; i++) {
		const struct plan_pair *pair = plan->pairs->pdata[i];

		if (pair->machine->class == class && pair->machine->alone)
			return true;
	}
	return false;
}

/* The worst of those chosen: figures from it are noisier than they need be. */
static void say_if_busy(const struct cpu *cpu)
{
	double others = fmax(cpu->busy, fmax(cpu->stolen, cpu->sibling));

	if (others > MUCH)
		remark("CPU %d is in use %.0f %% of the time: wait until the machine is idle for "
		       "better figures (entrybench doctor)",
		       cpu->number, 100 * others);
}

static void keep_cpus(struct cpu_share *share, bool alone, unsigned jobs)
{
	size_t count;
	g_autofree struct cpu *cpus = cpus_read(WATCH_SECONDS, &count);

	share->slots = count > 1 ? (unsigned)count - 1 : 1;
	if (alone)
		share->slots = 1;
	else if (jobs)
		share->slots = MIN(share->slots, jobs);
	share->kept = g_new(int, share->slots);
	for (unsigned i = 0; i < share->slots; i++)
		share->kept[i] = cpus[i].number;
	cpus_avoid(share->kept, share->slots);
	say_if_busy(&cpus[share->slots - 1]);
}

void cpu_share_take(struct cpu_share *share, const struct plan *plan, enum machine_class class,
		    unsigned jobs)
{
	sched_getaffinity(0, sizeof(share->before), &share->before);
	if (class == CLASS_SILICON) {
		keep_cpus(share, is_alone(plan, class), jobs);
	} else {
		g_free(host_cpus(&share->slots));
		share->slots = jobs ?: share->slots;
	}
}

void cpu_share_give_back(struct cpu_share *share)
{
	sched_setaffinity(0, sizeof(share->before), &share->before);
	g_clear_pointer(&share->kept, g_free);
}
