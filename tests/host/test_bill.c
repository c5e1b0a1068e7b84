/* Attribution: every step has its phase and symbol, and every output sums to the total. */
#include "bill/bill.h"
#include "scratch.h"
#include "made_up_ledger.h"

#define ENTRY 0xffffffff80100000u
#define C     0xffffffff80200000u
#define STACK 0xffffc90000003000u

static void add(struct bill *bill, uint64_t address, const char *bytes, size_t size)
{
	made_up_step(&bill->ledger, made_up_insn(&bill->ledger, address, bytes, size, "text"));
}

#define ADD(bill, address, bytes) add(bill, address, bytes, sizeof(bytes) - 1)

static void make_symbols(struct symbols *kernel, const char *entry, const char *callee)
{
	kernel->entry_start = ENTRY;
	kernel->entry_end = ENTRY + 0x1000;
	symbols_add(kernel, ENTRY, 0x40, entry, false);
	symbols_add(kernel, C, 0x20, "do_syscall_64", false);
	symbols_add(kernel, C + 0x20, 0x20, callee, false);
	symbols_add_phase(kernel, ENTRY, "swapgs");
	symbols_add_phase(kernel, ENTRY + 3, "dispatch");
	symbols_add_phase(kernel, ENTRY + 8, "leave");
	symbols_add_phase(kernel, ENTRY + 0x20, "end");
	symbols_sort(kernel);
}

/*
 * syscall; swapgs; call do_syscall_64 { push; call sys_getppid { nop; ret } ret }; jmp out of line
 * { nop }; sysretq
 */
static void make_trace(struct bill *bill, bool nop)
{
	struct ledger *ledger = &bill->ledger;

	ledger_init(ledger);
	made_up_window(ledger);
	ADD(bill, 0x401000, "\x0f\x05");
	ADD(bill, ENTRY, "\x0f\x01\xf8");
	ADD(bill, ENTRY + 3, "\xe8\0\0\0\0");
	made_up_access(ledger, STACK - 8, 8, true);
	ADD(bill, C, "\x53");
	made_up_access(ledger, STACK - 16, 8, true);
	ADD(bill, C + 1, "\xe8\0\0\0\0");
	made_up_access(ledger, STACK - 24, 8, true);
	ADD(bill, C + 0x20, "\x48\x89\x04\x24"); /* mov %rax, (%rsp) */
	made_up_access(ledger, STACK - 20, 8, true);
	ADD(bill, C + 0x24, "\xc3");
	made_up_access(ledger, STACK - 24, 8, false);
	ADD(bill, C + 6, "\xc3");
	made_up_access(ledger, STACK - 8, 8, false);
	ADD(bill, ENTRY + 8, "\x75\x22");		   /* taken */
	ADD(bill, ENTRY + 0x30, "\x90");		   /* behind the path's end */
	made_up_access(ledger, STACK + 16, 4, false);	   /* the page above is not a stack */
	made_up_access(ledger, STACK - 4096 - 6, 8, true); /* the page below is one */
	made_up_access(ledger, STACK - 4096 * 4, 8, true); /* the one after a hole is not */
	ADD(bill, ENTRY + 0x31, "\xeb\xd0");
	ADD(bill, ENTRY + 10, "\x74\x00"); /* not taken */
	if (nop)
		ADD(bill, ENTRY + 12, "\x90");
	ADD(bill, ENTRY + 12 + nop, "\x48\x0f\x07");
	ADD(bill, 0x401002, "\x90"); /* where the window goes on */
}

/* Free it as state. */
static struct bill *make_bill(const char *entry, const char *callee, bool nop)
{
	struct bill *bill = g_new0(struct bill, 1);

