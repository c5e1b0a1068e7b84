/*
 * The census of a program: what the plugin counts reads back under the kernel's names, and it must
 * sum to the clock.
 */
#include "bill/bill.h"
#include "scratch.h"
#include "census.h"

#define KERNEL 0xffffffff80100000u
#define CLOCK  (KERNEL + 0x1000)
#define IDLE   (KERNEL + 0x1100)
#define STUBS  (KERNEL + 0x2000)
#define CALL   (KERNEL + 0x4000)
#define FRAME  (KERNEL + 0x5000)

static void make_symbols(struct symbols *kernel, struct symbols *program)
{
	kernel->entry_start = KERNEL;
	kernel->entry_end = KERNEL + 0x100;
	symbols_add(kernel, KERNEL, 0x20, "entry_syscall_64", false);
	symbols_add(kernel, KERNEL + 0x40, 0x20, "entry_int80", false);
	symbols_add(kernel, CLOCK, 0x10, "plan_clock", false);
	symbols_add(kernel, IDLE, 0x10, "idle_clock", false);
	symbols_add(kernel, STUBS, 0x1000, "vector_stubs", false);
	symbols_add(kernel, CALL, 0x10, "sys_write", false);
	symbols_add(kernel, FRAME, 0x10, "signal_frame_make", false);
	symbols_add_phase(kernel, KERNEL, "swapgs");
	symbols_add_phase(kernel, KERNEL + 0x20, "end");
	symbols_sort(kernel);
	symbols_add(program, 0x401000, 0x100, "main", false);
	symbols_sort(program);
}

static void step(uint64_t address, const char *bytes, size_t size)
{
	bool fresh;
	struct insn *insn = insn_find(address, (const uint8_t *)bytes, size, &fresh);

	if (fresh)
		census_look(insn);
	census_step(insn);
}

#define INSN(address, bytes) step(address, bytes, sizeof(bytes) - 1)

/* SYSCALL or INT 80 by `entry`, and sys_write. */
static void call(uint64_t entry)
{
	INSN(0x401002, "\x0f\x05");
	INSN(entry, "\x90");
	INSN(CALL, "\x90");
	INSN(CALL, "\x90"); /* once more: the same way */
	INSN(entry + 1, "\x90");
}

/*
 * As census_arguments() tells the plugin; faults of each kind, and 2 instructions while the CPU
 * waits.
 */
static void run(void)
{
	census_set_clock(CLOCK, CLOCK + 0x10);
	census_set_idle(IDLE, IDLE + 0x10);
	census_add_mark(CALL);
	census_add_page_fault(STUBS + 14 * 16);
	census_add_fault(STUBS + 13 * 16);
	INSN(0x401000, "\x90");
	INSN(CLOCK, "\x0f\x31"); /* begins; not counted itself */
	INSN(CLOCK + 8, "\xc3");
	INSN(0x401000, "\x90");
	call(KERNEL);
	INSN(0x401004, "\x8b\x00"); /* faults: not executed */
	INSN(STUBS + 14 * 16, "\x50");
	INSN(FRAME, "\x90");
	INSN(0x401004, "\x8b\x00");
	call(KERNEL + 0x40);
	INSN(0x401006, "\x90"); /* executed: the page of what follows is not there */
	INSN(STUBS + 14 * 16, "\x50");
	INSN(0x401007, "\x90");
	INSN(0x401008, "\x8b\x08"); /* faults, and a signal's handler runs */
	INSN(STUBS + 14 * 16, "\x50");
	INSN(0x402000, "\x90");
	INSN(0x40100a, "\x67\xe8\x0c\0\0\0"); /* addr32 call: executed */
	INSN(STUBS + 14 * 16, "\x50");
	INSN(KERNEL + 2, "\x48\xcf"); /* executed: ring 3's page is not there */
	INSN(STUBS + 14 * 16, "\x50");
	INSN(0x40101c, "\xf4"); /* faults, and goes on where it leads */
	INSN(STUBS + 13 * 16, "\x50");
	INSN(0x40101d, "\x90");
	INSN(STUBS + 0xec * 16, "\x50"); /* an interrupt: the NOP has executed */
	INSN(IDLE, "\x0f\x31");
	INSN(IDLE + 3, "\xf4");
	INSN(IDLE, "\x0f\x31");
	INSN(0x401007, "\x90");
	INSN(0x401002, "\x0f\x05");
	INSN(KERNEL, "\x90");
	INSN(CLOCK, "\x0f\x31");
	INSN(KERNEL, "\x90"); /* behind the end */
}

