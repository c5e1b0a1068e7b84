/*
 * The run on a terminal, summary.csv and JSON: widths, order, words and quoting, on made-up runs.
 */
#include <math.h>

#include "report/report.h"
#include "scratch.h"
#include "made_up.h"

static char *screen_of(const struct run *run, bool full, int width, bool color)
{
	struct rows rows;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	rows_fill(&rows, run);
	report_print(run, &rows, full, out, (struct table_style){width, color});
	rows_free(&rows);
	fclose(out);
	return text;
}

/* What a run looks like on a terminal so wide. */
static char *printed(const struct run *run, int width, bool color)
{
	return screen_of(run, true, width, color);
}

static char *csv_of(const struct run *run)
{
	struct rows rows;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	rows_fill(&rows, run);
	g_autoptr(table_t) table = rows_table(run, &rows);
	table_print_csv(table, out);
	rows_free(&rows);
	fclose(out);
	return text;
}

static char *table_of(enum made_up kind, bool color)
{
	struct run run;

	made_up_fill(&run, kind, NULL);
	char *text = printed(&run, 100, color);

	run_free(&run);
	return text;
}

static void assert_says(const char *text, const char *say)
{
	if (!strstr(text, say))
		fail_msg("\"%s\" is not in:\n%s", say, text);
}

static void assert_silent(const char *text, const char *say)
{
	if (strstr(text, say))
		fail_msg("\"%s\" is in:\n%s", say, text);
}

static void tables_fit_their_width(void **state)
{
	(void)state;
	for (int kind = 0; kind < MADE_UP_COUNT; kind++) {
		struct run run;

		made_up_fill(&run, (enum made_up)kind, NULL);
		for (int width = 60; width <= 140; width += 20) {
			char *table = printed(&run, width, false), *rest = table;

			for (char *line; (line = strsep(&rest, "\n"));) {
				if (g_utf8_strlen(line, -1) > width)
					fail_msg("%s: not %d columns: %s", made_up_names[kind],
						 width, line);
				if (*line && line[strlen(line) - 1] == ' ')
					fail_msg("%s: blank at the end: %s", made_up_names[kind],
						 line);
			}
			free(table);
		}
		run_free(&run);
	}
}

static void a_first_screen_has_40_lines(void **state)
{
	(void)state;
	for (int kind = 0; kind < MADE_UP_COUNT; kind++) {
		struct run run;

		made_up_fill(&run, (enum made_up)kind, NULL);
		char *screen = screen_of(&run, false, 100, false);
		g_auto(GStrv) lines = g_strsplit(screen, "\n", -1);

		if (g_strv_length(lines) - 1 > 40)
			fail_msg("%s: %u lines:\n%s", made_up_names[kind], g_strv_length(lines) - 1,
				 screen);
		if (kind == MADE_UP_DEFAULT)
			assert_says(screen, "feature");
		if (kind == MADE_UP_NATIVE)
			assert_says(screen, "host:iret-rcx");
		free(screen);
		run_free(&run);
	}
}

static void table_says_what_must_be_said(void **state)
{
	(void)state;
	char *table = table_of(MADE_UP_DEFAULT, false);

	assert_says(table, "tcg: deterministic, round trips in instructions; CPU made-up CPU");
	assert_says(table, "unsafe: for measurement only");
	assert_says(table, "\n     32  skipped: needs pcid, which tcg has not  iret-kpti-pcid, "
			   "sysret-kpti-pcid,\n");
	assert_says(table, " null_syscall, enosys, deep_syscall:256 and 5 more\n");
	assert_says(table, "\n      6  skipped: floor has no kernel behind it");
	assert_says(table, "instructions say how much work, not how long");
	assert_says(table, "kvm: made up: /dev/kvm is a software KVM (kvm_pvm)");
	assert_says(table, "+14 (+14.3 %)");
	assert_says(table, "\n  variant                 instructions  ");
	assert_silent(table, "cycles");
	assert_silent(table, "\033[");
	free(table);
	table = table_of(MADE_UP_SILICON, true);
	assert_says(table, "panicked: #GP at phase syscall.leave");
	assert_says(table, "timeout: no record for 10 s");
	assert_says(table, "      negative_window (12)");
	assert_says(table, "inconclusive, needs about ");
	assert_says(table, "\033[1m");
	assert_silent(table, "instructions");
	free(table);
	table = table_of(MADE_UP_MANY, false);
	assert_says(table, "one boot says nothing of the spread");
	assert_says(table, " ~\n  iret-kpti ");
	free(table);
}