	bill_init(bill);
	bill->machine = "tcg";
	bill->variant = "made-up";
	bill->bench = "null_syscall";
	bill->class = CLASS_DETERMINISTIC;
	bill->safe = true;
	strcpy(bill->cpu, "made-up CPU");
	make_symbols(&bill->kernel, entry, callee);
	make_trace(bill, nop);
	bill->body = (struct body){.crossing = {.ledger = &bill->ledger,
						.steps = made_up_step_at(&bill->ledger, 0),
						.count = bill->ledger.steps->len - 1},
				   .total = (int64_t)bill->ledger.steps->len - 1};
	return bill;
}

static int setup(void **state)
{
	*state = make_bill("entry", "sys_getppid", false);
	bill_of_body(*state);
	return 0;
}

static int teardown(void **state)
{
	bill_free(*state);
	g_free(*state);
	return 0;
}

/* The same guest with another body; what the bill had is gone. */
static void bill_again(struct bill *bill)
{
	g_array_set_size(bill->lines, 0);
	g_array_set_size(bill->steps, 0);
	g_array_set_size(bill->specials, 0);
	memset(bill->sums, 0, sizeof(bill->sums));
	bill_of_body(bill);
}

static double count_of(const struct bill *bill, const char *phase, const char *symbol)
{
	const struct bill_line *line = bill_find_line(bill->lines, phase, symbol);

	return line ? line->sums[BILL_COUNT] : 0;
}

static void test_lines(void **state)
{
	const struct bill *bill = *state;
	double sum = 0;

	assert_int_equal(count_of(bill, PHASE_ENTER, "text"), 1);
	assert_int_equal(count_of(bill, "swapgs", "entry"), 1);
	assert_int_equal(count_of(bill, "dispatch", "entry"), 1);
	assert_int_equal(count_of(bill, "dispatch", "do_syscall_64"), 3);
	assert_int_equal(count_of(bill, "dispatch", "sys_getppid"), 2);
	assert_int_equal(count_of(bill, "leave", "entry"), 5); /* with its out-of-line part */
	assert_int_equal(bill->lines->len, 6);
	for (size_t i = 0; i < bill->lines->len; i++)
		sum += LINE(bill->lines, i)->sums[BILL_COUNT];
	assert_int_equal(sum, bill->body.total);
	assert_int_equal(bill->sums[BILL_COUNT], bill->body.total);
}

static void test_sums(void **state)
{
	const struct bill *bill = *state;

	assert_int_equal(bill->sums[BILL_STORES], 6);
	assert_int_equal(bill->sums[BILL_LOADS], 3);
	assert_int_equal(bill->sums[BILL_BYTES_STORED], 48);
	assert_int_equal(bill->sums[BILL_BYTES_LOADED], 20);
	assert_int_equal(bill->sums[BILL_TAKEN], 6);	   /* 2 calls, 2 returns, jnz, jmp */
	assert_int_equal(bill->sums[BILL_SERIALISING], 0); /* SYSCALL and SYSRET are not */
	assert_int_equal(bill->stack_bytes, 24 + 8);	   /* below STACK, and across the edge */
	assert_int_equal(bill->specials->len, 3);
	assert_string_equal(LINE(bill->specials, 0)->symbol, "SWAPGS");
	assert_string_equal(LINE(bill->specials, 1)->symbol, "SYSCALL");
	assert_string_equal(LINE(bill->specials, 2)->symbol, "SYSRETQ");
}

static void test_fault_is_not_counted(void **state)
{
	struct bill *bill = *state;
	struct ledger_insn *insn = made_up_insn_at(&bill->ledger, 0);

	memcpy(insn->bytes, "\x8b\x00", 2);
	insn_decode(insn);
	bill->body.crossing.faults = true;
	bill_again(bill);
	assert_int_equal(count_of(bill, PHASE_ENTER, "text"), 0);
	assert_int_equal(bill->sums[BILL_COUNT], bill->body.crossing.count - 1);
}

/* `text` becomes the output of a call that writes to `out`; free it. */
#define CAPTURE(text, call)                                                                        \
	do {                                                                                       \
		size_t size_;                                                                      \
		FILE *out = open_memstream(&text, &size_);                                         \
		call;                                                                              \
		fclose(out);                                                                       \
	} while (0)