static char *write_census(const char *dir)
{
	char *path = g_build_filename(dir, "census", NULL);
	FILE *file = fopen(path, "w");

	assert_true(census_write(file));
	assert_int_equal(fclose(file), 0);
	return path;
}

static void assert_way(const struct bill *bill, const char *name, int crossings, int path, int work)
{
	for (guint i = 0; i < bill->ways->len; i++) {
		const struct bill_way *way = &g_array_index(bill->ways, struct bill_way, i);

		if (strcmp(way->name, name) != 0)
			continue;
		assert_int_equal(way->crossings, crossings);
		assert_int_equal(way->path, path);
		assert_int_equal(way->work, work);
		return;
	}
	fail_msg("no way %s", name);
}

static void read_census(struct bill *bill, const char *path, double ticks, int expected,
			const char *text)
{
	struct error error = {""};

	bill_init(bill);
	bill->machine = "tcg";
	bill->variant = "made-up";
	bill->bench = "program";
	make_symbols(&bill->kernel, &bill->program);
	assert_int_equal(census_read(bill, path, (struct census_clock){ticks, 42}, &error),
			 expected);
	if (!strstr(error.text, text))
		fail_msg("says \"%s\", not \"%s\"", error.text, text);
}

static void test_census(void **state)
{
	g_autofree char *path = NULL, *text = NULL;
	struct bill bill;
	size_t size;
	FILE *out;

	run();
	path = write_census(*state);
	/* 42 ticks of waiting, in which 2 were executed */
	read_census(&bill, path, 34 + 40, 0, "");
	assert_int_equal(bill.sums[BILL_COUNT], 34);
	assert_int_equal(bill_kernel(&bill).path + bill_kernel(&bill).work, 23);
	assert_int_equal(bill_kernel(&bill).crossings, 9);
	assert_int_equal(bill.idle, 40);
	assert_int_equal(bill.signals, 1);
	assert_way(&bill, WAY_RING3, 0, 0, 11);
	assert_way(&bill, WAY_START, 0, 0, 1);
	assert_way(&bill, "write", 1, 2, 2);
	assert_way(&bill, "write by entry_int80", 1, 2, 2);
	assert_way(&bill, "#PF", 4, 1, 6);
	assert_way(&bill, "#GP", 1, 0, 1);
	assert_way(&bill, "interrupt 236", 1, 0, 4);
	assert_way(&bill, "entry_syscall_64", 1, 1, 1); /* no call's function: it ended */
	out = open_memstream(&text, &size);
	bill_write_folded(out, &bill);
	fclose(out);
	assert_non_null(strstr(text, "made-up;write;swapgs;entry_syscall_64 2\n"));
	assert_non_null(strstr(text, "made-up;write;own work;sys_write 2\n"));
	assert_non_null(strstr(text, "made-up;ring 3;main 11\n"));
	bill_free(&bill);
	read_census(&bill, path, 34 + 41, -1, "has 34 instructions and 40 ticks of waiting");
	bill_free(&bill);
}

#define STOCK 0xffffffff81000000u

static void make_stock(struct symbols *kernel)
{
	symbols_add(kernel, STOCK, 0, "__entry_text_start", false);
	symbols_add(kernel, STOCK, 0, "entry_SYSCALL_64", false);
	symbols_add(kernel, STOCK + 0x100, 0, "asm_exc_page_fault", false);
	symbols_add(kernel, STOCK + 0x200, 0, "asm_sysvec_apic_timer_interrupt", false);
	symbols_add(kernel, STOCK + 0x300, 0, "__entry_text_end", false);
	symbols_add(kernel, STOCK + 0x400, 0, "do_syscall_64", false);
	symbols_add(kernel, STOCK + 0x500, 0, "__x64_sys_execve", false);
	symbols_add(kernel, STOCK + 0x600, 0, "__x64_sys_write", false);
	symbols_add(kernel, STOCK + 0x700, 0, "cpu_idle_poll", false);
	symbols_add(kernel, STOCK + 0x800, 0, "signal_setup_done", false);
	symbols_sort(kernel);
}

