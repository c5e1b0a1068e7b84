/* Figures and report.html: drawn from made-up runs; what must be said is said, and a missing gnuplot loses nothing else. */
#include "scratch.h"

#include <sys/stat.h>
#include <unistd.h>

#include "made_up.h"
#include "figure/figure.h"
#include "report/report.h"
#include "model/summary.h"

static char *read_in(const char *dir, const char *name)
{
	char *path = path_join(dir, name), *text = file_read(path, NULL, NULL);

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
	char *path = path_join(dir, "table");
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

static void assert_drawn(const char *dir, const char *name, const char *const *says)
{
	char *svg = memory_format("plots/%s.svg", name), *png = memory_format("plots/%s.png", name);

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
					     "kpti pcid",
					     "skipped: needs pcid, which tcg has not",
					     "unsafe: for measurement only",
					     "Instructions are not time",
					     NULL};
	static const char *const exits[] = {
	    "adds 6",	    "80 ns", "ns saved by SYSRET", "Instructions are not time",
	    "2a23c6b8a9c4", NULL};
	static const char *const erase[] = {"iret-erase (and 3 equal): 52 + 0.25 a byte", NULL};
	static const char *const windows[] = {"the lines are flat", NULL};
	struct error error = {""};

	if (report_made_up(MADE_UP_DEFAULT, *state, NULL, &error))
		fail_msg("%s", error.text);
	assert_drawn(*state, "matrix-tcg-null_syscall", frame);
	assert_drawn(*state, "matrix-tcg-null_syscall", matrix);
	assert_drawn(*state, "iret_sysret-tcg", frame);
	assert_drawn(*state, "iret_sysret-tcg", exits);
	assert_drawn(*state, "erase_depth-tcg", frame);
	assert_drawn(*state, "erase_depth-tcg", erase);
	assert_drawn(*state, "distribution-tcg-null_syscall", windows);
	assert_false(exists(*state, "plots/tlb_pages-tcg.svg"));
	assert_false(exists(*state, "plots/gnuplot.log"));
	assert_in(*state, "report.html",
		  "TLB cost of KPTI against pages on tcg: touch_pages was not run: instruction "
		  "counts cannot show TLB misses");
	assert_not_in(*state, "report.html", "cycles");
	assert_not_in(*state, "report.html", "<script");
	assert_not_in(*state, "report.html", "src=");
}

static void silicon_figures(void **state)
{
	static const char *const exits[] = {"kvm: silicon, unit cycles", "ns saved by SYSRET",
					    "saves ", NULL};
	static const char *const pages[] = {"pages touched after the crossing", "a page", NULL};
	static const char *const windows[] = {"99.99", "floor (unsafe)",
					      "floor: unsafe: for measurement only", NULL};
	struct error error = {""};

	if (report_made_up(MADE_UP_SILICON, *state, NULL, &error))
		fail_msg("%s", error.text);
	assert_drawn(*state, "iret_sysret-kvm", exits);
	assert_drawn(*state, "tlb_pages-kvm", pages);
	assert_drawn(*state, "distribution-kvm-null_syscall", windows);
	assert_not_in(*state, "report.html", "instructions");
}

static void other_kinds_are_drawn_too(void **state)
{
	static const char *const cases[] = {"sigreturn_exit:iret-rcx", "80 ns", NULL};
	static const char *const long_names[] = {"sysret-kpti-pcid-erase-ibrs-rsb-fill", NULL};
	static const char *const single[] = {"98  reference", NULL};
	struct error error = {""};

	assert_int_equal(report_made_up(MADE_UP_NATIVE, *state, NULL, &error), 0);
	assert_drawn(*state, "iret_sysret-native", cases);
	assert_in(*state, "plots/draw.gp", "logarithmic = 0\n");
	assert_int_equal(report_made_up(MADE_UP_MANY, *state, NULL, &error), 0);
	assert_drawn(*state, "matrix-metal-null_syscall", long_names);
	assert_int_equal(report_made_up(MADE_UP_SINGLE, *state, NULL, &error), 0);
	assert_drawn(*state, "matrix-tcg", single);
	assert_int_equal(report_made_up(MADE_UP_NOTHING, *state, NULL, &error), 0);
	assert_in(*state, "report.html", "skipped: needs pcid, which tcg has not");
}

