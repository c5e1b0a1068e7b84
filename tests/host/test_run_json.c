/*
 * run.json: what is written is read back the same, and a bad file is refused with its place named.
 */
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/folder.h"
#include "scratch.h"

static void fill(struct run *run)
{
	struct run_machine *machine;
	struct cell *cell;
	struct boot *boot;

	run_init(run);
	run_set(&run->tool.version, "1.2.3");
	run_set(&run->started, "2025-01-02T03:04:05Z");
	run->seed = (1ULL << 53) - 1;
	run_set(&run->reference, "iret");
	strings_add(&run->command, "entrybench");
	strings_add(&run->command, "run \"x\"");
	strings_add(&run->options.benches, "deep_*");
	run->options.windows = 10000000000ULL;
	strings_add(&run->options.program, "/a/program");
	strings_add(&run->options.program, "");
	run->host.cpus = 2;
	pairs_add(&run->host.mitigations, "meltdown", "Not affected");
	machine = run_add_machine(run, "tcg");
	machine->class = CLASS_DETERMINISTIC;
	machine->available = true;
	run_set(&machine->features, "smep,smap");
	cell = run_add_cell(run, "tcg", "sysret", "deep_syscall:4096");
	cell->class = CLASS_DETERMINISTIC;
	cell->safe = false;
	cell->boots_wanted = 2;
	pairs_add(&cell->features, "exit", "sysret");
	flags_add(&cell->flags, "unsafe", 1, "said twice");
	cell->summary.round_trip = (struct interval){55, 54.5, 55.5};
	boot = cell_add_boot(cell, 1);
	boot->status = STATUS_TIMEOUT;
	run_set(&boot->reason, "no end after 10 s");
	run_set(&boot->signal, "SIGKILL");
	boot = cell_add_boot(cell, 0);
	boot->round_trip = 55.25;
	boot->exit_status = 3;
	boot->window = (struct quantiles){40, -3, 60, 61, 62, 63, 1LL << 40};
	boot->controls.empty_window = 5;
	boot->clock.backwards = 7;
	run_set(&boot->log, "logs/a.log");
}

static void test_round_trip(void **state)
{
	struct error error;
	struct run run, back;
	const struct boot *boot;

	fill(&run);
	assert_int_equal(run_save(&run, *state, &error), 0);
	assert_int_equal(run_load(&back, *state, &error), 0);
	assert_string_equal(back.tool.version, "1.2.3");
	assert_int_equal(back.seed, (1ULL << 53) - 1);
	assert_string_equal(back.command.at[1], "run \"x\"");
	assert_string_equal(back.options.benches.at[0], "deep_*");
	assert_int_equal(back.options.windows, 10000000000ULL);
	assert_int_equal(back.options.program.count, 2);
	assert_string_equal(back.options.program.at[0], "/a/program");
	assert_string_equal(back.options.program.at[1], "");
	assert_true(isnan(back.host.tsc_hz));
	assert_string_equal(pairs_get(&back.host.mitigations, "meltdown"), "Not affected");
	assert_string_equal(run_find_machine(&back, "tcg")->features, "smep,smap");
	assert_int_equal(back.cell_count, 1);
	assert_false(back.cells[0].safe);
	assert_int_equal(back.cells[0].class, CLASS_DETERMINISTIC);
	assert_string_equal(flags_get(&back.cells[0].flags, "unsafe")->text, "said twice");
	assert_true(back.cells[0].summary.round_trip.high == 55.5);
	assert_true(isnan(back.cells[0].summary.vs_reference.estimate));
	assert_int_equal(back.cells[0].boot_count, 2);
	boot = &back.cells[0].boots[0];
	assert_int_equal(boot->boot, 0);
	assert_true(boot->round_trip == 55.25 && isnan(boot->round_trip_p10));
	assert_true(boot->window.min == -3 && boot->window.max == 1LL << 40);
	assert_true(boot->controls.empty_window == 5 && isnan(boot->controls.twin));
	assert_int_equal(boot->clock.backwards, 7);
	assert_string_equal(boot->log, "logs/a.log");
	assert_true(boot->exit_status == 3);
	assert_string_equal(boot->signal, "");
	assert_true(isnan(back.cells[0].boots[1].exit_status));
	assert_string_equal(back.cells[0].boots[1].signal, "SIGKILL");
	assert_int_equal(back.cells[0].boots[1].status, STATUS_TIMEOUT);
	assert_int_equal(back.cells[0].boots[1].window.n, 0);
	run_free(&run);
	run_free(&back);
}

