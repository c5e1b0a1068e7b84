/*
 * Which steps of the measured windows are one round trip, and that nothing passes that does not
 * sum.
 */
#include "bill/bill.h"
#include "scratch.h"
#include "made_up_ledger.h"

#define KERNEL 0xffffffff80100000u

/*
 * Loops as the harness makes them: crossing at 0x401000 with its body at 0x401010, bare at 0x402000
 * and 0x402010.
 */
struct guest {
	struct bill bill;
	uint32_t head[2], setup[2], after[2], enter, load, handler, kernel_steps[3], slow, clock[2];
};

enum { CROSSING, BARE };

static int setup(void **state)
{
	struct guest *guest = g_new0(struct guest, 1);
	struct ledger *ledger = &guest->bill.ledger;

	bill_init(&guest->bill);
	ledger_init(ledger);
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
	guest->kernel_steps[0] = INSN(ledger, KERNEL, "\x0f\x01\xf8", "swapgs");
	guest->kernel_steps[1] = INSN(ledger, KERNEL + 3, "\x90", "nop");
	guest->kernel_steps[2] = INSN(ledger, KERNEL + 4, "\x48\x0f\x07", "sysretq");
	guest->slow = INSN(ledger, KERNEL + 7, "\x90", "nop");
	symbols_add(&guest->bill.program, 0x401000, 0x40, "made_up.crossing", false);
	symbols_add(&guest->bill.program, 0x401010, 0x12, "made_up.crossing.body", true);
	symbols_add(&guest->bill.program, 0x402000, 0x40, "made_up.bare", false);
	symbols_add(&guest->bill.program, 0x402010, 0x12, "made_up.bare.body", true);
	symbols_add(&guest->bill.program, 0x403000, 0x10, "handler", false);
	symbols_sort(&guest->bill.program);
	*state = guest;
	return 0;
}

static int teardown(void **state)
{
	struct guest *guest = *state;

	bill_free(&guest->bill);
	g_free(guest);
	return 0;
}

static void kernel_steps(struct guest *guest)
{
	for (int i = 0; i < 3; i++)
		made_up_step(&guest->bill.ledger, guest->kernel_steps[i]);
}

/* What a round trip executes; `odd` where it is the one that takes a step more. */
typedef void trip_fn(struct guest *guest, bool odd);

static void system_call(struct guest *guest, bool odd)
{
	made_up_step(&guest->bill.ledger, guest->enter);
	if (odd)
		made_up_step(&guest->bill.ledger, guest->slow);
	kernel_steps(guest);
}

/* A fault, a handler in ring 3, and its return by a system call. */
static void fault(struct guest *guest, bool odd)
{
	made_up_step(&guest->bill.ledger, guest->load);
	kernel_steps(guest);
	made_up_step(&guest->bill.ledger, guest->handler);
	system_call(guest, odd);
}

/* A window round n iterations; 3 ticks more than they take. */
static void window(struct guest *guest, int loop, trip_fn *trip, int n, int odd)
{
	made_up_window(&guest->bill.ledger);
	made_up_step(&guest->bill.ledger, guest->head[loop]);
	made_up_step(&guest->bill.ledger, guest->head[loop]);
	for (int i = 0; i < n; i++) {
		made_up_step(&guest->bill.ledger, guest->setup[loop]);
		if (trip)
			trip(guest, i == odd);
		made_up_step(&guest->bill.ledger, guest->after[loop]);
	}
	made_up_step(&guest->bill.ledger, guest->clock[loop]);
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

static void find(struct body *body, struct guest *guest, const struct measured *records)
{
	struct error error = {""};

	if (body_find(&guest->bill, records, &error) != 0)
		fail_msg("%s", error.text);
	*body = guest->bill.body;
}

/* Steps that only the crossing has, and those that only the bare loop has. */
static size_t more(const struct body *body)
{
	return body->crossing.count - body->before - body->after;
}

static size_t less(const struct body *body)
{
	return body->bare.count - body->before - body->after;
}

static uint64_t address_of(const struct body *body, size_t step)
{
	return trace_insn(&body->crossing, body->before + step)->address;
}

static void test_syscall(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 4);
	struct body body;

	windows(guest, system_call, -1);
	find(&body, guest, &records);
	assert_int_equal(more(&body), 4);
	assert_int_equal(less(&body), 0);
	assert_int_equal(body.total, 4);
	assert_int_equal(address_of(&body, 0), 0x401015);
	assert_int_equal(address_of(&body, 3), KERNEL + 4);
}

static void assert_refused(struct guest *guest, struct measured records, const char *text)
{
	struct error error = {""};

	assert_int_equal(body_find(&guest->bill, &records, &error), -1);
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

static void test_different_traces(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 4);

	windows(guest, system_call, 2);
	records.crossing.twice++;
	assert_refused(guest, records, "are not 3 and 6 iterations");
}

