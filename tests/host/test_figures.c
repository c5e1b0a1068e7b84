/*
 * Figures and report.html: drawn from made-up runs; what must be said is said, and a missing
 * gnuplot loses nothing else.
 */
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#include <math.h>

#include "report/report.h"
#include "scratch.h"
#include "made_up.h"

static char *read_in(const char *dir, const char *name)
{
	char *path = g_build_filename(dir, name, NULL), *text = file_read(path, NULL, NULL);

	free(path);
	return text;
}

static bool exists(const char *dir, const char *name)
{
	char *text = read_in(dir, name);
	bool there = text && *text;

	free(text);
	return there;
}

static void assert_in(const char *dir, const char *name, const char *say)
{
	char *text = read_in(dir, name);

	if (!text || !strstr(text, say))
		fail_msg("\"%s\" is not in %s", say, name);
	free(text);
}

static void assert_not_in(const char *dir, const char *name, const char *say)
{
	char *text = read_in(dir, name);

	if (!text || strstr(text, say))
		fail_msg("\"%s\" is in %s, or the file is missing", say, name);
	free(text);
}

/* Reports the run into dir; the table goes to DIR/table. */
static int report_run(struct run *run, const char *dir, const char *plots, struct error *error)
{
	struct report_options options = {.plots = plots};
	char *path = g_build_filename(dir, "table", NULL);
	FILE *table = fopen(path, "w");
	int result;

	assert_non_null(table);
	result = report_write(run, dir, &options, table, error);
	fclose(table);
	free(path);
	return result;
}

static int report_made_up(enum made_up kind, const char *dir, const char *plots,
			  struct error *error)
{
	struct run run;
	int result;

	made_up_fill(&run, kind, dir);
	result = report_run(&run, dir, plots, error);
	run_free(&run);
	return result;
}

static size_t count(const char *text, char c)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == c;
	return n;
}

static void assert_drawn(const char *dir, const char *name, const char *const *says)
{
	char *svg = g_strdup_printf("plots/%s.svg", name),
	     *png = g_strdup_printf("plots/%s.png", name);

	for (; *says; says++)
		assert_in(dir, svg, *says);
	char *picture = read_in(dir, png);

	assert_non_null(picture);
	assert_memory_equal(picture, "\x89PNG", 4);
	free(picture);
	free(svg);
	free(png);
}

static void deterministic_figures(void **state)
{
	static const char *const frame[] = {
	    "tcg: deterministic, unit instructions; CPU: made-up CPU", NULL};
	static const char *const matrix[] = {"+14 (+14.3 %)",
					     "kpti on",
					     "Not here: needs pcid, which tcg has not",
					     "unsafe: for measurement only",
					     "instruction counts, not time",
					     NULL};
	static const char *const exits[] = {"adds 6", "instruction counts, not time",
					    "2a23c6b8a9c4", NULL};
	static const char *const erase[] = {"iret-erase (and 3 equal): 52 + 0.25 a byte",
					    "instruction counts, not time", NULL};
	struct error error = {""};

	if (report_made_up(MADE_UP_DEFAULT, *state, NULL, &error))
		fail_msg("%s", error.text);
	assert_drawn(*state, "matrix-tcg-null_syscall", frame);
	assert_drawn(*state, "matrix-tcg-null_syscall", matrix);
	assert_drawn(*state, "iret_sysret-tcg", frame);
	assert_drawn(*state, "iret_sysret-tcg", exits);
	assert_drawn(*state, "erase_depth-tcg", frame);
	assert_drawn(*state, "erase_depth-tcg", erase);
	assert_not_in(*state, "plots/iret_sysret-tcg.svg", "ns saved");
	assert_false(exists(*state, "plots/tlb_pages-tcg.svg"));
	assert_false(exists(*state, "plots/distribution-tcg-null_syscall.dat"));
	assert_in(*state, "report.html",
		  "KPTI and the TLB, by pages touched on tcg: touch_pages was not run: instruction "
		  "counts cannot show TLB misses");
	assert_in(*state, "report.html", "distribution on tcg: an instruction count has none");
	assert_not_in(*state, "report.html", "cycles");
	assert_not_in(*state, "report.html", "<script src");
	assert_not_in(*state, "report.html", "src=");
}

