/* Attribution: every step has its phase and symbol, and every output sums to the total. */
#include "scratch.h"

#include "bill/lines.h"
#include "bill/output.h"
#include "made_up_ledger.h"

#define ENTRY 0xffffffff80100000u
#define C     0xffffffff80200000u
#define STACK 0xffffc90000003000u

struct guest {
	struct ledger ledger;
	struct body body;
	struct symbols kernel, program;
	struct bill bill;
};

static void add(struct guest *guest, uint64_t address, const char *bytes, size_t size)
{
	made_up_step(&guest->ledger, made_up_insn(&guest->ledger, address, bytes, size, "text"));
}

#define ADD(guest, address, bytes) add(guest, address, bytes, sizeof(bytes) - 1)

static void make_symbols(struct symbols *kernel, const char *callee)
{
	kernel->entry_start = ENTRY;
	kernel->entry_end = ENTRY + 0x1000;
	symbols_add(kernel, ENTRY, 0x40, "entry");
	symbols_add(kernel, C, 0x20, "do_syscall_64");
	symbols_add(kernel, C + 0x20, 0x20, callee);
	symbols_add_phase(kernel, ENTRY, "syscall", "swapgs");
	symbols_add_phase(kernel, ENTRY + 3, "syscall", "dispatch");
	symbols_add_phase(kernel, ENTRY + 8, "syscall", "leave");
	symbols_add_phase(kernel, ENTRY + 0x20, "syscall", "end");
	symbols_sort(kernel);
}

/* syscall; swapgs; call do_syscall_64 { push; call sys_getppid { nop; ret } ret }; jmp out of line { nop }; sysretq */
static void make_course(struct guest *guest)
{
	struct ledger *ledger = &guest->ledger;

	made_up_window(ledger);
	ADD(guest, 0x401000, "\x0f\x05");
	ADD(guest, ENTRY, "\x0f\x01\xf8");
	ADD(guest, ENTRY + 3, "\xe8\0\0\0\0");
	made_up_access(ledger, STACK - 8, 8, true);
	ADD(guest, C, "\x53");
	made_up_access(ledger, STACK - 16, 8, true);
	ADD(guest, C + 1, "\xe8\0\0\0\0");
	made_up_access(ledger, STACK - 24, 8, true);
	ADD(guest, C + 0x20, "\x48\x89\x04\x24"); /* mov %rax, (%rsp) */
	made_up_access(ledger, STACK - 20, 8, true);
	ADD(guest, C + 0x24, "\xc3");
	made_up_access(ledger, STACK - 24, 8, false);
	ADD(guest, C + 6, "\xc3");
	made_up_access(ledger, STACK - 8, 8, false);
	ADD(guest, ENTRY + 8, "\x75\x22");		   /* taken */
	ADD(guest, ENTRY + 0x30, "\x90");		   /* behind the path's end */
	made_up_access(ledger, STACK + 16, 4, false);	   /* the page above is not a stack */
	made_up_access(ledger, STACK - 4096 - 6, 8, true); /* the page below is one */
	made_up_access(ledger, STACK - 4096 * 4, 8, true); /* the one after a hole is not */
	ADD(guest, ENTRY + 0x31, "\xeb\xd0");
	ADD(guest, ENTRY + 10, "\x74\x00"); /* not taken */
	ADD(guest, ENTRY + 12, "\x48\x0f\x07");
	ADD(guest, 0x401002, "\x90"); /* where the window goes on */
}

static int setup(void **state)
{
	struct guest *guest = memory_new(1, sizeof(*guest));

	make_symbols(&guest->kernel, "sys_getppid");
	make_course(guest);
	guest->body = (struct body){.crossing = {.ledger = &guest->ledger,
						 .steps = guest->ledger.steps,
						 .count = guest->ledger.step_count - 1},
				    .total = (int64_t)guest->ledger.step_count - 1};
	bill_make(&guest->bill, &guest->body, &guest->kernel, &guest->program);
	*state = guest;
	return 0;
}

static int teardown(void **state)
{
	struct guest *guest = *state;

	bill_free(&guest->bill);
	symbols_free(&guest->kernel);
	symbols_free(&guest->program);
	ledger_free(&guest->ledger);
	free(guest);
	return 0;
}

static uint64_t count_of(const struct bill *bill, const char *phase, const char *symbol)
{
	const struct bill_line *line = bill_find_line(bill, phase, symbol);

	return line ? line->sums.count : 0;
}