/* Of a stock kernel it is the shortest crossing, of windows that have no other. */
static void test_shortest(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 4);
	struct body body;

	windows(guest, system_call, 2);
	records.crossing.twice++;
	records.round_trip = 4 + 1.0 / 3;
	records.shortest = (struct shortest){3, 9, 6};
	find(&body, guest, &records);
	assert_int_equal(more(&body), 4);
	assert_int_equal(body.total, 4);
	assert_int_equal(guest->bill.shortest.times, 6);
	assert_true(guest->bill.clock == records.round_trip);
	records.bare = (struct loop_ticks){10, 17};
	assert_refused(guest, records, "loop \"bare\"");
}

static void test_no_shortest(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 4);

	window(guest, BARE, NULL, 3, -1);
	window(guest, BARE, NULL, 6, -1);
	window(guest, CROSSING, system_call, 3, 1);
	window(guest, CROSSING, system_call, 6, -1);
	records.crossing.once++;
	records.shortest = (struct shortest){3, 9, 6};
	assert_refused(guest, records, "crossings differ: no two windows of 22 ");
}

/* Alike, all is as ever, on a stock kernel, too. */
static void test_shortest_of_equals(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 4);
	struct body body;

	windows(guest, system_call, -1);
	records.shortest = (struct shortest){3, 9, 9};
	find(&body, guest, &records);
	assert_int_equal(guest->bill.shortest.n, 0);
}

/* The same number of steps, but not the same ones. */
static void test_exchanged_step(void **state)
{
	struct guest *guest = *state;

	windows(guest, system_call, -1);
	made_up_step_at(&guest->bill.ledger, guest->bill.ledger.steps->len - 4)->insn = guest->slow;
	assert_refused(guest, measured(3, 4), "are not 3 and 6 iterations");
}

static void test_untraced(void **state)
{
	struct guest *guest = *state;

	windows(guest, system_call, -1);
	g_array_index(guest->bill.ledger.windows, struct ledger_window, 3).traced = false;
	assert_refused(guest, measured(3, 4), "no window of 39");
}

/* Between the windows of a loop lie others that begin in it as well, and may be as long. */
static void test_gap_of_same_length(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 4);
	struct body body;

	made_up_window(&guest->bill.ledger);
	for (int i = 0; i < records.crossing.twice; i++)
		made_up_step(&guest->bill.ledger, guest->head[CROSSING]);
	windows(guest, system_call, -1);
	find(&body, guest, &records);
}

/* The clock decides whether the load that faulted counts; the handler belongs to the body. */
static void test_fault(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 9);
	struct body body;

	windows(guest, fault, -1);
	find(&body, guest, &records);
	assert_false(body.crossing.faults);
	assert_int_equal(more(&body), 9);
	records = measured(3, 8);
	find(&body, guest, &records);
	assert_true(body.crossing.faults);
	assert_int_equal(more(&body), 9);
	assert_int_equal(body.total, 8);
	assert_false(trace_counts(&body.crossing, body.before));
	for (size_t i = 1; i < 9; i++)
		assert_true(trace_counts(&body.crossing, body.before + i));
}

/*
 * A load at the place where the bare loop goes on with another move of the same length is not that
 * move.
 */
static void test_same_mnemonic(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured(3, 8);
	struct body body;

	for (int loop = CROSSING; loop <= BARE; loop++)
		guest->after[loop] = INSN(&guest->bill.ledger, 0x401020 + 0x1000 * (uint64_t)loop,
					  "\x41\x89\xc5", "mov %eax, %r13d");
	windows(guest, fault, -1);
	find(&body, guest, &records);
	assert_int_equal(address_of(&body, 0), 0x401017);
}

/* An interrupt behind a system call that the bare loop makes, too. */
static void system_call_and_interrupt(struct guest *guest, bool odd)
{
	system_call(guest, false);
	made_up_step(&guest->bill.ledger, guest->slow);
	made_up_step(&guest->bill.ledger, odd ? guest->kernel_steps[1] : guest->slow);
}

/* The same call, and one step that the crossing has not. */
static void other_call(struct guest *guest, bool odd)
{
	system_call(guest, odd);
	made_up_step(&guest->bill.ledger, guest->handler);
}

static struct measured measured_against(int64_t crossing, int64_t bare)
{
	struct measured records = measured(3, crossing);

	records.bare = measured(3, bare).crossing;
	records.round_trip = crossing - bare;
	return records;
}

static void test_bare_that_crosses(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured_against(6, 4);
	struct body body;

	window(guest, BARE, system_call, 3, -1);
	window(guest, BARE, system_call, 6, -1);
	window(guest, CROSSING, system_call_and_interrupt, 3, -1);
	window(guest, CROSSING, system_call_and_interrupt, 6, -1);
	find(&body, guest, &records);
	assert_int_equal(more(&body), 2);
	assert_int_equal(less(&body), 0);
	assert_int_equal(address_of(&body, 0), KERNEL + 7);
}

