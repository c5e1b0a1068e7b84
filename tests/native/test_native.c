/* Programs on the host's own Linux: a whole boot, and each way in which one can go wrong. */
#include <linux/perf_event.h>
#include <math.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/run.h"
#include "scratch.h"

struct fixture {
	struct manifest manifest;
	struct guest *guest;
	bool started;
	const struct pmu_events *events;
};

static struct fixture fixture;

static int load(void **state)
{
	struct error error;

	(void)state;
	signals_open();
	process_adopt_orphans();
	atexit(scratch_remove);
	if (manifest_open(&fixture.manifest, MANIFEST, &error)) {
		fprintf(stderr, "%s\n", error.text);
		return -1;
	}
	return 0;
}

static int forget(void **state)
{
	(void)state;
	manifest_free(&fixture.manifest);
	return 0;
}

static const struct variant *host(void)
{
	for (size_t i = 0; i < fixture.manifest.variant_count; i++)
		if (!strcmp(fixture.manifest.variants[i].name, "host"))
			return &fixture.manifest.variants[i];
	fail_msg("there is no variant host");
	return NULL;
}

static const struct benchmark *bench(const char *name)
{
	for (size_t i = 0; i < fixture.manifest.benchmark_count; i++)
		if (!strcmp(fixture.manifest.benchmarks[i].name, name))
			return &fixture.manifest.benchmarks[i];
	fail_msg("there is no benchmark %s", name);
	return NULL;
}

static struct guest *next(void *context, unsigned slot)
{
	struct guest *guest = fixture.started ? NULL : fixture.guest;

	(void)context;
	(void)slot;
	fixture.started = true;
	return guest;
}

static bool done(void *context, struct guest *guest)
{
	(void)context;
	(void)guest;
	return true;
}

/* Runs the programs on native; free the guest. */
static struct guest *boot(const struct bench_case *cases, size_t count, double timeout)
{
	const struct executor executor = {.slots = 1, .next = next, .done = done};
	struct sample_sizes sizes = {.batch = 8, .repeats = 10, .windows = 10, .warmup = 10};
	struct error error = {""};
	struct plan_item items[8];
	struct initrd initrd;

	fixture.guest = guest_new(machine_find("native"), host(), timeout);
	fixture.started = false;
	for (size_t i = 0; i < count; i++)
		items[i] = (struct plan_item){.bench = &cases[i]};
	if (initrd_open(&initrd, fixture.manifest.init, cases, count, &error))
		fail_msg("%s", error.text);
	initrd.events = fixture.events;
	if (initrd_load(&initrd, fixture.guest, items, count, sizes, &error) ||
	    guest_start(fixture.guest, &error))
		fail_msg("%s", error.text);
	initrd_close(&initrd);
	assert_int_equal(executor_run(&executor), EXECUTOR_DONE);
	return fixture.guest;
}

static void test_boot(void **state)
{
	const struct bench_case cases[] = {
	    {.benchmark = bench("null_syscall"), .param = ""},
	    {.benchmark = bench("deep_syscall"), .param = "256"},
	    {.benchmark = bench("enosys"), .param = ""},
	};
	struct guest *guest;

	(void)state;
	guest = boot(cases, 3, 20);
	assert_int_equal(guest->status, STATUS_OK);
	assert_string_equal(guest->kernel.variant, "host");
	for (int i = 0; i < 3; i++) {
		const struct boot *result = &guest->programs[i].boot;

		program_finish(&guest->programs[i], CLASS_SILICON, false);
		assert_true(guest->programs[i].ended);
		assert_int_equal(result->status, i == 1 ? STATUS_SKIPPED : STATUS_OK);
		if (i != 1)
			assert_true(result->round_trip > 1);
	}
	guest_free(guest);
}

/* A script in place of a benchmark. */
static struct benchmark pretend(const char *dir, const char *script)
{
	struct benchmark benchmark = {.name = "enosys", .about = ""};
	struct error error;

	assert_int_equal(file_replace(dir, "program", script, strlen(script), &error), 0);
	benchmark.program = g_build_filename(dir, "program", NULL);
	return benchmark;
}

