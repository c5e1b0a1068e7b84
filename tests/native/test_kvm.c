/*
 * Machines kvm and linux-kvm, as far as a host without hardware KVM can tell: their commands, whose
 * variants they have, and a guest that waits until its vCPU is pinned (here in QEMU's emulator,
 * which goes the same way).
 */
#include <dirent.h>
#include <sched.h>
#include <unistd.h>

#include "run/run.h"
#include "scratch.h"

static struct manifest manifest;

static int load(void **state)
{
	struct error error;

	(void)state;
	signals_open();
	process_adopt_orphans();
	atexit(scratch_remove);
	if (manifest_open(&manifest, MANIFEST, &error)) {
		fprintf(stderr, "%s\n", error.text);
		return -1;
	}
	return 0;
}

static int forget(void **state)
{
	(void)state;
	manifest_free(&manifest);
	return 0;
}

static const struct variant *variant_of(const char *machine, const char *name)
{
	for (size_t i = 0; i < manifest.variant_count; i++)
		if (!strcmp(manifest.variants[i].name, name) &&
		    machine_has(machine_find(machine), &manifest.variants[i]))
			return &manifest.variants[i];
	fail_msg("%s has no variant %s", machine, name);
	return NULL;
}

/* The words of the command, one after the other, in `words`. */
static void command_of(const char *machine, struct variant *variant, const char *folder,
		       struct strings *words)
{
	const struct strings extras = {(char *[]){"-extra"}, 1};
	const struct guest_request request = {.variant = variant,
					      .initrd = "/the/initrd",
					      .folder = folder,
					      .extras = &extras,
					      .cpu = -1};
	struct launch command = {.cpu = -1};
	struct error error = {""};

	if (machine_find(machine)->prepare(machine_find(machine), &request, &command, &error))
		fail_msg("%s", error.text);
	*words = command.argv;
}

/* Where these words stand one after the other; fails if they do not. */
static void has(const struct strings *words, const char *first, const char *second)
{
	for (size_t i = 0; i + 1 < words->count; i++)
		if (!strcmp(words->at[i], first) && !strcmp(words->at[i + 1], second))
			return;
	fail_msg("no %s %s", first, second);
}

/* Words of `a` that `b` lacks, parted by spaces. */
static char *beyond(const struct strings *a, const struct strings *b)
{
	char *text = g_strdup("");

	for (size_t i = 0; i < a->count; i++) {
		char *longer;

		if (strings_have(b, a->at[i]))
			continue;
		longer = g_strdup_printf("%s%s%s", text, text[0] ? " " : "", a->at[i]);
		free(text);
		text = longer;
	}
	return text;
}

/* The same kernel, line, board and initrd: only what runs them differs. */
static void test_commands(void **state)
{
	struct variant variant = *variant_of("linux", "pti=on");
	char *folder = *state, *image = g_build_filename(folder, "vmlinuz", NULL), *text, *wanted;
	struct strings tcg, kvm;

	fclose(fopen(image, "w"));
	variant.image = image;
	command_of("linux", &variant, folder, &tcg);
	command_of("linux-kvm", &variant, folder, &kvm);
	for (int i = 0; i < 2; i++) {
		const struct strings *words = i ? &kvm : &tcg;

		has(words, "-kernel", image);
		has(words, "-initrd", "/the/initrd");
		has(words, "-append", "console=ttyS0 quiet nokaslr norandmaps panic=-1 pti=on");
		assert_true(strings_have(words, "-extra"));
	}
	text = beyond(&tcg, &kvm);
	assert_string_equal(text, "max tcg -icount shift=0,sleep=off");
	free(text);
	text = beyond(&kvm, &tcg);
	wanted = g_strdup_printf("host kvm -S -qmp unix:%s/qmp,server=on,wait=off", folder);
	assert_string_equal(text, wanted);
	has(&kvm, "-accel", "kvm");
	has(&kvm, "-cpu", "host");
	free(text);
	free(wanted);
	strings_free(&tcg);
	strings_free(&kvm);
	free(image);
}

static void test_no_kernel(void **state)
{
	struct variant variant = *variant_of("linux-kvm", "default");
	const struct guest_request request = {.variant = &variant, .folder = *state};
	struct launch command = {.cpu = -1};
	struct error error = {""};

	variant.image = "/nowhere/vmlinuz";
	assert_int_equal(machine_find("linux-kvm")
			     ->prepare(machine_find("linux-kvm"), &request, &command, &error),
			 -1);
	assert_non_null(strstr(error.text, "/nowhere/vmlinuz: tools/setup --linux"));
	strings_free(&command.argv);
}

