/* Made-up runs, for tests of the report only. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "model/model.h"
#include "made_up.h"

const char *const made_up_names[MADE_UP_COUNT] = {"default", "silicon", "native",
						  "single",  "many",	"nothing"};

struct maker {
	struct run *run;
	const char *dir;
	gsl_rng *rng;
	unsigned boots;
};

static const char *const exits[] = {"iret", "sysret"};
static const char *const kptis[] = {"off", "on", "pcid"};
static const char *const extras[] = {"", "-ibrs-rsb-fill", "-verw", "-spectre-v1-fence"};

static bool has(const struct cell *cell, const char *feature, const char *value)
{
	const char *is = pairs_get(&cell->features, feature);

	return is && !strcmp(is, value);
}

/* What touch_pages loses in the TLB; 0 of other benchmarks. */
static double tlb_cost_of(const struct cell *cell)
{
	bool silicon = cell->class == CLASS_SILICON;

	if (strncmp(cell->bench, "touch_pages", 11))
		return 0;
	return atof(bench_param(cell->bench)) * (silicon ? has(cell, "kpti", "on") ? 26 : 9 : 2);
}

/* Made up, but of a likely size. */
static double cost_of(const struct cell *cell)
{
	bool silicon = cell->class == CLASS_SILICON;
	const char *colon = strchr(cell->bench, ':');
	double param = colon ? atof(colon + 1) : 0, cost = silicon ? 360 : 104;

	if (!strcmp(cell->variant, "floor"))
		return silicon ? 76 : 2;
	if (!strncmp(cell->bench, "sigreturn_exit", 14))
		return strstr(cell->bench, "iret") ? 1530 : 1290;
	cost += has(cell, "exit", "iret") ? silicon ? 240 : -6 : 0;
	cost += has(cell, "kpti", "on") ? silicon ? 390 : 14 : 0;
	cost += has(cell, "kpti", "pcid") ? silicon ? 170 : 14 : 0;
	cost += has(cell, "erase", "on") ? silicon ? 35 : 52 : 0;
	cost += !strcmp(cell->bench, "enosys") ? -8 : 0;
	if (!strncmp(cell->bench, "deep_syscall", 12))
		cost += param / (silicon ? 16 : 2) * (has(cell, "erase", "on") ? 1.5 : 1);
	return cost + tlb_cost_of(cell);
}

static bool write_slot(void *file, int64_t value, uint64_t count)
{
	return fprintf(file, "%lld,%llu\n", (long long)value, (unsigned long long)count) > 0;
}

static void write_samples(const struct maker *m, struct boot *boot, const struct histogram *h,
			  const char *name)
{
	char *path = g_strdup_printf("samples/%s.csv", name), *full;
	FILE *file;

	if (m->dir) {
		full = g_strdup_printf("%s/%s", m->dir, path);
		file = fopen(full, "w");
		if (!file || !histogram_each(h, write_slot, file) || fclose(file))
			abort();
		run_set(&boot->samples, path);
		free(full);
	}
	free(path);
}

static void fill_windows(const struct maker *m, const struct cell *cell, struct boot *boot,
			 double cost)
{
	struct histogram *h = histogram_new();
	bool silicon = cell->class == CLASS_SILICON;
	char name[200];

	for (int i = 0; i < (silicon ? 1500 : 40); i++) {
		double reading = cost + boot->controls.empty_window;

		if (silicon) {
			reading += gsl_ran_exponential(m->rng, 12);
			if (gsl_rng_uniform(m->rng) < 0.004)
				reading += gsl_ran_pareto(m->rng, 1.3, 900);
			reading = 2 * floor(fmin(reading, 9e5) / 2);
		}
		histogram_add(h, (int64_t)reading, 1);
	}
	boot->window = (struct quantiles){h->n,
					  h->min,
					  histogram_quantile(h, 0.5),
					  histogram_quantile(h, 0.9),
					  histogram_quantile(h, 0.99),
					  histogram_quantile(h, 0.999),
					  h->max};
	snprintf(name, sizeof(name), "%s-%s-%s-%u", cell->machine, cell->variant, cell->bench,
		 boot->boot);
	for (char *c = name; *c; c++)
		*c = *c == ':' ? '_' : *c;
	write_samples(m, boot, h, name);
	histogram_free(h);
}