static void assert_reason(const char *reason, const char *word)
{
	if (!strstr(reason, word))
		fail_msg("\"%s\" lacks \"%s\"", reason, word);
}

static int first_cpu(void)
{
	cpu_set_t set;
	int cpu = 0;

	sched_getaffinity(0, sizeof(set), &set);
	while (!CPU_ISSET(cpu, &set))
		cpu++;
	return cpu;
}

static bool may_have_realtime(void)
{
	struct host_state state;
	bool may;

	host_state_read(&state, 0);
	may = state.realtime;
	host_state_free(&state);
	return may;
}

/* One goes wrong, the others go on. */
static void assert_fails(const char *dir, const char *script, const char *word)
{
	struct benchmark broken = pretend(dir, script);
	const struct bench_case cases[] = {
	    {.benchmark = bench("enosys"), .param = ""},
	    {.benchmark = &broken, .param = ""},
	    {.benchmark = bench("null_syscall"), .param = ""},
	};
	struct guest *guest = boot(cases, 3, 20);

	assert_int_equal(guest->programs[0].boot.status, STATUS_OK);
	assert_int_equal(guest->programs[1].boot.status, STATUS_FAILED);
	assert_reason(guest->programs[1].boot.reason, word);
	assert_int_equal(guest->programs[2].boot.status, STATUS_OK);
	guest_free(guest);
	free(broken.program);
}

static void test_failures(void **state)
{
	assert_fails(*state, "#!/bin/sh\nexit 3\n", "the program ended with status 3");
	assert_fails(*state, "#!/bin/sh\nkill -9 $$\n", "the program was killed by SIGKILL");
	assert_fails(*state, "no program", "cannot be run: Linux cannot start it");
	/* After its last record. */
	assert_fails(*state, "#!/bin/sh\nbench/enosys --stream 1 --windows 2\nexit 3\n",
		     "ended with status 3");
	/* Its scheduling policy. */
	assert_fails(*state,
		     "#!/bin/sh\nread -r all </proc/self/stat\nset -- $all\nexit $((40 + ${41}))\n",
		     may_have_realtime() ? "ended with status 41" : "ended with status 40");
}

/*
 * With real-time priority and an endless loop the time is over all the same, and nothing of it is
 * left.
 */
static void test_timeout(void **state)
{
	struct benchmark endless = pretend(*state, "#!/bin/sh\nwhile :; do :; done\n");
	const struct bench_case cases[] = {
	    {.benchmark = bench("enosys"), .param = ""},
	    {.benchmark = &endless, .param = ""},
	};
	struct guest *guest = boot(cases, 2, 1);

	assert_int_equal(guest->status, STATUS_TIMEOUT);
	assert_int_equal(guest->programs[0].boot.status, STATUS_OK);
	assert_int_equal(guest->programs[1].boot.status, STATUS_TIMEOUT);
	assert_true(guest->ended - guest->started < 5);
	guest_free(guest);
	free(endless.program);
}

/* Where the child runs, and how: /proc/self/stat has the scheduling policy as its 41st field. */
static void test_launch(void **state)
{
	static const char script[] = "grep Cpus_allowed_list /proc/self/status; "
				     "exec cut -d' ' -f41 /proc/self/stat";
	struct launch launch = {.cpu = first_cpu(), .realtime = true, .timeout = 5};
	char *cpus = g_strdup_printf("Cpus_allowed_list:\t%d\n", launch.cpu), *wanted;
	struct process process;
	struct error error = {""};
	char text[200] = "";
	size_t size = 0;
	ssize_t got;

	(void)state;
	wanted = g_strdup_printf("%s%d\n", cpus, may_have_realtime() ? SCHED_FIFO : SCHED_OTHER);
	strings_add(&launch.argv, "/bin/sh");
	strings_add(&launch.argv, "-c");
	strings_add(&launch.argv, script);
	assert_int_equal(process_start(&process, &launch, &error), 0);
	while ((got = process_read(&process, text + size, sizeof(text) - 1 - size)) >= 0)
		size += (size_t)got;
	process_finish(&process);
	assert_string_equal(text, wanted);
	strings_free(&launch.argv);
	free(wanted);
	free(cpus);
}

