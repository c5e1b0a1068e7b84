/* Which steps of the measured windows are one round trip, and that nothing passes that does not sum. */
#include "scratch.h"

#include "bill/body.h"
#include "made_up_ledger.h"

#define KERNEL 0xffffffff80100000u

/* Loops as the harness makes them: crossing at 0x401000 with its body at 0x401010, bare at 0x402000 and 0x402010. */
struct guest {
	struct ledger ledger;
	struct symbols program;
	uint32_t head[2], setup[2], after[2], enter, load, handler, kernel[3], slow, clock[2];
};

enum { CROSSING, BARE };

static int setup(void **state)
{
	struct guest *guest = memory_new(1, sizeof(*guest));
	struct ledger *ledger = &guest->ledger;

	for (int loop = CROSSING; loop <= BARE; loop++) {
		uint64_t base = 0x401000 + 0x1000 * (uint64_t)loop;

		guest->head[loop] = INSN(ledger, base + 2, "\x0f\xae\xe8", "lfence");
		guest->setup[loop] = INSN(ledger, base + 0x10, "\xb8\x6e\0\0\0", "mov $110, %eax");
		guest->after[loop] = INSN(ledger, base + 0x20, "\x75\xf0", "jnz body");
		guest->clock[loop] = INSN(ledger, base + 0x30, "\x0f\x31", "rdtsc");
	}
	guest->enter = INSN(ledger, 0x401015, "\x0f\x05", "syscall");
	guest->load = INSN(ledger, 0x401017, "\x8b\x00", "mov (%rax), %eax");
	guest->handler = INSN(ledger, 0x403000, "\x90", "nop");
	guest->kernel[0] = INSN(ledger, KERNEL, "\x0f\x01\xf8", "swapgs");
	guest->kernel[1] = INSN(ledger, KERNEL + 3, "\x90", "nop");
	guest->kernel[2] = INSN(ledger, KERNEL + 4, "\x48\x0f\x07", "sysretq");
	guest->slow = INSN(ledger, KERNEL + 7, "\x90", "nop");
	symbols_add(&guest->program, 0x401000, 0x40, "made_up.crossing");
	symbols_add(&guest->program, 0x401010, 0x12, "made_up.crossing.body");
	symbols_add(&guest->program, 0x402000, 0x40, "made_up.bare");
	symbols_add(&guest->program, 0x402010, 0x12, "made_up.bare.body");
	symbols_add(&guest->program, 0x403000, 0x10, "handler");
	symbols_sort(&guest->program);
	*state = guest;
	return 0;
}

static int teardown(void **state)
{
	struct guest *guest = *state;

	ledger_free(&guest->ledger);
	symbols_free(&guest->program);
	free(guest);
	return 0;
}

static void kernel_steps(struct guest *guest)
{
	for (int i = 0; i < 3; i++)
		made_up_step(&guest->ledger, guest->kernel[i]);
}

/* What a round trip executes; `odd` where it is the one that takes a step more. */
typedef void trip_fn(struct guest *guest, bool odd);

static void system_call(struct guest *guest, bool odd)
{
	made_up_step(&guest->ledger, guest->enter);
	if (odd)
		made_up_step(&guest->ledger, guest->slow);
	kernel_steps(guest);
}

/* A fault, a handler in ring 3, and its return by a system call. */
static void fault(struct guest *guest, bool odd)
{
	made_up_step(&guest->ledger, guest->load);
	kernel_steps(guest);
	made_up_step(&guest->ledger, guest->handler);
	system_call(guest, odd);
}

/* A window round n iterations; 3 ticks more than they take. */
static void window(struct guest *guest, int loop, trip_fn *trip, int n, int odd)
{
	made_up_window(&guest->ledger);
	made_up_step(&guest->ledger, guest->head[loop]);
	made_up_step(&guest->ledger, guest->head[loop]);
	for (int i = 0; i < n; i++) {
		made_up_step(&guest->ledger, guest->setup[loop]);
		if (trip)
			trip(guest, i == odd);
		made_up_step(&guest->ledger, guest->after[loop]);
	}
	made_up_step(&guest->ledger, guest->clock[loop]);
}