static void add_boot(const struct maker *m, struct cell *cell, unsigned number)
{
	bool silicon = cell->class == CLASS_SILICON;
	struct boot *boot = cell_add_boot(cell, number);
	double cost = cost_of(cell);

	if (silicon)
		cost *= 1 + gsl_ran_gaussian(m->rng, 0.003);
	boot->round_trip = cost;
	boot->round_trip_p10 = silicon ? cost * 1.003 : cost;
	boot->controls =
	    (struct controls){silicon ? 24 : 5, silicon ? 4 : 2, silicon ? 1 : 2, 0, 3};
	if (tlb_cost_of(cell) > 0) {
		costs_add(&boot->loops, "crossing_packed", cost - tlb_cost_of(cell));
		costs_add(&boot->loops, "bare_packed", 0);
	}
	boot->clock = (struct clock_facts){silicon ? 2 : 1, silicon ? 24 : 5, 0};
	run_set(&boot->log, "logs/made-up.log");
	fill_windows(m, cell, boot, cost);
}

static struct cell *add_cell(const struct maker *m, const char *machine, enum machine_class class,
			     const char *variant, const char *bench)
{
	struct cell *cell = run_add_cell(m->run, machine, variant, bench);

	cell->class = class;
	cell->boots_wanted = m->boots;
	return cell;
}

static void add_boots(const struct maker *m, struct cell *cell)
{
	for (unsigned i = 0; i < m->boots; i++)
		add_boot(m, cell, i);
}

static void skip(struct cell *cell, enum cell_status status, const char *reason)
{
	cell->status = status;
	run_set(&cell->reason, reason);
}

static void add_variant(const struct maker *m, const char *machine, enum machine_class class,
			const char *bench, unsigned index)
{
	static const char *const suffix[] = {"", "-kpti", "-kpti-pcid"};
	const char *exit = exits[index % 2], *kpti = kptis[index / 2 % 3];
	bool erase = index / 6 % 2;
	const char *extra = extras[index / 12 % 4];
	char *name =
	    g_strdup_printf("%s%s%s%s", exit, suffix[index / 2 % 3], erase ? "-erase" : "", extra);
	struct cell *cell = add_cell(m, machine, class, name, bench);

	pairs_add(&cell->features, "exit", exit);
	pairs_add(&cell->features, "kpti", kpti);
	pairs_add(&cell->features, "erase", erase ? "on" : "off");
	if (*extra)
		pairs_add(&cell->features, "mitigation", extra + 1);
	if (!strcmp(machine, "tcg") && !strcmp(kpti, "pcid"))
		skip(cell, STATUS_SKIPPED, "needs pcid, which tcg has not");
	else
		add_boots(m, cell);
	free(name);
}

static void add_matrix(const struct maker *m, const char *machine, enum machine_class class,
		       const char *bench, unsigned variants)
{
	struct cell *cell;

	for (unsigned i = 0; i < variants; i++)
		add_variant(m, machine, class, bench, i);
	cell = add_cell(m, machine, class, "floor", bench);
	cell->safe = false;
	pairs_add(&cell->features, "exit", "sysret");
	pairs_add(&cell->features, "kpti", "off");
	pairs_add(&cell->features, "erase", "off");
	if (strchr(bench, ':'))
		skip(cell, STATUS_SKIPPED, "floor has no kernel behind it");
	else
		add_boots(m, cell);
}

static void add_sweep(const struct maker *m, const char *machine, enum machine_class class,
		      const char *base, unsigned first, unsigned last)
{
	for (unsigned param = first; param <= last; param *= 2) {
		char *bench = g_strdup_printf("%s:%u", base, param);

		add_matrix(m, machine, class, bench, 12);
		free(bench);
	}
}

static void add_machine(struct run *run, const char *name, enum machine_class class,
			const char *program)
{
	struct run_machine *machine = run_add_machine(run, name);

	machine->class = class;
	machine->available = true;
	run_set(&machine->cpu, "made-up CPU, nothing measured");
	run_set(&machine->program, program);
}

static void fill_default(struct maker *m)
{
	struct run_machine *kvm;

	m->boots = 2;
	add_machine(m->run, "tcg", CLASS_DETERMINISTIC, "made-up QEMU");
	add_machine(m->run, "bochs", CLASS_DETERMINISTIC, "made-up Bochs");
	kvm = run_add_machine(m->run, "kvm");
	run_set(&kvm->reason, "made up: /dev/kvm is a software KVM (kvm_pvm)");
	for (size_t i = 0; i < 2; i++) {
		const char *machine = i ? "bochs" : "tcg";

		add_matrix(m, machine, CLASS_DETERMINISTIC, "null_syscall", 12);
		add_matrix(m, machine, CLASS_DETERMINISTIC, "enosys", 12);
		add_sweep(m, machine, CLASS_DETERMINISTIC, "deep_syscall", 256, 8192);
	}
}