static void silicon_figures(void **state)
{
	static const char *const exits[] = {"kvm: silicon, unit cycles", "ns saved by SYSRET",
					    "80 ns", "saves ", NULL};
	static const char *const pages[] = {"pages touched after the crossing", "a page", NULL};
	static const char *const windows[] = {"99.99", "floor (unsafe)",
					      "unsafe: for measurement only", NULL};
	struct error error = {""};

	if (report_made_up(MADE_UP_SILICON, *state, NULL, &error))
		fail_msg("%s", error.text);
	assert_drawn(*state, "iret_sysret-kvm", exits);
	assert_drawn(*state, "tlb_pages-kvm", pages);
	assert_drawn(*state, "distribution-kvm-null_syscall", windows);
	assert_not_in(*state, "report.html", "instructions");
	assert_not_in(*state, "plots/matrix-kvm-null_syscall.svg", "not time");
	/* Ten boots of each of the thirteen variants that have a result. */
	char *boots = read_in(*state, "plots/matrix-kvm-null_syscall-boots.dat");

	assert_int_equal(count(boots, '\n'), 1 + 130);
	free(boots);
}

static void other_kinds_are_drawn_too(void **state)
{
	static const char *const cases[] = {"sigreturn_exit:iret-rcx", "80 ns", NULL};
	static const char *const long_names[] = {"sysret-kpti-pcid-erase-ibrs-rsb-fill", NULL};
	static const char *const single[] = {"98", NULL};
	struct error error = {""};

	assert_int_equal(report_made_up(MADE_UP_NATIVE, *state, NULL, &error), 0);
	assert_drawn(*state, "iret_sysret-native", cases);
	assert_int_equal(report_made_up(MADE_UP_MANY, *state, NULL, &error), 0);
	assert_drawn(*state, "matrix-metal-null_syscall", long_names);
	assert_int_equal(report_made_up(MADE_UP_SINGLE, *state, NULL, &error), 0);
	assert_drawn(*state, "matrix-tcg", single);
	assert_int_equal(report_made_up(MADE_UP_NOTHING, *state, NULL, &error), 0);
	assert_in(*state, "report.html", "skipped: needs pcid, which tcg has not");
}

/*
 * An unsafe variant may have the features of a safe one: it has a group of its own, and no pair or
 * curve holds it.
 */
static void unsafe_variants_stand_apart(void **state)
{
	struct error error = {""};
	struct run run;

	made_up_fill(&run, MADE_UP_DEFAULT, NULL);
	for (size_t i = 0; i < run.cell_count; i++)
		if (!strcmp(run.cells[i].variant, "sysret-erase"))
			run.cells[i].safe = false;
	assert_int_equal(report_run(&run, *state, NULL, &error), 0);
	assert_in(*state, "plots/erase_depth-tcg.svg", "iret-erase (and 2 equal)");
	assert_not_in(*state, "plots/iret_sysret-tcg.dat", "\"kpti off, erase on\"");
	char *pairs = read_in(*state, "plots/iret_sysret-tcg.dat");

	assert_int_equal(count(pairs, '\n'), 1 + 3);
	free(pairs);
	run_free(&run);
}

/*
 * Panels hold eight lines at most; one boot of a silicon machine shows no difference, whatever it
 * reads.
 */
static void many_variants_stay_legible(void **state)
{
	static const char *const says[] = {"iret-ibrs-rsb-fill", "unsafe", "sysret, erase on",
					   NULL};
	static const char *const exits[] = {"no difference shown", NULL};
	struct error error = {""};

	assert_int_equal(report_made_up(MADE_UP_MANY, *state, NULL, &error), 0);
	assert_drawn(*state, "matrix-metal-null_syscall", says);
	assert_drawn(*state, "iret_sysret-metal", exits);
	assert_not_in(*state, "plots/iret_sysret-metal.svg", ":  saves ");
	char *svg = read_in(*state, "plots/distribution-metal-null_syscall.svg");
	size_t panels = 0;

	for (const char *at = svg; (at = strstr(at, ">percentile<")); at++)
		panels++;
	assert_int_equal(panels, 7);
	free(svg);
}

