/*
 * Where the CPU pushes a frame, and where: from the instructions round a delivery and the first
 * push behind it.
 */
#include "bill/ledger.h"
#include "scratch.h"
#include "made_up_ledger.h"

#define STUB  0xffffffff80100000u
#define C     0xffffffff80200000u
#define STACK 0xfffffe0000003000u

struct guest {
	struct ledger ledger;
};

static int setup(void **state)
{
	*state = g_new0(struct guest, 1);
	ledger_init(&((struct guest *)*state)->ledger);
	made_up_window(&((struct guest *)*state)->ledger);
	return 0;
}

static int teardown(void **state)
{
	ledger_free(&((struct guest *)*state)->ledger);
	g_free(*state);
	return 0;
}

static void step(struct guest *guest, uint64_t address, const char *bytes, size_t size)
{
	made_up_step(&guest->ledger, made_up_insn(&guest->ledger, address, bytes, size, ""));
}

#define STEP(address, bytes) step(guest, address, bytes, sizeof(bytes) - 1)

static void push(struct guest *guest, uint64_t address, uint64_t rsp)
{
	STEP(address, "\x50");
	made_up_access(&guest->ledger, rsp - 8, 8, true);
}

static struct cpu_frame frame_behind(const struct guest *guest, size_t step)
{
	const struct trace trace = {.ledger = &guest->ledger,
				    .steps = made_up_step_at(&guest->ledger, 0),
				    .count = guest->ledger.steps->len - 1};

	return trace_frame(&trace, step);
}

static void assert_frame(const struct guest *guest, size_t step, uint64_t first, uint64_t size)
{
	struct cpu_frame frame = frame_behind(guest, step);

	assert_int_equal(frame.size, size);
	if (size)
		assert_int_equal(frame.first, first);
}

/*
 * An interrupt between two instructions of ring 3; the handler's first push is not its first
 * instruction.
 */
static void test_interrupt(void **state)
{
	struct guest *guest = *state;

	STEP(0x401000, "\x90");
	STEP(0x401001, "\x90");
	STEP(STUB, "\xfc");
	push(guest, STUB + 1, STACK - 40);
	push(guest, STUB + 2, STACK - 48);
	assert_frame(guest, 0, 0, 0);
	assert_frame(guest, 1, STACK - 40, 40);
	assert_frame(guest, 2, 0, 0);
}

/* Aligned before the words went down, so that an error code leaves RSP at a multiple of 16. */
static void test_error_code(void **state)
{
	struct guest *guest = *state;

	STEP(0x401000, "\x8b\x00");
	push(guest, STUB, STACK - 48);
	STEP(STUB + 1, "\x90");
	assert_frame(guest, 0, STACK - 48, 48);
}

/* A handler that only returns: RIP is what its IRET loads first. */
static void test_int_and_iret(void **state)
{
	struct guest *guest = *state;

	STEP(0x401000, "\xcd\x82");
	STEP(STUB, "\x48\xcf");
	made_up_access(&guest->ledger, STACK - 40, 8, false);
	made_up_access(&guest->ledger, STACK - 32, 8, false);
	made_up_access(&guest->ledger, 0xfffffe0000000030, 4, false);
	STEP(0x401002, "\x90");
	assert_frame(guest, 0, STACK - 40, 40);
	assert_frame(guest, 1, 0, 0);
}

/* These push nothing, or show what they push. */
static void test_without_frame(void **state)
{
	struct guest *guest = *state;

	STEP(0x401000, "\x0f\x05");
	push(guest, STUB, STACK - 40);
	STEP(0x401002, "\x0f\x34");
	push(guest, STUB, STACK - 40);
	STEP(0x401004, "\xff\x1b"); /* lcall *(%rbx) */
	push(guest, STUB, STACK - 40);
	STEP(STUB + 1, "\xff\xe0"); /* jmp *%rax */
	push(guest, C, STACK - 56);
	STEP(C + 1, "\xf3\x48\xa5"); /* rep movsq, twice */
	STEP(C + 1, "\xf3\x48\xa5");
	STEP(C + 4, "\x90");
	push(guest, C + 5, STACK - 56);
	for (size_t i = 0; i + 1 < guest->ledger.steps->len; i++)
		assert_frame(guest, i, 0, 0);
}

/* An interrupt that waited for ring 3 comes before its first instruction. */
static void test_behind_return(void **state)
{
	struct guest *guest = *state;

	STEP(C, "\x48\x0f\x07"); /* sysretq */
	push(guest, STUB, STACK - 40);
	STEP(STUB + 1, "\x48\xcf");
	push(guest, STUB, STACK - 40);
	STEP(STUB + 1, "\x48\xcf");
	STEP(0x401002, "\x90");
	assert_frame(guest, 0, STACK - 40, 40);
	assert_frame(guest, 2, STACK - 40, 40);
	assert_frame(guest, 4, 0, 0);
}

/*
 * A fault of ring 0, the IRET that goes back to it, INT in ring 0, and an IRET to the next
 * instruction.
 */
static void test_in_kernel(void **state)
{
	struct guest *guest = *state;

	STEP(C, "\x8b\x00"); /* faults */
	push(guest, STUB, STACK - 48);
	STEP(STUB + 1, "\x48\xcf");
	STEP(C, "\x8b\x00"); /* once more */
	STEP(C + 2, "\xcd\x82");
	push(guest, STUB + 16, STACK - 40);
	STEP(STUB + 17, "\x48\xcf");
	STEP(C + 4, "\x48\xcf");
	push(guest, C + 6, STACK - 8);
	STEP(C + 7, "\x90");
	assert_frame(guest, 0, STACK - 48, 48);
	assert_frame(guest, 2, 0, 0);
	assert_frame(guest, 3, 0, 0);
	assert_frame(guest, 4, STACK - 40, 40);
	assert_frame(guest, 6, 0, 0);
	assert_frame(guest, 7, 0, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_interrupt),     TEST(test_error_code),	TEST(test_int_and_iret),
	    TEST(test_without_frame), TEST(test_behind_return), TEST(test_in_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