static void fill_silicon(struct maker *m)
{
	struct cell *cell;

	m->boots = 10;
	m->run->host.tsc_hz = 3.6e9;
	add_machine(m->run, "kvm", CLASS_SILICON, "made-up QEMU");
	add_matrix(m, "kvm", CLASS_SILICON, "null_syscall", 12);
	add_sweep(m, "kvm", CLASS_SILICON, "deep_syscall", 256, 8192);
	add_sweep(m, "kvm", CLASS_SILICON, "touch_pages", 1, 512);
	cell = add_cell(m, "kvm", CLASS_SILICON, "panicky-variant-of-a-friend", "null_syscall");
	skip(cell, STATUS_PANICKED, "#GP at phase syscall.leave, see logs/made-up.log");
	cell = add_cell(m, "kvm", CLASS_SILICON, "sleepy", "null_syscall");
	skip(cell, STATUS_TIMEOUT, "no record for 10 s");
	cell = run_find_cell(m->run, "kvm", "iret-kpti", "null_syscall");
	flags_add(&cell->flags, "unstable", 3, "");
	flags_add(&cell->flags, "negative_window", 12, "");
}

static void fill_native(struct maker *m)
{
	static const char *const benches[] = {"null_syscall", "enosys", "sigreturn_exit:sysret",
					      "sigreturn_exit:iret-rcx", "sigreturn_exit:iret-r11"};

	m->boots = 10;
	m->run->host.tsc_hz = 3.6e9;
	run_set(&m->run->reference, "host");
	add_machine(m->run, "native", CLASS_SILICON, "made-up Linux");
	for (size_t i = 0; i < 5; i++) {
		struct cell *cell = add_cell(m, "native", CLASS_SILICON, "host", benches[i]);

		if (i >= 3)
			run_set(&cell->reference_case, "sigreturn_exit:sysret");
		add_boots(m, cell);
	}
}

static void fill_nothing(struct maker *m)
{
	struct cell *cell =
	    add_cell(m, "tcg", CLASS_DETERMINISTIC, "iret-kpti-pcid", "null_syscall");

	add_machine(m->run, "tcg", CLASS_DETERMINISTIC, "made-up QEMU");
	skip(cell, STATUS_SKIPPED, "needs pcid, which tcg has not");
}

static void fill_single(struct maker *m)
{
	m->boots = 1;
	add_machine(m->run, "tcg", CLASS_DETERMINISTIC, "made-up QEMU");
	add_variant(m, "tcg", CLASS_DETERMINISTIC, "null_syscall", 0);
}

static void fill_many(struct maker *m)
{
	m->boots = 1;
	m->run->host.tsc_hz = 2.1e9;
	add_machine(m->run, "metal", CLASS_SILICON, "made-up ISO");
	add_matrix(m, "metal", CLASS_SILICON, "null_syscall", 30);
}

void made_up_fill(struct run *run, enum made_up kind, const char *dir)
{
	static void (*const fillers[MADE_UP_COUNT])(struct maker *) = {
	    fill_default, fill_silicon, fill_native, fill_single, fill_many, fill_nothing};
	struct maker m = {.run = run, .dir = dir, .rng = gsl_rng_alloc(gsl_rng_mt19937)};

	if (dir) {
		char *samples = g_strdup_printf("%s/samples", dir);

		mkdir(samples, 0777);
		free(samples);
	}
	run_init(run);
	run_set(&run->tool.version, "0.1.0");
	run_set(&run->tool.git, "made-up");
	run_set(&run->started, "2000-01-01T00:00:00Z");
	run_set(&run->finished, "2000-01-01T00:00:30Z");
	run_set(&run->reference, "iret");
	run_set(&run->host.cpu, "made-up CPU, nothing measured");
	run_set(&run->host.kernel, "made-up Linux");
	run->host.cpus = 2;
	run->seed = 42;
	strings_add(&run->command, "made-up");
	strings_add(&run->command, made_up_names[kind]);
	fillers[kind](&m);
	summary_fill(run);
	gsl_rng_free(m.rng);
}