/* Without samples the figure is drawn from run.json's quantiles, and says so. */
static void distribution_without_samples(void **state)
{
	static const char *const says[] = {"From the quantiles of run.json", NULL};
	struct error error = {""};
	struct run run;

	made_up_fill(&run, MADE_UP_MANY, NULL);
	assert_int_equal(report_run(&run, *state, NULL, &error), 0);
	assert_drawn(*state, "distribution-metal-null_syscall", says);
	run_free(&run);
}

/*
 * Puts a gnuplot of the test's own first in PATH, and reports with it; `script` is sh, REAL the
 * real PATH.
 */
static int report_with(const char *dir, const char *script, enum made_up kind, struct error *error)
{
	g_autofree char *program = g_build_filename(dir, "gnuplot", NULL),
			*old = g_strdup(getenv("PATH"));
	g_autofree char *path = g_strdup_printf("%s:%s", dir, old);
	g_autofree char *text =
	    g_strdup_printf("#!/bin/sh\nREAL='%s'\nHERE='%s'\n%s\n", old, dir, script);

	assert_true(g_file_set_contents(program, text, -1, NULL));
	assert_int_equal(chmod(program, 0755), 0);
	setenv("PATH", path, 1);
	int result = report_made_up(kind, dir, NULL, error);

	setenv("PATH", old, 1);
	return result;
}

static void one_process_draws_all(void **state)
{
	struct error error = {""};

	assert_int_equal(report_with(*state,
				     "echo started >>$HERE/starts; PATH=$REAL exec gnuplot \"$@\"",
				     MADE_UP_DEFAULT, &error),
			 0);
	assert_in(*state, "starts", "started\n");
	assert_not_in(*state, "starts", "started\nstarted");
}

/*
 * The user's settings reach no child: neither GNUTERM and ~/.gnuplot, nor a variable that the tool
 * does not know.
 */
static void gnuplot_runs_bare(void **state)
{
	struct error error = {""};
	g_autofree char *home = g_strdup(getenv("HOME") ? getenv("HOME") : ""),
			*settings = g_build_filename(*state, ".gnuplot", NULL);

	assert_true(g_file_set_contents(settings, "exit error 'read'\n", -1, NULL));
	setenv("HOME", *state, 1);
	setenv("GNUTERM", "x11", 1);
	setenv("GNUPLOT_LIB", "/nowhere", 1);
	int result = report_with(*state, "env >$HERE/env; PATH=$REAL exec gnuplot \"$@\"",
				 MADE_UP_SINGLE, &error);

	setenv("HOME", home, 1);
	unsetenv("GNUTERM");
	unsetenv("GNUPLOT_LIB");
	if (result)
		fail_msg("%s", error.text);
	assert_in(*state, "env", "LC_ALL=C.UTF-8");
	assert_not_in(*state, "env", "GNUTERM");
	assert_not_in(*state, "env", "GNUPLOT_LIB");
	assert_true(exists(*state, "plots/matrix-tcg.png"));
}

/*
 * A figure whose data cannot be drawn is named, and costs no other its picture, before or after it.
 */
static void a_failed_figure_costs_no_other(void **state)
{
	struct error error = {""};

	assert_int_equal(report_with(*state,
				     "echo '\"label\"' >$HERE/plots/matrix-tcg-null_syscall.dat\n"
				     "PATH=$REAL exec gnuplot \"$@\"",
				     MADE_UP_DEFAULT, &error),
			 -1);
	assert_non_null(strstr(error.text, "gnuplot failed on matrix-tcg-null_syscall: "));
	assert_null(strstr(error.text, "enosys"));
	assert_false(exists(*state, "plots/matrix-tcg-null_syscall.svg"));
	assert_false(exists(*state, "plots/matrix-tcg-null_syscall.png"));
	assert_true(exists(*state, "plots/iret_sysret-tcg.png"));
	assert_true(exists(*state, "plots/matrix-tcg-enosys.png"));
	assert_true(exists(*state, "plots/erase_depth-bochs.png"));
	assert_in(*state, "report.html", "gnuplot failed on matrix-tcg-null_syscall");
	assert_in(*state, "report.html", "id=\"matrix-tcg-enosys\"");
}

static void a_hanging_gnuplot_is_ended(void **state)
{
	int limit = figure_time_limit;
	struct error error = {""};

	figure_time_limit = 1;
	int result =
	    report_with(*state, "echo $$ >$HERE/pid; exec sleep 100", MADE_UP_SINGLE, &error);

	figure_time_limit = limit;
	assert_int_equal(result, -1);
	assert_non_null(strstr(error.text, "it did not end within 1 s"));
	g_autofree char *pid = read_in(*state, "pid");

	assert_int_equal(kill((pid_t)atoi(pid), 0), -1);
}