/* The bare loop makes the same system call, and behind its SYSRET an interrupt comes. */
static void test_interruption(void **state)
{
	struct bill *bill = *state;
	struct ledger *ledger = &bill->ledger;
	struct body *body = &bill->body;
	size_t first = ledger->steps->len;

	ADD(bill, 0x401000, "\x0f\x05");
	ADD(bill, ENTRY + 12, "\x48\x0f\x07");
	ADD(bill, C + 0x40, "\x50"); /* the stub, which no phase claims */
	made_up_access(ledger, STACK - 48, 8, true);
	ADD(bill, C + 0x41, "\xeb\x20");
	ADD(bill, ENTRY + 0x31, "\x48\xcf");
	made_up_access(ledger, STACK - 40, 8, false);
	ADD(bill, 0x401002, "\x90");
	*body = (struct body){
	    .crossing = {.ledger = ledger, .steps = made_up_step_at(ledger, first), .count = 5},
	    .before = 2};
	body->bare = body->crossing;
	body->bare.count = 2;
	bill_again(bill);
	assert_int_equal(bill->sums[BILL_COUNT], 3);
	assert_string_equal(LINE(bill->lines, 0)->symbol, SYMBOL_INTERRUPTION);
	assert_string_equal(LINE(bill->lines, 0)->phase, PHASE_ENTER);
	assert_int_equal(LINE(bill->lines, 0)->sums[BILL_COUNT], 0);
	assert_int_equal(LINE(bill->lines, 0)->sums[BILL_STORES], 5);
	assert_int_equal(LINE(bill->lines, 0)->sums[BILL_BYTES_STORED], 40);
	assert_string_equal(LINE(bill->lines, 1)->phase, PHASE_KERNEL);
	assert_int_equal(bill->sums[BILL_STORES], 6);
	assert_int_equal(bill->sums[BILL_SERIALISING], 1); /* IRET */
	assert_int_equal(bill->stack_bytes, 48);
}

/* What only the bare loop has is taken off, and a line that both have is none. */
static void test_taken_off(void **state)
{
	struct bill *bill = *state;
	const struct bill_view view = {.bills = {bill}, .listing = true};
	double sum = 0;
	char *text;

	bill->body.bare = bill->body.crossing;
	bill->body.crossing.count -= 3;
	bill->body.bare.steps += 2;
	bill->body.bare.count = 4; /* call, push, call, mov */
	bill->body.total = (int64_t)bill->body.crossing.count - 4;
	bill_again(bill);
	for (size_t i = 0; i < bill->lines->len; i++)
		sum += LINE(bill->lines, i)->sums[BILL_COUNT];
	assert_int_equal(sum, bill->body.total);
	assert_int_equal(bill->sums[BILL_COUNT], bill->body.total);
	assert_int_equal(bill->sums[BILL_STORES], 2);
	assert_null(bill_find_line(bill->lines, "dispatch", "entry"));
	assert_int_equal(count_of(bill, "dispatch", "do_syscall_64"), 1);
	CAPTURE(text, bill_write_folded(out, bill));
	assert_non_null(strstr(text, "made-up;enter;text 1\n"));
	assert_null(strstr(text, "made-up;dispatch;entry 0"));
	free(text);
	CAPTURE(text, bill_print(out, &view));
	assert_non_null(strstr(text, "(only in the bare loop: taken off)"));
	free(text);
}

static void test_folded(void **state)
{
	char *text = NULL;

	CAPTURE(text, bill_write_folded(out, *state));
	assert_string_equal(text, "made-up;enter;text 1\n"
				  "made-up;swapgs;entry 1\n"
				  "made-up;dispatch;entry 1\n"
				  "made-up;dispatch;entry;do_syscall_64 3\n"
				  "made-up;dispatch;entry;do_syscall_64;sys_getppid 2\n"
				  "made-up;leave;entry 5\n");
	free(text);
}