static void test_bare_with_more(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured_against(6, 5);
	struct body body;

	window(guest, BARE, other_call, 3, -1);
	window(guest, BARE, other_call, 6, -1);
	window(guest, CROSSING, system_call_and_interrupt, 3, -1);
	window(guest, CROSSING, system_call_and_interrupt, 6, -1);
	find(&body, guest, &records);
	assert_int_equal(more(&body), 2);
	assert_int_equal(less(&body), 1);
	assert_int_equal(body.total, 1);
}

static void rename_symbol(struct guest *guest, size_t index, const char *name)
{
	struct symbol *symbol = &g_array_index(guest->bill.program.all, struct symbol, index);

	symbol->name = name;
}

/* What is taken off may be another loop's crossing: found by its length. */
static void test_bare_of_another_text(void **state)
{
	struct guest *guest = *state;
	struct measured records = measured_against(6, 4);
	struct body body;

	rename_symbol(guest, 2, "no_made.crossing");
	rename_symbol(guest, 3, "no_made.crossing.body");
	window(guest, BARE, system_call, 3, -1);
	window(guest, BARE, system_call, 6, -1);
	window(guest, CROSSING, system_call_and_interrupt, 3, -1);
	window(guest, CROSSING, system_call_and_interrupt, 6, -1);
	find(&body, guest, &records);
	assert_int_equal(body.total, 2);
	assert_int_equal(address_of(&body, 0), KERNEL + 7);
}

#define COPIES 0xffffffff80200000u

/*
 * Ring 0: `copies` of CLI and STI before the end of a block, entered by a jump, without STI where
 * it is the bare one.
 */
static void copies_window(struct guest *guest, bool bare, uint64_t copies, uint64_t odd)
{
	struct ledger *ledger = &guest->bill.ledger;
	uint64_t end = COPIES + (bare ? 0x1000 : 0x100);

	made_up_window(ledger);
	made_up_step(ledger, INSN(ledger, KERNEL + 0x200, "\xff\xe0", "jmp *%rax"));
	for (uint64_t i = copies; i > 0; i--) {
		uint64_t at = end - 2 * i;

		made_up_step(ledger, INSN(ledger, at, "\xfa", "cli"));
		if (i == odd)
			made_up_step(ledger, INSN(ledger, at + 1, "\x90", "nop"));
		else if (!bare)
			made_up_step(ledger, INSN(ledger, at + 1, "\xfb", "sti"));
	}
	made_up_step(ledger, INSN(ledger, end, "\xeb\x10", "jmp cost_done"));
}

/* Windows of the same trace share their instructions, as the plugin's do. */
static void share_insns(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->steps->len; i++) {
		struct ledger_step *step = made_up_step_at(ledger, i);

		for (uint32_t k = 0; k < step->insn; k++)
			if (made_up_insn_at(ledger, k)->address ==
			    made_up_insn_at(ledger, step->insn)->address)
				step->insn = k;
	}
}

static const struct measured copies_measured = {
    .n = 3, .crossing = {2 + 6, 2 + 12}, .bare = {2 + 3, 2 + 6}, .round_trip = 1};

static void make_copies(struct guest *guest, uint64_t odd)
{
	symbols_add(&guest->bill.kernel, COPIES, 0x102, "cli_sti.crossing", false);
	symbols_add(&guest->bill.kernel, COPIES + 0xf00, 0x102, "cli_sti.bare", false);
	symbols_sort(&guest->bill.kernel);
	copies_window(guest, true, 3, 0);
	copies_window(guest, true, 6, 0);
	copies_window(guest, false, 3, 0);
	copies_window(guest, false, 6, odd);
	share_insns(&guest->bill.ledger);
}

static void test_copies(void **state)
{
	struct guest *guest = *state;
	struct body body;

	make_copies(guest, 0);
	find(&body, guest, &copies_measured);
	assert_int_equal(body.crossing.count, 2);
	assert_int_equal(body.bare.count, 1);
	assert_int_equal(more(&body), 1);
	assert_string_equal(trace_insn(&body.crossing, body.before)->text, "sti");
}

static void test_copy_that_differs(void **state)
{
	struct guest *guest = *state;

	make_copies(guest, 5); /* in the larger window only */
	assert_refused(guest, copies_measured, "are not 3 and 6 iterations");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_syscall),
	    TEST(test_off_by_one),
	    TEST(test_different_traces),
	    TEST(test_shortest),
	    TEST(test_no_shortest),
	    TEST(test_shortest_of_equals),
	    TEST(test_exchanged_step),
	    TEST(test_untraced),
	    TEST(test_gap_of_same_length),
	    TEST(test_fault),
	    TEST(test_same_mnemonic),
	    TEST(test_bare_that_crosses),
	    TEST(test_bare_with_more),
	    TEST(test_bare_of_another_text),
	    TEST(test_copies),
	    TEST(test_copy_that_differs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