/* Constant, zero, negative, tiny and huge costs, of cells and of boots, in every kind of figure. */
static void every_axis_stands(void **state)
{
	static const double values[][2] = {{0, 0}, {7, 7}, {1e-9, 2e-9}, {-40, -30}, {1, 1e15}};

	static const enum made_up kinds[] = {MADE_UP_SILICON, MADE_UP_NATIVE, MADE_UP_SINGLE};

	for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++)
		for (size_t v = 0; v < G_N_ELEMENTS(values); v++) {
			struct error error = {""};
			struct run run;

			made_up_fill(&run, kinds[k], NULL);
			for (size_t i = 0; i < run.cell_count; i++)
				for (size_t j = 0; j < run.cells[i].boot_count; j++) {
					struct boot *boot = &run.cells[i].boots[j];

					boot->round_trip = values[v][i % 2];
					boot->window.min = boot->window.p50 = (int64_t)values[v][0];
					boot->window.p90 = boot->window.p99 = boot->window.p50;
					boot->window.p999 = boot->window.p50;
					boot->window.max = (int64_t)values[v][1];
				}
			if (report_run(&run, *state, NULL, &error))
				fail_msg("%s, values %g and %g: %s", made_up_names[kinds[k]],
					 values[v][0], values[v][1], error.text);
			run_free(&run);
		}
}

/* A row of equal numbers is a sentence, no figure. */
static void equal_numbers_are_said(void **state)
{
	struct error error = {""};
	struct run run;

	made_up_fill(&run, MADE_UP_DEFAULT, NULL);
	for (size_t i = 0; i < run.cell_count; i++)
		for (size_t j = 0;
		     !strcmp(run.cells[i].bench, "enosys") && j < run.cells[i].boot_count; j++)
			run.cells[i].boots[j].round_trip = 2;
	assert_int_equal(report_run(&run, *state, NULL, &error), 0);
	assert_false(exists(*state, "plots/matrix-tcg-enosys.dat"));
	assert_in(*state, "report.html",
		  "Round trip of enosys, by variant on tcg: 9 of 9 results are the same, 2");
	run_free(&run);
}

/* The scripts run by hand on a results folder, whatever its name. */
static void scripts_run_by_hand(void **state)
{
	g_autofree char *dir = g_strdup_printf("%s/by 'hand'", (char *)*state);
	g_autofree char *png = g_strdup_printf("%s/plots/matrix-tcg.png", dir);
	const char *const words[] = {"gnuplot", "-d", "-c", ENTRYBENCH_SOURCE "/plots/matrix.gp",
				     dir,	NULL};
	struct error error = {""};
	int status = -1;

	assert_int_equal(mkdir(dir, 0777), 0);
	assert_int_equal(report_made_up(MADE_UP_SINGLE, dir, NULL, &error), 0);
	assert_int_equal(unlink(png), 0);
	assert_true(g_spawn_sync(NULL, (char **)words, NULL,
				 G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
				 NULL, &status, NULL));
	assert_int_equal(status, 0);
	assert_true(exists(dir, "plots/matrix-tcg.png"));
}

static void missing_gnuplot_costs_the_figures_only(void **state)
{
	char *old = g_strdup(getenv("PATH"));
	struct error error = {""};

	setenv("PATH", *state, 1);
	int result = report_made_up(MADE_UP_DEFAULT, *state, NULL, &error);

	setenv("PATH", old, 1);
	assert_int_equal(result, -1);
	assert_non_null(strstr(error.text, "gnuplot is not installed"));
	assert_non_null(strstr(error.text, "install the package gnuplot-nox"));
	assert_in(*state, "table", "null_syscall");
	assert_in(*state, "summary.csv", "sysret-kpti");
	assert_in(*state, "report.html", "gnuplot is not installed");
	assert_true(exists(*state, "plots/matrix-tcg-null_syscall.dat"));
	assert_false(exists(*state, "plots/matrix-tcg-null_syscall.svg"));
	free(old);
}