/* A stock Linux: the same names as the core's, and what it executes while it waits is in no way. */
static void test_stock(void **state)
{
	static const char text[] =
	    "entrybench-census 1\n"
	    "way 0 entry 0 mark 0 times 0\ncount 401000 10\n"
	    "way 1 entry ffffffff81000000 mark ffffffff81000500 times 1\n"
	    "count ffffffff81000000 3\ncount ffffffff81000500 40\n"
	    "way 2 entry ffffffff81000000 mark ffffffff81000600 times 2\n"
	    "count ffffffff81000000 6\ncount ffffffff81000400 4\ncount ffffffff81000600 8\n"
	    "count ffffffff81000700 500\ncount ffffffff81000800 1\n"
	    "way 3 entry ffffffff81000100 mark 0 times 1\ncount ffffffff81000100 2\n"
	    "way 4 entry ffffffff81000200 mark 0 times 1\ncount ffffffff81000200 1\n"
	    "end 5 idle 0\n";
	g_autofree char *path = g_build_filename(*state, "census", NULL), *arguments = NULL;
	struct symbols init = {0};
	struct error error = {""};
	struct bill bill;

	assert_true(g_file_set_contents(path, text, -1, NULL));
	bill_init(&bill);
	make_stock(&bill.kernel);
	assert_int_equal(census_read(&bill, path, (struct census_clock){575, NAN}, &error), 0);
	assert_int_equal(bill.idle, 500);
	assert_int_equal(bill.signals, 1);
	assert_way(&bill, WAY_RING3, 0, 0, 10);
	assert_way(&bill, WAY_START, 0, 3, 40);
	assert_way(&bill, "write", 2, 10, 9);
	assert_way(&bill, "#PF", 1, 2, 0);
	assert_way(&bill, "interrupt 236", 1, 1, 0);
	assert_null(census_arguments(&bill.kernel, &init, &error)); /* nothing reads the clock */
	symbols_add(&init, 0x402000, 0x10, "program_clock", false);
	symbols_add(&init, 0x402020, 0x10, "program_soon", false);
	arguments = census_arguments(&bill.kernel, &init, &error);
	assert_string_equal(arguments, ",clock=402000-402010,open=402020-402030"
				       ",page_fault=ffffffff81000100"
				       ",mark=ffffffff81000500,mark=ffffffff81000600");
	symbols_free(&init);
	bill_free(&bill);
}

static void test_damage(void **state)
{
	static const char *const texts[][2] = {
	    {"", "cut short"},
	    {"entrybench-ledger 1\n", "not a census of this version"},
	    {"entrybench-census 1\n", "cut short"},
	    {"entrybench-census 1\nway 1 entry 0 mark 0 times 0\n", ":2: bad "},
	    {"entrybench-census 1\ncount 401000 1\n", ":2: bad "},
	    {"entrybench-census 1\nend 1 idle 0\n", ":2: bad "},
	    {"entrybench-census 1\nend 0 idle 0\nend 0 idle 0\n", ":3: text after the end"},
	};
	g_autofree char *path = g_build_filename(*state, "census", NULL);
	struct bill bill;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		assert_true(g_file_set_contents(path, texts[i][0], -1, NULL));
		read_census(&bill, path, 0, -1, texts[i][1]);
		bill_free(&bill);
	}
}

/* What the plugin is told, and that a kernel which times no programs is refused. */
static void test_arguments(void **state)
{
	struct symbols kernel = {0}, program = {0};
	struct error error;
	g_autofree char *text = NULL;

	(void)state;
	assert_null(census_arguments(&kernel, &program, &error));
	make_symbols(&kernel, &program);
	text = census_arguments(&kernel, &program, &error);
	assert_true(g_str_has_prefix(text, ",clock=ffffffff80101000-ffffffff80101010"
					   ",idle=ffffffff80101100-ffffffff80101110"
					   ",fault=ffffffff80102000,"));
	assert_true(g_str_has_suffix(text, ",fault=ffffffff80102130,mark=ffffffff80104000"));
	symbols_free(&kernel);
	symbols_free(&program);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCRATCH_TEST(test_census),
	    SCRATCH_TEST(test_stock),
	    SCRATCH_TEST(test_damage),
	    cmocka_unit_test(test_arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