/* An unsafe variant may have the features of a safe one: it has a group of its own, and no pair or curve holds it. */
static void unsafe_variants_stand_apart(void **state)
{
	struct error error = {""};
	struct run run;

	made_up_fill(&run, MADE_UP_DEFAULT, NULL);
	for (size_t i = 0; i < run.cell_count; i++)
		if (!strcmp(run.cells[i].variant, "sysret-erase"))
			run.cells[i].safe = false;
	assert_int_equal(report_run(&run, *state, NULL, &error), 0);
	assert_in(*state, "plots/matrix-tcg-null_syscall.dat", "\tunsafe\t");
	assert_in(*state, "plots/erase_depth-tcg.dat", "iret-erase (and 2 equal)");
	assert_not_in(*state, "plots/iret_sysret-tcg.dat", "\tkpti off, erase on\t");
	char *pairs = read_in(*state, "plots/iret_sysret-tcg.dat");
	size_t lines = 0;

	for (const char *c = pairs; *c; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 1 + 3);
	free(pairs);
	run_free(&run);
}

/* More combinations of features than colours: fewer features tell colours apart, and panels hold eight lines at most. */
static void many_variants_stay_legible(void **state)
{
	struct error error = {""};

	assert_int_equal(report_made_up(MADE_UP_MANY, *state, NULL, &error), 0);
	assert_in(*state, "plots/draw.gp", "keys = 5\n");
	assert_in(*state, "plots/draw.gp", "key_4 = 'sysret, erase on'\n");
	assert_in(*state, "plots/draw.gp", "panel_7 = 'unsafe'\n");
	assert_in(*state, "plots/draw.gp", "last_1 = 8\n");
	/* One boot of a silicon machine shows no difference, whatever it reads. */
	assert_in(*state, "plots/iret_sysret-metal.dat", "\tno difference shown\t");
	assert_not_in(*state, "plots/iret_sysret-metal.dat", "\tsaves ");
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

/* A gnuplot that counts its starts, then does what the real one does. */
static void one_process_draws_all(void **state)
{
	char *program = path_join(*state, "gnuplot"), *old = memory_copy(getenv("PATH"));
	char *path = memory_format("%s:%s", (char *)*state, old);
	struct error error = {""};
	FILE *script = fopen(program, "w");

	assert_non_null(script);
	fprintf(script, "#!/bin/sh\necho started >> %s/starts\nPATH='%s' exec gnuplot \"$@\"\n",
		(char *)*state, old);
	fclose(script);
	assert_int_equal(chmod(program, 0755), 0);
	setenv("PATH", path, 1);
	int result = report_made_up(MADE_UP_DEFAULT, *state, NULL, &error);

	setenv("PATH", old, 1);
	assert_int_equal(result, 0);
	char *starts = read_in(*state, "starts");

	assert_string_equal(starts, "started\n");
	free(starts);
	free(program);
	free(path);
	free(old);
}

static void missing_gnuplot_costs_the_figures_only(void **state)
{
	char *old = memory_copy(getenv("PATH"));
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

static void export_prints_what_the_folder_holds(void **state)
{
	struct error error = {""};
	struct text text;
	struct run run;

	made_up_fill(&run, MADE_UP_NATIVE, NULL);
	assert_int_equal(report_run(&run, *state, NULL, &error), 0);
	assert_int_equal(report_export(&run, "csv", text_open(&text), &error), 0);
	char *csv = text_take(&text), *file = read_in(*state, "summary.csv");

	assert_string_equal(csv, file);
	free(csv);
	free(file);
	assert_int_equal(report_export(&run, "json", text_open(&text), &error), 0);
	char *json = text_take(&text);

	assert_non_null(strstr(json, "\"verdict\": \"slower\""));
	free(json);
	assert_int_equal(report_export(&run, "xml", stdout, &error), -1);
	assert_non_null(strstr(error.text, "csv or json"));
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
	    SCRATCH_TEST(missing_gnuplot_costs_the_figures_only),
	    SCRATCH_TEST(scripts_are_found_or_asked_for),
	    SCRATCH_TEST(hostile_names_stay_text),
	    SCRATCH_TEST(export_prints_what_the_folder_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