static void scripts_are_found_or_asked_for(void **state)
{
	struct error error = {""};

	assert_int_equal(report_made_up(MADE_UP_SINGLE, *state, *state, &error), -1);
	assert_non_null(strstr(error.text, "holds no gnuplot scripts"));
	setenv("ENTRYBENCH_PLOTS", *state, 1);
	assert_int_equal(report_made_up(MADE_UP_SINGLE, *state, NULL, &error), -1);
	assert_non_null(strstr(error.text, "holds no gnuplot scripts"));
	setenv("ENTRYBENCH_PLOTS", ENTRYBENCH_SOURCE "/plots", 1);
	assert_int_equal(report_made_up(MADE_UP_SINGLE, *state, NULL, &error), 0);
	unsetenv("ENTRYBENCH_PLOTS");
}

static void hostile_names_stay_text(void **state)
{
	struct error error = {""};
	struct run run;

	made_up_fill(&run, MADE_UP_SINGLE, NULL);
	run_set(&run.cells[0].variant, "<b>it's \"x\" `touch pwned`\tand\nmore</b>");
	run_set(&run.cells[0].bench, "../../etc/passwd");
	run_set(&run.machines[0].cpu, "Evil' ; system(\"touch pwned\") #");
	run_set(&run.reference, run.cells[0].variant);
	if (report_run(&run, *state, NULL, &error))
		fail_msg("%s", error.text);
	assert_not_in(*state, "report.html", "<b>");
	assert_in(*state, "report.html", "&lt;b&gt;");
	assert_false(exists(*state, "plots/pwned"));
	assert_true(exists(*state, "plots/matrix-tcg.png"));
	run_free(&run);
}

/* Two benchmarks whose names a file cannot tell apart have a figure each. */
static void names_that_look_alike_on_disk_stay_apart(void **state)
{
	struct error error = {""};
	struct run run;

	made_up_fill(&run, MADE_UP_DEFAULT, NULL);
	for (size_t i = 0; i < run.cell_count; i++) {
		if (!strcmp(run.cells[i].bench, "null_syscall"))
			run_set(&run.cells[i].bench, "a<b");
		if (!strcmp(run.cells[i].bench, "enosys"))
			run_set(&run.cells[i].bench, "a>b");
	}
	if (report_run(&run, *state, NULL, &error))
		fail_msg("%s", error.text);
	assert_in(*state, "plots/matrix-tcg-a_b.svg", "a&lt;b");
	assert_true(exists(*state, "plots/matrix-tcg-a_b-2.svg"));
	run_free(&run);
}

static char *exported(struct run *run, bool json)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	report_export(run, json, out);
	fclose(out);
	return text;
}

static void export_prints_what_the_folder_holds(void **state)
{
	struct error error = {""};
	struct run run;

	made_up_fill(&run, MADE_UP_NATIVE, NULL);
	assert_int_equal(report_run(&run, *state, NULL, &error), 0);
	char *csv = exported(&run, false), *file = read_in(*state, "summary.csv");

	assert_string_equal(csv, file);
	free(csv);
	free(file);
	char *json = exported(&run, true);

	assert_non_null(strstr(json, "\"verdict\": \"slower\""));
	free(json);
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCRATCH_TEST(deterministic_figures),
	    SCRATCH_TEST(silicon_figures),
	    SCRATCH_TEST(other_kinds_are_drawn_too),
	    SCRATCH_TEST(unsafe_variants_stand_apart),
	    SCRATCH_TEST(many_variants_stay_legible),
	    SCRATCH_TEST(distribution_without_samples),
	    SCRATCH_TEST(one_process_draws_all),
	    SCRATCH_TEST(gnuplot_runs_bare),
	    SCRATCH_TEST(a_failed_figure_costs_no_other),
	    SCRATCH_TEST(a_hanging_gnuplot_is_ended),
	    SCRATCH_TEST(every_axis_stands),
	    SCRATCH_TEST(equal_numbers_are_said),
	    SCRATCH_TEST(names_that_look_alike_on_disk_stay_apart),
	    SCRATCH_TEST(scripts_run_by_hand),
	    SCRATCH_TEST(missing_gnuplot_costs_the_figures_only),
	    SCRATCH_TEST(scripts_are_found_or_asked_for),
	    SCRATCH_TEST(hostile_names_stay_text),
	    SCRATCH_TEST(export_prints_what_the_folder_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
