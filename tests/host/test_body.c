/* Which steps of the measured windows are one round trip, and that nothing passes that does not sum. */
#include "scratch.h"

#include "bill/body.h"
#include "made_up_ledger.h"

#define KERNEL 0xffffffff80100000u

struct guest {
	struct ledger ledger;
	uint32_t setup, enter, load, handler, kernel[3], slow, clock;
};

static void guest_make(struct guest *guest)
{
	struct ledger *ledger = &guest->ledger;

	guest->ledger = (struct ledger){0};
	guest->setup = INSN(ledger, 0x401000, "\xb8\x6e\0\0\0", "mov $110, %eax");
	guest->enter = INSN(ledger, 0x401005, "\x0f\x05", "syscall");
	guest->load = INSN(ledger, 0x401007, "\x8b\x00", "mov (%rax), %eax");
	guest->handler = INSN(ledger, 0x402000, "\x90", "nop");
	guest->kernel[0] = INSN(ledger, KERNEL, "\x0f\x01\xf8", "swapgs");
	guest->kernel[1] = INSN(ledger, KERNEL + 3, "\x90", "nop");
	guest->kernel[2] = INSN(ledger, KERNEL + 4, "\x48\x0f\x07", "sysretq");
	guest->slow = INSN(ledger, KERNEL + 7, "\x90", "nop");
	guest->clock = INSN(ledger, 0x401010, "\x0f\x31", "rdtsc");
}

static void kernel_steps(struct guest *guest)
{
	for (int i = 0; i < 3; i++)
		made_up_step(&guest->ledger, guest->kernel[i]);
}

/* A window round n crossings by `enter`, of which number `odd` takes one step more. */
static void syscalls(struct guest *guest, int n, int odd)
{
	made_up_window(&guest->ledger);
	for (int i = 0; i < n; i++) {
		made_up_step(&guest->ledger, guest->setup);
		made_up_step(&guest->ledger, guest->enter);
		if (i == odd)
			made_up_step(&guest->ledger, guest->slow);
		kernel_steps(guest);
	}
	made_up_step(&guest->ledger, guest->clock);
}

static void test_syscall(void **state)
{
	struct guest guest;
	struct body body;
	struct error error = {""};

	(void)state;
	guest_make(&guest);
	syscalls(&guest, 3, -1);
	syscalls(&guest, 6, -1);
	assert_int_equal(body_find(&body, &guest.ledger, &(struct measured){3, 16, 31, 4}, &error),
			 0);
	assert_int_equal(body.count, 4);
	assert_int_equal(body.total, 4);
	assert_int_equal(body.crossings, 1);
	assert_int_equal(body_insn(&body, 0)->address, 0x401005);
	assert_int_equal(body_insn(&body, 3)->address, KERNEL + 4);
	ledger_free(&guest.ledger);
}

static void assert_refused(struct guest *guest, struct measured measured, const char *text)
{
	struct body body;
	struct error error = {""};

	assert_int_equal(body_find(&body, &guest->ledger, &measured, &error), -1);
	if (!strstr(error.text, text))
		fail_msg("says \"%s\", not \"%s\"", error.text, text);
}

static void test_off_by_one(void **state)
{
	struct guest guest;

	(void)state;
	guest_make(&guest);
	syscalls(&guest, 3, -1);
	syscalls(&guest, 6, -1);
	assert_refused(&guest, (struct measured){3, 16, 31, 5}, "sums to 4");
	assert_refused(&guest, (struct measured){3, 16, 31, 3}, "sums to 4");
	assert_refused(&guest, (struct measured){3, 17, 31, 4}, "no window of 17");
	assert_refused(&guest, (struct measured){3, 16, 30, 4}, "no window of 30");
	assert_refused(&guest, (struct measured){4, 16, 31, 4}, "no window of 16");
	assert_refused(&guest, (struct measured){0, 16, 31, 4}, "no round trip");
	ledger_free(&guest.ledger);
}

static void test_different_courses(void **state)
{
	struct guest guest;

	(void)state;
	guest_make(&guest);
	syscalls(&guest, 3, -1);
	syscalls(&guest, 6, 2);
	assert_refused(&guest, (struct measured){3, 16, 32, 4}, "1 of 9 round trips");
	ledger_free(&guest.ledger);
}

static void test_untraced(void **state)
{
	struct guest guest;

	(void)state;
	guest_make(&guest);
	syscalls(&guest, 3, -1);
	syscalls(&guest, 6, -1);
	guest.ledger.windows[1].traced = false;
	assert_refused(&guest, (struct measured){3, 16, 31, 4}, "no window of 31");
	ledger_free(&guest.ledger);
}

/* A fault, a handler in ring 3, and its return by a system call: one round trip of two crossings. */
static void faults(struct guest *guest, int n)
{
	made_up_window(&guest->ledger);
	for (int i = 0; i < n; i++) {
		made_up_step(&guest->ledger, guest->setup);
		made_up_step(&guest->ledger, guest->load);
		kernel_steps(guest);
		made_up_step(&guest->ledger, guest->handler);
		made_up_step(&guest->ledger, guest->enter);
		kernel_steps(guest);
	}
	made_up_step(&guest->ledger, guest->clock);
}

/* The clock decides whether the load that faulted counts. */
static void test_fault(void **state)
{
	struct guest guest;
	struct body body;
	struct error error = {""};

	(void)state;
	guest_make(&guest);
	faults(&guest, 2);
	faults(&guest, 4);
	assert_int_equal(body_find(&body, &guest.ledger, &(struct measured){2, 21, 41, 9}, &error),
			 0);
	assert_false(body.faults);
	assert_int_equal(body.crossings, 2);
	assert_int_equal(body_find(&body, &guest.ledger, &(struct measured){2, 19, 37, 8}, &error),
			 0);
	assert_true(body.faults);
	assert_int_equal(body.count, 9);
	assert_int_equal(body.total, 8);
	assert_false(body_counts(&body, 0));
	for (size_t i = 1; i < body.count; i++)
		assert_true(body_counts(&body, i));
	ledger_free(&guest.ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_syscall),
	    cmocka_unit_test(test_off_by_one),
	    cmocka_unit_test(test_different_courses),
	    cmocka_unit_test(test_untraced),
	    cmocka_unit_test(test_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