/* A flag of all rows is said once below them, one of some rows beside these. */
static void common_flags_are_said_once(void **state)
{
	(void)state;
	struct run run;

	made_up_fill(&run, MADE_UP_NATIVE, NULL);
	for (size_t i = 0; i < run.cell_count; i++)
		flags_add(&run.cells[i].flags, "clock_step", 260, "");
	flags_add(&run.cells[0].flags, "negative_window", 10, "");
	/* of boots that the estimate leaves out */
	flags_add(&run.cells[0].flags, "unstable", 3, "");
	char *table = printed(&run, 100, false);

	assert_says(table, "\n  clock_step (all rows): one window cannot resolve");
	assert_silent(table, "clock_step (260)");
	assert_says(table, "  negative_window\nenosys");
	assert_says(table, "\n  negative_window: a window ended before it began");
	assert_silent(table, "unstable");
	free(table);
	table = csv_of(&run);
	assert_says(table, ",clock_step=260 negative_window=10 unstable=3\n");
	free(table);
	run_free(&run);
}

static void core_cycles_stand_beside_ticks(void **state)
{
	(void)state;
	struct run run;

	made_up_fill(&run, MADE_UP_NATIVE, NULL);
	for (size_t i = 0; i < run.cell_count; i++) {
		for (size_t b = 0; b < run.cells[i].boot_count; b++) {
			struct boot *boot = &run.cells[i].boots[b];

			boot->core_cycles = 4321.5;
			costs_add(&boot->loops, "dependent_adds", 360);
			costs_add(&boot->loops, "independent_adds", i ? 94 : 120);
		}
	}
	summary_fill(&run);
	char *table = printed(&run, 100, false);

	assert_says(table, "  core ");
	assert_says(table, " 4321.5 ");
	assert_says(table, "not calm");
	assert_says(table, "\n  core: the same in cycles of the core");
	free(table);
	run_free(&run);
}

static void cases_are_rows_beside_their_reference_case(void **state)
{
	(void)state;
	char *table = table_of(MADE_UP_NATIVE, false);

	assert_says(table, "\nsigreturn_exit\n  host:sysret ");
	assert_says(table, "vs reference");
	assert_says(table, "(+18.9 %)");
	free(table);
}