/* What has its first value is left out; a zero that was measured is not. */
static void test_left_out(void **state)
{
	struct run run;
	struct cell *cell;

	(void)state;
	run_init(&run);
	cell = run_add_cell(&run, "tcg", "iret", "x");
	cell_add_boot(cell, 0)->exit_status = 0;
	cell->boots[0].controls.twin = 0;
	json_auto_t *json = fields_write(cell_shape(), cell);
	g_autofree char *text = json_dumps(json, JSON_COMPACT);

	assert_string_equal(text, "{\"machine\":\"tcg\",\"class\":\"silicon\",\"unit\":\"cycles\","
				  "\"variant\":\"iret\",\"safe\":true,\"bench\":\"x\","
				  "\"status\":\"ok\",\"boots\":[{\"boot\":0,\"status\":\"ok\","
				  "\"exit_status\":0,\"controls\":{\"twin\":0.0}}]}");
	run_free(&run);
}

/* Writes text as run.json and expects a refusal that holds `say`. */
static void refused(const char *dir, const char *text, const char *say)
{
	struct error error = {""};
	struct run run;

	assert_int_equal(file_replace(dir, RUN_FILE, text, strlen(text), &error), 0);
	assert_int_equal(run_load(&run, dir, &error), -1);
	if (!strstr(error.text, say))
		fail_msg("\"%s\" does not say \"%s\"", error.text, say);
	assert_null(run.cells);
}

#define HEAD "{\"schema\": \"entrybench-run/1\", "
#define ONE(class, boots, more)                                                                    \
	"{\"machine\": \"tcg\", \"variant\": \"iret\", \"bench\": \"x\", \"status\": \"ok\", "     \
	"\"class\": \"" class "\", \"safe\": true, \"boots\": [" boots "]" more "}"
#define CELL(class, boots, more) HEAD "\"cells\": [" ONE(class, boots, more) "]}"

#define BOOT(text) "{\"status\": \"ok\", \"boot\": " text "}"

static void test_bad_files(void **state)
{
	struct error error;
	struct run run;

	assert_int_equal(run_load(&run, *state, &error), -1);
	assert_non_null(strstr(error.text, "run.json"));
	refused(*state, "{\"schema\": \"entry", "line 1");
	refused(*state, "{\"schema\": \"entrybench-run/2\", \"cells\": []}", "entrybench-run/2");
	refused(*state, "[]", "no entrybench-run/1 file");
	refused(*state, HEAD "\"seed\": 1}", "cells: is missing");
	refused(*state, HEAD "\"seed\": -1, \"cells\": []}", "seed: must not be negative");
	refused(*state, HEAD "\"seed\": \"1\", \"cells\": []}",
		"seed: Expected integer, got string");
	refused(*state, HEAD "\"cells\": [{}]}", "cells[0].machine: is missing");
	refused(*state, CELL("gold", "", ""), "cells[0].class: must be silicon or");
	refused(*state, CELL("silicon", BOOT("0") ", " BOOT("1, \"round_trip\": \"98\""), ""),
		"cells[0].boots[1].round_trip: Expected real");
	refused(*state, CELL("silicon", BOOT("3") ", " BOOT("3"), ""),
		"cells[0]: boot 3 is there twice");
	refused(*state, CELL("silicon", "", ", \"bench\": \"\""), "duplicate object key");
	refused(*state,
		CELL("silicon", "",
		     ", \"summary\": {\"round_trip\": {\"estimate\": 1, \"ci95\": [1]}}"),
		"cells[0].summary.round_trip: ");
	refused(*state, HEAD "\"cells\": [" ONE("silicon", "", "") ", " ONE("silicon", "", "") "]}",
		"cells[1]: tcg, iret, x is there twice");
	refused(*state, CELL("silicon", "{\"boot\": 1}", ""),
		"cells[0].boots[0].status: is missing");
	refused(*state, HEAD "\"cells\": [7]}", "cells[0]: an object");
	refused(*state, HEAD "\"cells\": {}}", "cells: an array");
	refused(*state, HEAD "\"command\": [1], \"cells\": []}", "command: Expected string");
}