static void test_lines(void **state)
{
	const struct guest *guest = *state;
	const struct bill *bill = &guest->bill;
	uint64_t sum = 0;

	assert_int_equal(count_of(bill, PHASE_ENTER, "text"), 1);
	assert_int_equal(count_of(bill, "swapgs", "entry"), 1);
	assert_int_equal(count_of(bill, "dispatch", "entry"), 1);
	assert_int_equal(count_of(bill, "dispatch", "do_syscall_64"), 3);
	assert_int_equal(count_of(bill, "dispatch", "sys_getppid"), 2);
	assert_int_equal(count_of(bill, "leave", "entry"), 5); /* with its out-of-line part */
	assert_int_equal(bill->line_count, 6);
	for (size_t i = 0; i < bill->line_count; i++)
		sum += bill->lines[i].sums.count;
	assert_int_equal(sum, guest->body.total);
	assert_int_equal(bill->sums.count, guest->body.total);
}

static void test_sums(void **state)
{
	const struct bill *bill = &((struct guest *)*state)->bill;

	assert_int_equal(bill->sums.stores, 6);
	assert_int_equal(bill->sums.loads, 3);
	assert_int_equal(bill->sums.bytes_stored, 48);
	assert_int_equal(bill->sums.bytes_loaded, 20);
	assert_int_equal(bill->sums.taken, 6);	     /* 2 calls, 2 returns, jnz, jmp */
	assert_int_equal(bill->stack_bytes, 24 + 8); /* below STACK, and across the edge */
	assert_int_equal(bill->special_count, 3);
	assert_string_equal(bill->specials[0].name, "SWAPGS");
	assert_string_equal(bill->specials[1].name, "SYSCALL");
	assert_string_equal(bill->specials[2].name, "SYSRETQ");
}

static void test_fault_is_not_counted(void **state)
{
	struct guest *guest = *state;

	bill_free(&guest->bill);
	memcpy(guest->ledger.insns[0].bytes, "\x8b\x00", 2);
	guest->body.crossing.faults = true;
	bill_make(&guest->bill, &guest->body, &guest->kernel, &guest->program);
	assert_int_equal(count_of(&guest->bill, PHASE_ENTER, "text"), 0);
	assert_int_equal(guest->bill.sums.count, guest->body.crossing.count - 1);
}

/* Output of a function that writes to a FILE; free it. */
#define CAPTURED(call)                                                                             \
	({                                                                                         \
		char *text_ = NULL;                                                                \
		size_t size_;                                                                      \
		FILE *out = open_memstream(&text_, &size_);                                        \
		call;                                                                              \
		fclose(out);                                                                       \
		text_;                                                                             \
	})

/* The bare loop makes the same system call, and behind its SYSRET an interrupt comes. */
static void test_interruption(void **state)
{
	struct guest *guest = *state;
	struct ledger *ledger = &guest->ledger;
	struct body body = {.crossing = {.ledger = ledger}, .bare = {.ledger = ledger}};
	struct bill bill;
	size_t first = ledger->step_count;

	ADD(guest, 0x401000, "\x0f\x05");
	ADD(guest, ENTRY + 12, "\x48\x0f\x07");
	ADD(guest, C + 0x40, "\x50"); /* the stub, which no phase claims */
	made_up_access(ledger, STACK - 48, 8, true);
	ADD(guest, C + 0x41, "\xeb\x20");
	ADD(guest, ENTRY + 0x31, "\x48\xcf");
	made_up_access(ledger, STACK - 40, 8, false);
	ADD(guest, 0x401002, "\x90");
	body.crossing.steps = ledger->steps + first;
	body.crossing.count = 5;
	body.bare = body.crossing;
	body.bare.count = 2;
	body.before = 2;
	bill_make(&bill, &body, &guest->kernel, &guest->program);
	assert_int_equal(bill.sums.count, 3);
	assert_string_equal(bill.lines[0].symbol, SYMBOL_INTERRUPTION);
	assert_string_equal(bill.lines[0].phase, PHASE_ENTER);
	assert_int_equal(bill.lines[0].sums.count, 0);
	assert_int_equal(bill.lines[0].sums.stores, 5);
	assert_int_equal(bill.lines[0].sums.bytes_stored, 40);
	assert_string_equal(bill.lines[1].phase, PHASE_KERNEL);
	assert_int_equal(bill.sums.stores, 6);
	assert_int_equal(bill.stack_bytes, 48);
	bill_free(&bill);
}

/* What only the bare loop has is taken off, and a line that both have is none. */
static void test_taken_off(void **state)
{
	struct guest *guest = *state;
	struct body body = guest->body;
	struct bill bill;
	int64_t sum = 0;
	char *text;

	body.bare = body.crossing;
	body.crossing.count -= 3;
	body.bare.steps += 2;
	body.bare.count = 4; /* call, push, call, mov */
	body.total = (int64_t)body.crossing.count - 4;
	bill_make(&bill, &body, &guest->kernel, &guest->program);
	for (size_t i = 0; i < bill.line_count; i++)
		sum += bill.lines[i].sums.count;
	assert_int_equal(sum, body.total);
	assert_int_equal(bill.sums.count, body.total);
	assert_int_equal(bill.sums.stores, 2);
	assert_null(bill_find_line(&bill, "dispatch", "entry"));
	assert_int_equal(count_of(&bill, "dispatch", "do_syscall_64"), 1);
	text = CAPTURED(bill_write_folded(out, "root", &bill));
	assert_non_null(strstr(text, "root;enter;text 1\n"));
	assert_null(strstr(text, "root;dispatch;entry 0"));
	free(text);
	text = CAPTURED(bill_print_listing(out, &bill));
	assert_non_null(strstr(text, "(only in the bare loop: taken off)"));
	free(text);
	bill_free(&bill);
}