/* The kernel ends what loops with priority, should nobody else be there to do it. */
static void test_limit(void **state)
{
	struct launch launch = {.cpu = first_cpu(), .realtime = true, .timeout = 0.2};
	struct process process;
	struct error error = {""};
	double end = clock_seconds() + 5;

	(void)state;
	if (!may_have_realtime())
		skip();
	strings_add(&launch.argv, "/bin/sh");
	strings_add(&launch.argv, "-c");
	strings_add(&launch.argv, "while :; do :; done");
	assert_int_equal(process_start(&process, &launch, &error), 0);
	while (!process_ended(&process) && clock_seconds() < end)
		usleep(10000);
	assert_true(clock_seconds() < end);
	process_finish(&process);
	assert_true(WIFSIGNALED(process.status));
	strings_free(&launch.argv);
}

static void count(struct guest_program *program, const struct pmu_events *events)
{
	assert_int_equal(program->boot.status, STATUS_OK);
	program_finish(program, CLASS_SILICON, false);
	program_count_events(program, events);
	assert_true(isnan(costs_get(&program->boot.loops, "event0")));
}

/*
 * Software events, which are there on every Linux: a page fault is one, a getppid none, and both
 * take time.
 */
static void test_events(void **state)
{
	const struct bench_case cases[] = {
	    {.benchmark = bench("page_fault"), .param = "read"},
	    {.benchmark = bench("null_syscall"), .param = ""},
	};
	struct pmu_events events = {.count = 0};
	struct guest_program *faulting, *calling;
	struct guest *guest;
	struct error error;

	(void)state;
	assert_int_equal(pmu_parse("page-faults:u,task-clock", &events, &error), 0);
	fixture.events = &events;
	guest = boot(cases, 2, 20);
	fixture.events = NULL;
	faulting = &guest->programs[0];
	calling = &guest->programs[1];
	count(faulting, &events);
	count(calling, &events);
	assert_string_equal(pairs_get(&faulting->boot.counts, "page-faults:u"), "1");
	assert_string_equal(pairs_get(&calling->boot.counts, "page-faults:u"), "0");
	/* In ns. */
	assert_true(atof(pairs_get(&calling->boot.counts, "task-clock")) > 1);
	guest_free(guest);
	pmu_events_free(&events);
}

/* A program that is told to count what Linux cannot says so and measures nothing. */
static void test_no_such_event(void **state)
{
	const struct bench_case one = {.benchmark = bench("enosys"), .param = ""};
	/* There is no software event of that number. */
	struct pmu_events events = {
	    .at = {{.attr = {.type = PERF_TYPE_SOFTWARE, .config = 0xffff, .exclude_kernel = 1}}},
	    .count = 1};
	const struct boot *result;
	struct guest *guest;

	(void)state;
	fixture.events = &events;
	guest = boot(&one, 1, 20);
	fixture.events = NULL;
	result = &guest->programs[0].boot;
	assert_int_equal(result->status, STATUS_FAILED);
	assert_reason(result->reason, "Linux cannot count this event");
	guest_free(guest);
}

static void test_probe(void **state)
{
	const struct strings none = {0};
	struct run run;
	struct run_machine *machine;

	(void)state;
	run_init(&run);
	machine = run_add_machine(&run, "native");
	assert_true(probe_machine(machine_find("native"), &fixture.manifest, &none, machine));
	assert_true(machine->available);
	assert_int_equal(machine->class, CLASS_SILICON);
	assert_true(machine->cpu[0]);
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_boot),	  SCRATCH_TEST(test_failures),
	    SCRATCH_TEST(test_timeout),		  cmocka_unit_test(test_events),
	    cmocka_unit_test(test_no_such_event), cmocka_unit_test(test_launch),
	    cmocka_unit_test(test_limit),	  cmocka_unit_test(test_probe),
	};

	return cmocka_run_group_tests(tests, load, forget);
}