/* What a program with these loops sends; none: a trip of four steps. */
static void windows(struct guest *guest, trip_fn *trip, int odd)
{
	window(guest, BARE, NULL, 3, -1);
	window(guest, BARE, NULL, 6, -1);
	window(guest, CROSSING, trip, 3, -1);
	window(guest, CROSSING, trip, 6, odd);
}

/* Ticks round n trips of so many counted steps. */
static struct measured measured(uint64_t n, int64_t trip)
{
	int64_t times = (int64_t)n;

	return (struct measured){
	    .n = n,
	    .crossing = {3 + times * (2 + trip), 3 + 2 * times * (2 + trip)},
	    .bare = {3 + 2 * times, 3 + 4 * times},
	    .round_trip = trip,
	};
}

static void test_syscall(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 4);
	struct body body;
	struct error error = {""};

	windows(guest, system_call, -1);
	if (body_find(&body, &guest->ledger, &guest->program, &records, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(body.count, 4);
	assert_int_equal(body.total, 4);
	assert_int_equal(body_insn(&body, 0)->address, 0x401015);
	assert_int_equal(body_insn(&body, 3)->address, KERNEL + 4);
}

static void assert_refused(const struct guest *guest, struct measured records, const char *text)
{
	struct body body;
	struct error error = {""};

	assert_int_equal(body_find(&body, &guest->ledger, &guest->program, &records, &error), -1);
	if (!strstr(error.text, text))
		fail_msg("says \"%s\", not \"%s\"", error.text, text);
}

static void test_off_by_one(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 4);

	windows(guest, system_call, -1);
	records.round_trip = 5;
	assert_refused(guest, records, "sums to 4");
	records.round_trip = 3;
	assert_refused(guest, records, "sums to 4");
	records = measured(3, 4);
	records.crossing.once++;
	assert_refused(guest, records, "no window of 22 instructions round 3");
	records = measured(3, 4);
	records.crossing.twice--;
	assert_refused(guest, records, "no window of 38 instructions round 6");
	records = measured(3, 4);
	records.bare.once++;
	assert_refused(guest, records, "loop \"bare\"");
	assert_refused(guest, measured(4, 4), "no window of 51");
	assert_refused(guest, measured(0, 4), "0 crossings");
}

static void test_different_courses(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 4);

	windows(guest, system_call, 2);
	records.crossing.twice++;
	assert_refused(guest, records, "1 of 6 iterations");
}

/* The same number of steps, but not the same ones. */
static void test_exchanged_step(void **state)
{
	struct guest *guest = *state;

	windows(guest, system_call, -1);
	guest->ledger.steps[guest->ledger.step_count - 4].insn = guest->slow;
	assert_refused(guest, measured(3, 4), "1 of 6 iterations");
}

static void test_untraced(void **state)
{
	struct guest *guest = *state;

	windows(guest, system_call, -1);
	guest->ledger.windows[3].traced = false;
	assert_refused(guest, measured(3, 4), "no window of 39");
}

/* Between the windows of a loop lie others that begin in it as well, and may be as long. */
static void test_gap_of_same_length(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 4);
	struct body body;
	struct error error = {""};

	made_up_window(&guest->ledger);
	for (int i = 0; i < records.crossing.twice; i++)
		made_up_step(&guest->ledger, guest->head[CROSSING]);
	windows(guest, system_call, -1);
	assert_int_equal(body_find(&body, &guest->ledger, &guest->program, &records, &error), 0);
}

/* The clock decides whether the load that faulted counts; the handler belongs to the body. */
static void test_fault(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 9);
	struct body body;
	struct error error = {""};

	windows(guest, fault, -1);
	assert_int_equal(body_find(&body, &guest->ledger, &guest->program, &records, &error), 0);
	assert_false(body.faults);
	assert_int_equal(body.count, 9);
	records = measured(3, 8);
	assert_int_equal(body_find(&body, &guest->ledger, &guest->program, &records, &error), 0);
	assert_true(body.faults);
	assert_int_equal(body.count, 9);
	assert_int_equal(body.total, 8);
	assert_false(body_counts(&body, 0));
	for (size_t i = 1; i < body.count; i++)
		assert_true(body_counts(&body, i));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_syscall),	       TEST(test_off_by_one), TEST(test_different_courses),
	    TEST(test_exchanged_step), TEST(test_untraced),   TEST(test_gap_of_same_length),
	    TEST(test_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