static void test_folded(void **state)
{
	const struct bill *bill = &((struct guest *)*state)->bill;
	char *text = CAPTURED(bill_write_folded(out, "root", bill));

	assert_string_equal(text, "root;enter;text 1\n"
				  "root;swapgs;entry 1\n"
				  "root;dispatch;entry 1\n"
				  "root;dispatch;entry;do_syscall_64 3\n"
				  "root;dispatch;entry;do_syscall_64;sys_getppid 2\n"
				  "root;leave;entry 5\n");
	free(text);
}

static const struct bill_title title = {"tcg", "made-up",	"null_syscall", "instructions",
					true,  "deterministic", "made-up CPU"};

static void test_json(void **state)
{
	const struct bill *bill = &((struct guest *)*state)->bill;
	json_t *json = bill_json(&title, bill, true), *line;
	json_int_t sum = 0;
	size_t i;

	json_array_foreach(json_object_get(json, "lines"), i, line) sum +=
	    json_integer_value(json_object_get(line, "count"));
	assert_int_equal(sum, json_integer_value(json_object_get(json, "total")));
	assert_int_equal(sum, 13);
	assert_int_equal(json_array_size(json_object_get(json, "listing")), 13);
	assert_string_equal(json_string_value(json_object_get(json, "unit")), "instructions");
	assert_string_equal(json_string_value(json_object_get(json, "cpu")), "made-up CPU");
	json_decref(json);
}

/* The same without its first two steps, and with another callee. */
static void test_difference(void **state)
{
	struct guest *guest = *state;
	struct body shorter = guest->body;
	struct symbols kernel = {0};
	struct bill other;
	const struct bill *const bills[2] = {&guest->bill, &other};
	const struct bill_title titles[2] = {title, title};
	struct line_pair pairs[12];
	struct special_pair specials[6];
	json_t *json;
	char *text;
	int64_t sum = 0;
	size_t count;

	shorter.crossing.steps += 2; /* neither enter nor swapgs */
	shorter.crossing.count -= 2;
	make_symbols(&kernel, "sys_getuid");
	bill_make(&other, &shorter, &kernel, &guest->program);
	count = bill_pair_lines(bills, pairs);
	assert_int_equal(count, 7);
	for (size_t i = 0; i < count; i++)
		sum += pairs[i].counts[1] - pairs[i].counts[0];
	assert_int_equal(sum, -2);
	assert_string_equal(pairs[0].phase, PHASE_ENTER);
	assert_int_equal(pairs[0].counts[1], 0);
	assert_string_equal(pairs[1].phase, "swapgs");
	assert_int_equal(bill_pair_specials(bills, specials), 2);
	assert_string_equal(specials[0].name, "SWAPGS");
	assert_string_equal(specials[1].name, "SYSCALL");
	assert_int_equal(specials[1].counts[0], 1);
	assert_int_equal(specials[1].counts[1], 0);
	assert_int_equal(bill_sums_more(bills).count, -2);
	text = CAPTURED(bill_print_difference(out, titles, bills));
	assert_non_null(strstr(text, "ring-changing: SWAPGS -1, SYSCALL -1\n"));
	free(text);
	json = bill_difference_json(bills, bill_json(&title, bills[0], false),
				    bill_json(&title, bills[1], false));
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(json, "difference"), "total")), -2);
	json_decref(json);
	bill_free(&other);
	symbols_free(&kernel);
}

static void test_table(void **state)
{
	const struct bill *bill = &((struct guest *)*state)->bill;
	char *text = CAPTURED(bill_print(out, &title, bill));
	char *listing = CAPTURED(bill_print_listing(out, bill));

	assert_non_null(strstr(text, "made-up, null_syscall on tcg: 13 instructions a round trip"));
	assert_non_null(strstr(text, "SWAPGS 1, SYSCALL 1, SYSRETQ 1"));
	assert_non_null(strstr(text, "kernel stack touched 32 bytes"));
	assert_non_null(strstr(listing, "dispatch: sys_getppid"));
	free(text);
	text = CAPTURED(bill_print(out, NULL, bill));
	assert_memory_equal(text, "phase", 5);
	assert_null(strstr(text, "loads 3"));
	free(text);
	free(listing);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_lines),  TEST(test_sums),		TEST(test_fault_is_not_counted),
	    TEST(test_folded), TEST(test_json),		TEST(test_difference),
	    TEST(test_table),  TEST(test_interruption), TEST(test_taken_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