static void test_json(void **state)
{
	const struct bill_view view = {.bills = {*state}, .listing = true};
	json_t *json = bill_json(&view), *line;
	json_int_t sum = 0;
	size_t i;

	json_array_foreach(json_object_get(json, "lines"), i, line)
		sum += json_integer_value(json_object_get(line, "count"));
	assert_int_equal(sum, json_integer_value(json_object_get(json, "total")));
	assert_int_equal(sum, 13);
	assert_int_equal(json_array_size(json_object_get(json, "listing")), 13);
	assert_string_equal(json_string_value(json_object_get(json, "unit")), "instructions");
	assert_string_equal(json_string_value(json_object_get(json, "cpu")), "made-up CPU");
	json_decref(json);
}

/* The pair of that phase; its symbol too where one is named. */
static const struct bill_pair *pair_of(const GArray *pairs, const char *phase, const char *symbol)
{
	for (guint i = 0; i < pairs->len; i++)
		if (strcmp(PAIR(pairs, i)->phase, phase) == 0 &&
		    (!symbol || strcmp(PAIR(pairs, i)->symbol, symbol) == 0))
			return PAIR(pairs, i);
	fail_msg("no pair %s, %s", phase, symbol ? symbol : "");
	return NULL;
}

/* The same without its first two steps, and with another callee of the same instructions. */
static void test_difference(void **state)
{
	struct bill *other = make_bill("entry", "sys_getuid", false);
	const struct bill *const bills[2] = {*state, other};
	const struct bill_view view = {.bills = {*state, other}};
	GArray *lines, *phases;
	struct bill more;
	json_t *json;
	char *text;

	other->body.crossing.steps += 2; /* neither enter nor swapgs */
	other->body.crossing.count -= 2;
	bill_of_body(other);
	lines = bill_pair_lines(bills);
	phases = bill_pair_phases(lines);
	bill_subtract(&more, bills);
	assert_int_equal(lines->len, 6);
	assert_string_equal(PAIR(lines, 0)->phase, PHASE_ENTER);
	assert_int_equal(PAIR(lines, 0)->counts[1], 0);
	assert_string_equal(PAIR(lines, 1)->phase, "swapgs");
	assert_string_equal(pair_of(lines, "dispatch", "sys_getuid")->renamed, "sys_getppid");
	assert_int_equal(pair_of(lines, "dispatch", "sys_getuid")->delta, 0);
	assert_int_equal(phases->len, 4);
	assert_int_equal(pair_of(phases, "dispatch", NULL)->counts[0], 6);
	assert_int_equal(more.specials->len, 2);
	assert_float_equal(bill_find_line(more.specials, "", "SWAPGS")->sums[BILL_COUNT], -1, 0);
	assert_float_equal(bill_find_line(more.specials, "", "SYSCALL")->sums[BILL_COUNT], -1, 0);
	assert_int_equal(more.sums[BILL_COUNT], -2);
	CAPTURE(text, bill_print(out, &view));
	assert_non_null(strstr(text, "ring-changing: SWAPGS -1, SYSCALL -1\n"));
	free(text);
	json = bill_json(&view);
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(json, "difference"), "total")), -2);
	json_decref(json);
	g_array_unref(lines);
	g_array_unref(phases);
	bill_free(&more);
	teardown((void **)&other);
}

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/*
 * The same path under another name with one NOP more: that NOP, in one line, and nothing of the
 * name.
 */
static void test_renamed(void **state)
{
	struct bill *other = make_bill("entry_with_nop", "sys_getppid", true);
	const struct bill_view views[2] = {
	    {.bills = {*state, other}, .quiet = true},
	    {.bills = {*state, other}, .quiet = true, .symbols = true}};
	char *text;

	other->variant = "named-anew";
	bill_of_body(other);
	CAPTURE(text, bill_print(out, &views[0]));
	assert_string_equal(text, "  phase  made-up  named-anew  difference\n"
				  "  leave        5           6          +1\n"
				  "  total       13          14          +1\n");
	free(text);
	CAPTURE(text, bill_print(out, &views[1]));
	assert_int_equal(count_lines(text), 4); /* and the symbol */
	assert_non_null(strstr(text, "entry_with_nop"));
	free(text);
	teardown((void **)&other);
}