/* Linux' variants and no others, in cycles. */
static void test_variants(void **state)
{
	const struct machine *tcg = machine_find("linux"), *kvm = machine_find("linux-kvm");
	size_t shared = 0;

	(void)state;
	for (size_t i = 0; i < manifest.variant_count; i++) {
		const struct variant *variant = &manifest.variants[i];

		assert_int_equal(machine_has(kvm, variant), machine_has(tcg, variant));
		shared += machine_has(kvm, variant);
	}
	assert_true(shared >= 4);
	assert_true(kvm->class == CLASS_SILICON && tcg->class == CLASS_DETERMINISTIC);
	assert_true(machine_takes_kernels(kvm) && machine_takes_kernels(tcg));
	assert_false(machine_takes_kernels(machine_find("kvm")));
	assert_false(machine_takes_kernels(machine_find("native")));
	assert_true(kvm->window_limit > 0 &&
		    kvm->window_limit == machine_find("kvm")->window_limit);
	assert_ptr_equal(kvm->obstacle, machine_find("kvm")->obstacle);
}

/* ---- a guest that waits ---- */

/* Threads of the process that may run on this CPU only. */
static unsigned count_pinned(pid_t process, int cpu)
{
	char *folder = g_strdup_printf("/proc/%d/task", (int)process);
	DIR *tasks = opendir(folder);
	const struct dirent *entry;
	unsigned pinned = 0;

	while (tasks && (entry = readdir(tasks))) {
		cpu_set_t set;
		pid_t task = (pid_t)atoi(entry->d_name);

		if (task && !sched_getaffinity(task, sizeof(set), &set))
			pinned += CPU_COUNT(&set) == 1 && CPU_ISSET(cpu, &set);
	}
	if (tasks)
		closedir(tasks);
	free(folder);
	return pinned;
}

/* Boots null_syscall; how many threads were pinned right after the start. Frees the guest. */
static unsigned boot(const struct machine *machine, int cpu, enum cell_status *status)
{
	const struct bench_case one = {
	    .benchmark = &manifest.benchmarks[0], .param = "", .label = "the first"};
	const struct sample_sizes sizes = {
	    .batch = 8, .repeats = 10, .windows = 1000000, .warmup = 10};
	const struct plan_item item = {.bench = &one};
	struct guest *guest = guest_new(machine, variant_of("tcg", "iret"), machine->timeout);
	struct error error = {""};
	struct initrd initrd;
	unsigned pinned;

	if (initrd_open(&initrd, "", &one, 1, &error) ||
	    initrd_load(&initrd, guest, &item, 1, sizes, &error))
		fail_msg("%s", error.text);
	guest->request.cpu = cpu;
	if (guest_start(guest, &error))
		fail_msg("%s", error.text);
	pinned = count_pinned(guest->process.pid, cpu);
	assert_int_equal(executor_run_one(guest), EXECUTOR_DONE);
	*status = guest->status;
	initrd_close(&initrd);
	guest_free(guest);
	return pinned;
}

static void leave_alone(const struct guest_request *request, struct process *process)
{
	(void)request;
	(void)process;
}

static void test_pinning(void **state)
{
	struct machine held = *machine_find("tcg");
	enum cell_status status;
	size_t count;
	g_autofree struct cpu *cpus = cpus_read(0, &count);
	int cpu = cpus[0].number;

	(void)state;
	if (!program_found(&qemu_programs[0])) {
		print_message("no QEMU: apt-get install qemu-system-x86\n");
		skip();
	}
	held.timeout = 20;
	held.started = kvm_pin;
	if (count > 1)
		assert_int_equal(boot(&held, cpu, &status), 1);
	else
		boot(&held, cpu, &status);
	assert_int_equal(status, STATUS_OK);
	boot(&held, -1, &status);
	assert_int_equal(status, STATUS_OK);
	/* Whom nobody lets go stays where it is. */
	held.started = leave_alone;
	held.timeout = 0.7;
	boot(&held, -1, &status);
	assert_int_equal(status, STATUS_TIMEOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCRATCH_TEST(test_commands),
	    SCRATCH_TEST(test_no_kernel),
	    cmocka_unit_test(test_variants),
	    cmocka_unit_test(test_pinning),
	};

	return cmocka_run_group_tests(tests, load, forget);
}