static void numbers_as_a_reader_sees_them(void **state)
{
	(void)state;
	struct interval exact = {104, 104, 104}, wide = {104, 101.25, 107}, none = {104, NAN, NAN};
	const struct {
		char *is;
		const char *expected;
	} cases[] = {
	    {format_cost(104, CLASS_DETERMINISTIC), "104"},
	    {format_cost(104.25, CLASS_DETERMINISTIC), "104.25"},
	    {format_cost(104, CLASS_SILICON), "104.0"},
	    {format_cost(-0.01, CLASS_SILICON), "0.0"},
	    {format_cost(NAN, CLASS_SILICON), "-"},
	    {format_delta(-8, 112, CLASS_DETERMINISTIC), "-8 (-7.1 %)"},
	    {format_delta(3, 0, CLASS_SILICON), "+3.0"},
	    {format_delta(0, 5, CLASS_DETERMINISTIC), "0"},
	    {format_interval(&exact, CLASS_DETERMINISTIC), "exact"},
	    {format_interval(&exact, CLASS_SILICON), "[104.0, 104.0]"},
	    {format_interval(&wide, CLASS_DETERMINISTIC), "[101.25, 107]"},
	    {format_interval(&none, CLASS_SILICON), "-"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_string_equal(cases[i].is, cases[i].expected);
		free(cases[i].is);
	}
}

static void command_can_be_typed_again(void **state)
{
	(void)state;
	struct strings words = {0};

	strings_add(&words, "entrybench");
	strings_add(&words, "-B");
	strings_add(&words, "deep_*");
	strings_add(&words, "it's");
	strings_add(&words, "");
	char *command = format_command(&words);

	assert_string_equal(command, "entrybench -B 'deep_*' 'it'\\''s' ''");
	free(command);
	strings_free(&words);
}

/* A reader of RFC 4180 of our own: the fields of one record; returns where the next one starts. */
static const char *read_record(const char *at, struct strings *fields)
{
	char field[2000];

	for (;;) {
		size_t length = 0;
		bool quoted = *at == '"';

		at += quoted;
		while (*at && (quoted || (*at != ',' && *at != '\n'))) {
			if (quoted && *at == '"' && *++at != '"')
				quoted = false;
			else
				field[length++] = *at++;
		}
		field[length] = 0;
		strings_add(fields, field);
		if (*at++ != ',')
			return at;
	}
}

static void csv_survives_hostile_texts(void **state)
{
	(void)state;
	static const char hostile[] = "needs \"pcid\", and\na line";
	struct strings header = {0}, record = {0};
	struct run run;

	made_up_fill(&run, MADE_UP_NOTHING, NULL);
	run_set(&run.cells[0].reason, hostile);
	char *csv = csv_of(&run);
	const char *rest = read_record(read_record(csv, &header), &record);

	assert_string_equal(rest, "");
	assert_int_equal(header.count, record.count);
	for (size_t i = 0; i < header.count; i++)
		if (!strcmp(header.at[i], "reason"))
			assert_string_equal(record.at[i], hostile);
	free(csv);
	strings_free(&header);
	strings_free(&record);
	run_free(&run);
}

static void csv_has_a_record_of_every_cell(void **state)
{
	(void)state;
	struct run run;
	size_t records = 0;

	made_up_fill(&run, MADE_UP_SILICON, NULL);
	char *csv = csv_of(&run);

	for (const char *at = csv; *at; records++) {
		struct strings record = {0};

		at = read_record(at, &record);
		assert_int_equal(record.count, 44);
		strings_free(&record);
	}
	assert_int_equal(records, 1 + run.cell_count);
	free(csv);
	run_free(&run);
}

/* What a run.json from elsewhere may hold in any of its texts. */
#define ESCAPES "\033]0;title\007\033[31m<script>alert(1)</script>|,\"\xc2\x9b"

static void hostile_runs_are_shown_escaped(void **state)
{
	(void)state;
	struct run run;

	made_up_fill(&run, MADE_UP_SILICON, NULL);
	for (size_t i = 0; i < run.cell_count; i++) {
		struct cell *cell = &run.cells[i];

		run_set(&cell->variant, ESCAPES);
		run_set(&cell->reason, ESCAPES);
		flags_add(&cell->flags, ESCAPES, 1, ESCAPES);
	}
	run_set(&run.host.cpu, ESCAPES);
	run_set(&run.machines[0].cpu, ESCAPES);
	strings_add(&run.command, ESCAPES);
	char *texts[] = {printed(&run, 80, false), csv_of(&run)};

	for (size_t i = 0; i < 2; i++) {
		assert_null(strpbrk(texts[i], "\033\007"));
		assert_silent(texts[i], "\xc2\x9b");
		assert_says(texts[i], "\\x1b[31m<script>");
		free(texts[i]);
	}
	run_free(&run);
}

/* One boot a cell of a benchmark on a machine. */
static struct boot *add_one(struct run *run, const char *machine, enum machine_class class,
			    const char *variant, const char *bench, double cost)
{
	struct cell *cell = run_add_cell(run, machine, variant, bench);
	struct boot *boot = cell_add_boot(cell, 0);

	cell->class = class;
	boot->round_trip = cost;
	return boot;
}

static void what_a_benchmark_times_beside_it_is_shown(void **state)
{
	(void)state;
	struct boot *boot;
	struct run run;

	run_init(&run);
	add_one(&run, "native", CLASS_SILICON, "host", "null_syscall", 300);
	boot = add_one(&run, "native", CLASS_SILICON, "host", "spike:4", 310);
	boot->over_reference = 2;
	costs_add(&boot->loops, "adds", 32);
	boot = add_one(&run, "native", CLASS_SILICON, "host", "touch_pages:8", 900);
	costs_add(&boot->loops, "crossing_packed", 350);
	costs_add(&boot->loops, "bare_packed", 20);
	add_one(&run, "native", CLASS_SILICON, "host", "int80", 10000);
	add_one(&run, "native", CLASS_SILICON, "host", "ldt_stack:gdt", 2400);
	run_set(&run.reference, "host");
	summary_fill(&run);
	char *table = printed(&run, 160, false);

	assert_says(table, "4 adds: found 4.0");
	assert_says(table, "  570.0");
	assert_says(table, "apic_trap: more than 10 times a system call");
	assert_null(flags_get(&run.cells[4].flags, "apic_trap"));
	assert_true(run.cells[2].summary.tlb.estimate == 570);
	/* Nothing is compared with anything here: no column of it. */
	assert_silent(table, "vs ");
	free(table);
	run_free(&run);
}

static void linux_stands_beside_the_core(void **state)
{
	(void)state;
	struct rows rows;
	struct run run;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	run_init(&run);
	add_one(&run, "tcg", CLASS_DETERMINISTIC, "sysret", "null_syscall", 99);
	pairs_add(&run.cells[0].features, "exit", "sysret");
	add_one(&run, "tcg", CLASS_DETERMINISTIC, "sysret-erase", "null_syscall", 154);
	pairs_add(&run.cells[1].features, "exit", "sysret");
	pairs_add(&run.cells[1].features, "erase", "on");
	add_one(&run, "tcg", CLASS_DETERMINISTIC, "linux-5.8", "null_syscall", 162);
	add_one(&run, "linux", CLASS_DETERMINISTIC, "pti=on", "null_syscall", 330);
	add_one(&run, "linux", CLASS_DETERMINISTIC, "pti=on", "vdso", 40);
	summary_fill(&run);
	rows_fill(&rows, &run);
	g_autoptr(table_t) table = findings_linux(&run, &rows, CLASS_DETERMINISTIC);
	g_autoptr(table_t) none = findings_linux(&run, &rows, CLASS_SILICON);

	table_print_markdown(table, out);
	fclose(out);
	assert_string_equal(text, "|  | tcg:sysret | tcg:linux-5.8 | linux:pti=on |\n"
				  "|---|--:|--:|--:|\n"
				  "| null\\_syscall | 99 | 162 | 330 |\n"
				  "| vdso |  |  | 40 |\n");
	assert_int_equal(table_rows(none), 0);
	free(text);
	rows_free(&rows);
	run_free(&run);
}

static void a_cell_is_found_by_its_end(void **state)
{
	(void)state;
	struct error error;
	struct run run;

	run_init(&run);
	add_one(&run, "tcg", CLASS_DETERMINISTIC, "sysret", "null_syscall", 99);
	add_one(&run, "tcg", CLASS_DETERMINISTIC, "iret", "null_syscall", 83);
	assert_ptr_equal(report_find_cell(&run, "tcg:iret:null_syscall", &error), &run.cells[1]);
	assert_ptr_equal(report_find_cell(&run, "sysret:null_syscall", &error), &run.cells[0]);
	assert_null(report_find_cell(&run, "null_syscall", &error));
	assert_says(error.text, "2 cells end in null_syscall");
	assert_null(report_find_cell(&run, "ret:null_syscall", &error));
	assert_says(error.text, "no cell ret:null_syscall");
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tables_fit_their_width),
	    cmocka_unit_test(a_first_screen_has_40_lines),
	    cmocka_unit_test(table_says_what_must_be_said),
	    cmocka_unit_test(common_flags_are_said_once),
	    cmocka_unit_test(core_cycles_stand_beside_ticks),
	    cmocka_unit_test(cases_are_rows_beside_their_reference_case),
	    cmocka_unit_test(numbers_as_a_reader_sees_them),
	    cmocka_unit_test(command_can_be_typed_again),
	    cmocka_unit_test(csv_survives_hostile_texts),
	    cmocka_unit_test(csv_has_a_record_of_every_cell),
	    cmocka_unit_test(hostile_runs_are_shown_escaped),
	    cmocka_unit_test(what_a_benchmark_times_beside_it_is_shown),
	    cmocka_unit_test(linux_stands_beside_the_core),
	    cmocka_unit_test(a_cell_is_found_by_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