/* Symbols that have little in common stay two, and the larger difference comes first. */
static void test_not_renamed(void **state)
{
	struct bill *other = make_bill("entry", "sys_getuid", false);
	const struct bill_view view = {.bills = {*state, other}, .quiet = true};
	char *text, *first, *second;

	/* What was mov and ret is nop, nop and ret. */
	g_array_set_size(other->ledger.steps, 0);
	g_array_set_size(other->ledger.windows, 0);
	made_up_window(&other->ledger);
	ADD(other, ENTRY + 3, "\xe8\0\0\0\0");
	for (int i = 0; i < 5; i++)
		ADD(other, C + 0x20 + (uint64_t)i, "\x90");
	ADD(other, C + 0x26, "\xc3");
	other->body.crossing.steps = made_up_step_at(&other->ledger, 0);
	other->body.crossing.count = other->ledger.steps->len - 1;
	bill_of_body(other);
	CAPTURE(text, bill_print(out, &view));
	first = strstr(text, "sys_getuid");
	second = strstr(text, "sys_getppid");
	assert_non_null(first);
	assert_non_null(second);
	assert_true(first < strstr(text, "do_syscall_64") && first < second);
	free(text);
	teardown((void **)&other);
}

static void test_table(void **state)
{
	const struct bill_view views[2] = {{.bills = {*state}, .listing = true},
					   {.bills = {*state}, .quiet = true}};
	char *text = NULL;

	CAPTURE(text, bill_print(out, &views[0]));

	assert_non_null(strstr(text, "made-up, null_syscall on tcg: 13 instructions a round trip"));
	assert_non_null(strstr(text, "SWAPGS 1, SYSCALL 1, SYSRETQ 1"));
	assert_non_null(strstr(text, "kernel stack touched 32 bytes"));
	assert_non_null(strstr(text, "Instructions are not time"));
	assert_non_null(strstr(text, "dispatch: sys_getppid"));
	free(text);
	CAPTURE(text, bill_print(out, &views[1]));
	assert_memory_equal(text, "  phase", 7);
	assert_null(strstr(text, "loads 3"));
	free(text);
}

/* Rows of the figure's data, as gnuplot reads them. */
static void assert_waterfall(const struct bill_view *view, const char *expected)
{
	static const struct table_column columns[] = {{"label", .format = TABLE_TEXT},
						      {"value", .format = TABLE_COST},
						      {"kind", .format = TABLE_TEXT},
						      {0}};
	g_autoptr(table_t) data = table_new(NULL, columns);
	char *text;

	bill_put_waterfall(data, view);
	CAPTURE(text, table_print_gnuplot(data, out));
	assert_string_equal(strchr(text, '\n') + 1, expected);
	free(text);
}

static void add_step(struct bill *bill, const char *phase, const char *symbol)
{
	static const struct ledger_insn insn;
	const struct bill_step step = {phase, symbol, &insn, .sign = 1, .counted = true};

	g_array_append_val(bill->steps, step);
}