/* Far beyond what is read at once; the place of a mistake is told all the same. */
static void test_long_file(void **state)
{
	g_autoptr(GString) text = g_string_new(HEAD "\"cells\": [\n");
	struct error error;
	struct run run;

	for (unsigned i = 1; i <= 5000; i++)
		g_string_append_printf(
		    text,
		    "{\"machine\": \"tcg\", \"variant\": \"v%u\", \"bench\": \"x\", "
		    "\"status\": \"ok\", \"class\": \"silicon\", \"safe\": true, "
		    "\"boots\": [], \"number\": %u}%s\n",
		    i, i, i < 5000 ? "," : "");
	g_string_append(text, "], \"seed\": 123}");
	assert_int_equal(file_replace(*state, RUN_FILE, text->str, text->len, &error), 0);
	assert_int_equal(run_load(&run, *state, &error), 0);
	assert_int_equal(run.cell_count, 5000);
	assert_int_equal(run.cells[4999].number, 5000);
	assert_int_equal(run.seed, 123);
	run_free(&run);
	text->str[text->len - 2] = 'x';
	refused(*state, text->str, "line 5002: ");
}

static void test_no_plain_file(void **state)
{
	g_autofree char *path = g_strdup_printf("%s/run.json", (char *)*state);
	struct error error;
	struct run run;

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(run_load(&run, *state, &error), -1);
	assert_non_null(strstr(error.text, "it is no regular file"));
}

/* A failing write leaves the old file as it was, and no new one beside it. */
static void test_failing_write_keeps_old(void **state)
{
	char *fresh = g_strdup_printf("%s/run.json.new", (char *)*state);
	struct error error;
	struct run run;

	fill(&run);
	assert_int_equal(run_save(&run, *state, &error), 0);
	assert_int_equal(symlink("/dev/full", fresh), 0);
	run_set(&run.tool.version, "9");
	assert_int_equal(run_save(&run, *state, &error), -1);
	assert_non_null(strstr(error.text, "No space left"));
	run_free(&run);
	assert_int_equal(run_load(&run, *state, &error), 0);
	assert_string_equal(run.tool.version, "1.2.3");
	assert_int_equal(access(fresh, F_OK), -1);
	run_free(&run);
	free(fresh);
}

/* A run that never ended: run.json without results, and a journal whose last line is cut short. */
static void test_journal(void **state)
{
	g_autofree char *path = g_strdup_printf("%s/" JOURNAL_FILE, (char *)*state);
	struct journal journal = {0};
	struct error error;
	struct run run, back;
	struct boot *boot;
	struct stat status;

	fill(&run);
	assert_int_equal(journal_open(&journal, &run, *state, &error), 0);
	for (unsigned number = 5; number > 2; number--) {
		boot = cell_add_boot(&run.cells[0], number);
		boot->round_trip = number;
		run.cells[0].status = STATUS_TIMEOUT;
		assert_int_equal(journal_add(&journal, &run, &run.cells[0], &error), 0);
	}
	assert_int_equal(run_load(&back, *state, &error), 0);
	assert_int_equal(back.cells[0].boot_count, 5);
	assert_true(back.cells[0].boots[3].boot == 4 && back.cells[0].boots[3].round_trip == 4);
	assert_int_equal(back.cells[0].status, STATUS_TIMEOUT);
	run_free(&back);

	/* Each line has its own boot only. */
	assert_int_equal(stat(path, &status), 0);
	off_t size = status.st_size;

	assert_int_equal(truncate(path, size - 1), 0);
	assert_int_equal(run_load(&back, *state, &error), 0);
	assert_int_equal(back.cells[0].boot_count, 4);
	run_free(&back);

	assert_int_equal(journal_close(&journal, &run, *state, &error), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(run_load(&back, *state, &error), 0);
	assert_int_equal(back.cells[0].boot_count, 5);
	run_free(&back);
	run_free(&run);
}

static void test_damaged_journal(void **state)
{
	struct journal journal = {0};
	struct error error = {""};
	struct run run;

	fill(&run);
	assert_int_equal(journal_open(&journal, &run, *state, &error), 0);
	fputs("{\"number\": 7}\n", journal.file);
	journal_free(&journal);
	run_free(&run);
	assert_int_equal(run_load(&run, *state, &error), -1);
	assert_non_null(strstr(error.text, JOURNAL_FILE ": line 1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_left_out),	SCRATCH_TEST(test_round_trip),
	    SCRATCH_TEST(test_bad_files),	SCRATCH_TEST(test_long_file),
	    SCRATCH_TEST(test_no_plain_file),	SCRATCH_TEST(test_journal),
	    SCRATCH_TEST(test_damaged_journal), SCRATCH_TEST(test_failing_write_keeps_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