/* A system call, then a fault whose handler calls through a thunk. */
static void test_groups(void **state)
{
	static const char *const kernel[] = {"entry_SYSCALL_64",
					     "do_syscall_64",
					     "prandom_u32_state",
					     "x64_sys_call",
					     "__x86_indirect_thunk_rax",
					     "__x64_sys_getppid",
					     "__x86_return_thunk",
					     "do_syscall_64", /* inlined exit work */
					     "syscall_exit_to_user_mode",
					     "entry_SYSCALL_64_after_hwframe",
					     "syscall_return_via_sysret",
					     NULL,
					     "asm_exc_page_fault",
					     "sync_regs",
					     "error_entry",
					     "irqentry_enter",
					     "exc_page_fault",
					     "do_user_addr_fault",
					     "error_return"};
	static const struct table_column columns[] = {{"variant", .format = TABLE_TEXT},
						      {"part", .format = TABLE_TEXT},
						      {"value", .format = TABLE_COST},
						      {0}};
	g_autoptr(table_t) data = table_new(NULL, columns);
	struct bill bill;
	char *text;

	(void)state;
	bill_init(&bill);
	bill.variant = "6.1";
	add_step(&bill, PHASE_ENTER, "syscall");
	for (size_t i = 0; i < G_N_ELEMENTS(kernel); i++)
		if (kernel[i])
			add_step(&bill, PHASE_KERNEL, kernel[i]);
		else
			add_step(&bill, PHASE_ENTER, "movl (%rax), %eax");
	bill_put_groups(data, &bill);
	CAPTURE(text, table_print_gnuplot(data, out));
	assert_string_equal(strchr(text, '\n') + 1, "\"6.1\"\t\"entry stub\"\t6\n"
						    "\"6.1\"\t\"dispatch\"\t4\n"
						    "\"6.1\"\t\"entry and exit work\"\t4\n"
						    "\"6.1\"\t\"the call\"\t3\n"
						    "\"6.1\"\t\"exit\"\t3\n");
	free(text);
	bill_free(&bill);
}

static void test_waterfall(void **state)
{
	struct bill *other = make_bill("entry", "sys_getppid", true);
	const struct bill_view one = {.bills = {*state}}, two = {.bills = {*state, other}};

	other->variant = "more";
	bill_of_body(other);
	assert_waterfall(&one, "\"enter\"\t1\t\"part\"\n\"swapgs\"\t1\t\"part\"\n"
			       "\"dispatch\"\t6\t\"part\"\n\"leave\"\t5\t\"part\"\n"
			       "\"round trip\"\t13\t\"total\"\n");
	assert_waterfall(&two, "\"made-up\"\t13\t\"total\"\n\"leave\"\t1\t\"change\"\n"
			       "\"more\"\t14\t\"total\"\n");
	teardown((void **)&other);
}

/* Frames of each depth side by side, each as wide as those above it and more. */
static void test_flame(void **state)
{
	static const struct table_column columns[] = {{"label", .format = TABLE_TEXT},
						      {"depth", .format = TABLE_COST},
						      {"from", .format = TABLE_COST},
						      {"to", .format = TABLE_COST},
						      {0}};
	g_autoptr(table_t) data = table_new(NULL, columns);
	char *text;

	bill_put_flame(data, *state);
	CAPTURE(text, table_print_gnuplot(data, out));
	assert_string_equal(strchr(text, '\n') + 1, "\"round trip\"\t0\t0\t13\n"
						    "\"enter\"\t1\t0\t1\n"
						    "\"swapgs\"\t1\t1\t2\n"
						    "\"dispatch\"\t1\t2\t8\n"
						    "\"leave\"\t1\t8\t13\n"
						    "\"text\"\t2\t0\t1\n"
						    "\"entry\"\t2\t1\t2\n"
						    "\"entry\"\t2\t2\t8\n"
						    "\"entry\"\t2\t8\t13\n"
						    "\"do_syscall_64\"\t3\t3\t8\n"
						    "\"sys_getppid\"\t4\t6\t8\n");
	free(text);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_lines),
	    TEST(test_sums),
	    TEST(test_fault_is_not_counted),
	    TEST(test_folded),
	    TEST(test_json),
	    TEST(test_difference),
	    TEST(test_table),
	    TEST(test_interruption),
	    TEST(test_taken_off),
	    TEST(test_renamed),
	    TEST(test_not_renamed),
	    TEST(test_waterfall),
	    cmocka_unit_test(test_groups),
	    TEST(test_flame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
