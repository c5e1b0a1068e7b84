/* Data and words of the waterfall; plots/bill.gp draws it. */
#include "cli/bill_figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bill/lines.h"
#include "figure/gnuplot.h"

/* Indices into the colours of plots/common.gp. */
enum { COLOUR_PART = 1, COLOUR_MORE = 2, COLOUR_LESS = 5, COLOUR_TOTAL = 7 };

/* What a bar shows: of one bill, or of two the same line. */
struct bar {
	char *label;
	double values[2];
};

struct bars {
	struct bar *at;
	size_t count;
};

/* What is drawn. */
struct drawn {
	const struct bill_title *titles[2]; /* the second may be NULL */
	double totals[2];
	struct bars rows[2]; /* of each bill */
	struct bars pairs;   /* of both; empty where there is one */
};

struct waterfall {
	struct figure *figure;
	double rows, most;
	double least; /* where the axis may begin, so that small differences show */
	size_t label;
};

static void bars_add(struct bars *rows, char *label, double first, double second)
{
	rows->at = memory_grow(rows->at, rows->count, sizeof(*rows->at));
	rows->at[rows->count++] = (struct bar){label, {first, second}};
}

static void bars_free(struct bars *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		free(rows->at[i].label);
	free(rows->at);
}

static void put_bar(struct waterfall *fall, double from, double to, int colour, const char *label,
		    bool sign)
{
	FILE *data = fall->figure->data.out;
	double high = from < to ? to : from, low = from < to ? from : to, value = to - from;
	int digits = value == floor(value) ? 0 : 1;
	char text[32];

	snprintf(text, sizeof(text), sign ? "%+.*f" : "%.*f", digits, value);
	figure_put_number(data, fall->rows++);
	figure_put_number(data, from);
	figure_put_number(data, to);
	figure_put_number(data, colour);
	figure_put_text(data, label);
	figure_put_text(data, text);
	fputc('\n', data);
	fall->most = high > fall->most ? high : fall->most;
	if (sign && low < fall->least)
		fall->least = low;
	if (strlen(label) > fall->label)
		fall->label = strlen(label);
}

static void end_waterfall(struct waterfall *fall, bool deterministic)
{
	double width = fall->most - fall->least;
	/* The bars that differ get half of it. */
	bool cut = width > 0 && 8 * width < fall->most;
	double left = cut ? fall->least - width : fall->least < 0 ? fall->least : 0;

	figure_set_number(fall->figure, "rows", fall->rows);
	figure_set_number(fall->figure, "left", left);
	figure_set_number(fall->figure, "right", fall->most + 0.12 * (fall->most - left));
	if (cut)
		figure_say(fall->figure, "The axis does not begin at 0.");
	figure_set_number(fall->figure, "label_characters", (double)fall->label);
	if (deterministic)
		figure_say(fall->figure, "Instructions are not time: an IRETQ, a MOV to CR3 and an "
					 "ADD count one each.");
	else
		figure_say(fall->figure, "By time stamps, whose own cost is taken off; what they "
					 "do not sum to is unexplained.");
	figure_end(fall->figure);
}

/* As the command line names it. */
static char *words_of(const struct bill_title *title)
{
	bool own = strcmp(title->machine, "linux") == 0;

	return memory_format("%s%s%s", own ? title->machine : "", own ? ":" : "", title->variant);
}

static bool is_deterministic(const struct bill_title *title)
{
	return strcmp(title->class, class_name(CLASS_DETERMINISTIC)) == 0;
}

static const char *warning(bool safe)
{
	return safe ? "" : " (unsafe: for measurement only)";
}

static void plan_bill(const struct figure_context *context, const struct drawn *drawn, int which)
{
	const struct bill_title *bill = drawn->titles[which];
	const struct bars *rows = &drawn->rows[which];
	char *words = words_of(bill);
	char *title = memory_format("Bill of %s, %s%s", words, bill->bench, warning(bill->safe));
	char *suffix = memory_format("%s-%s", bill->variant, bill->bench);
	struct waterfall fall = {.figure = figure_start(context, "bill", suffix, title)};
	double at = 0;

	for (size_t i = 0; i < rows->count; i++) {
		put_bar(&fall, at, at + rows->at[i].values[0], COLOUR_PART, rows->at[i].label,
			false);
		at += rows->at[i].values[0];
	}
	put_bar(&fall, 0, at, COLOUR_TOTAL, "round trip", false);
	end_waterfall(&fall, is_deterministic(bill));
	free(title);
	free(suffix);
	free(words);
}

/* One bar for each line that differs, between the two totals. */
static void plan_difference(const struct figure_context *context, const struct drawn *drawn)
{
	const struct bill_title *first = drawn->titles[0], *second = drawn->titles[1];
	char *words[2] = {words_of(first), words_of(second)};
	char *title = memory_format("From %s to %s, %s%s", words[0], words[1], first->bench,
				    warning(first->safe && second->safe));
	char *suffix = memory_format("%s-to-%s-%s", first->variant, second->variant, first->bench);
	struct waterfall fall = {.figure = figure_start(context, "bill", suffix, title)};
	double at = drawn->totals[0];

	fall.least = at;
	put_bar(&fall, 0, at, COLOUR_TOTAL, words[0], false);
	for (size_t i = 0; i < drawn->pairs.count; i++) {
		const struct bar *row = &drawn->pairs.at[i];
		double more = row->values[1] - row->values[0];

		if (more != 0)
			put_bar(&fall, at, at + more, more > 0 ? COLOUR_MORE : COLOUR_LESS,
				row->label, true);
		at += more;
	}
	put_bar(&fall, 0, drawn->totals[1], COLOUR_TOTAL, words[1], false);
	end_waterfall(&fall, is_deterministic(first));
	free(title);
	free(suffix);
	free(words[0]);
	free(words[1]);
}

/* Whose figures they are; both where they are not of one machine. */
static char *machine_of(const struct drawn *drawn)
{
	const char *first = drawn->titles[0]->machine, *second = drawn->titles[1]->machine;

	return strcmp(first, second) == 0 ? memory_copy(first)
					  : memory_format("%s+%s", first, second);
}

static int draw(const struct drawn *drawn, const char *dir, struct error *error)
{
	char *scripts = gnuplot_scripts(NULL, error), *machine = NULL;
	struct figures figures = {0};
	struct figure_context context = {.figures = &figures};
	int status = -1;

	if (!scripts)
		return -1;
	context.class = is_deterministic(drawn->titles[0]) ? CLASS_DETERMINISTIC : CLASS_SILICON;
	for (int i = 0; i < 2 && drawn->titles[i]; i++) {
		context.machine = drawn->titles[i]->machine;
		context.cpu = drawn->titles[i]->cpu;
		plan_bill(&context, drawn, i);
	}
	if (drawn->titles[1]) {
		context.machine = machine = machine_of(drawn);
		plan_difference(&context, drawn);
	}
	if (gnuplot_write(&figures, dir, scripts, error) == 0 &&
	    gnuplot_draw(&figures, dir, error) == 0)
		status = 0;
	figures_free(&figures);
	free(machine);
	free(scripts);
	return status;
}

/* A row a phase; a phase without labels has its functions instead. */
static void bars_of_bill(struct bars *rows, const struct bill *bill)
{
	struct phase_sums *phases = memory_new(bill->line_count + 1, sizeof(*phases));
	size_t count = bill_phases(bill, phases);

	for (size_t i = 0; i < count; i++) {
		bool functions = strcmp(phases[i].phase, PHASE_KERNEL) == 0;

		if (!functions)
			bars_add(rows, memory_copy(phases[i].phase), (double)phases[i].count, 0);
		for (size_t k = 0; functions && k < bill->line_count; k++)
			if (strcmp(bill->lines[k].phase, PHASE_KERNEL) == 0)
				bars_add(rows, memory_copy(bill->lines[k].symbol),
					 (double)bill->lines[k].sums.count, 0);
	}
	free(phases);
}

static void pair_bills(struct bars *rows, const struct bill *const bills[2])
{
	struct line_pair *pairs =
	    memory_new(bills[0]->line_count + bills[1]->line_count + 1, sizeof(*pairs));
	size_t count = bill_pair_lines(bills, pairs);

	for (size_t i = 0; i < count; i++)
		bars_add(rows, memory_format("%s: %s", pairs[i].phase, pairs[i].symbol),
			 (double)pairs[i].counts[0], (double)pairs[i].counts[1]);
	free(pairs);
}

static void drawn_free(struct drawn *drawn)
{
	bars_free(&drawn->rows[0]);
	bars_free(&drawn->rows[1]);
	bars_free(&drawn->pairs);
}

int bill_draw(const struct billed *const bills[2], const char *dir, struct error *error)
{
	struct drawn drawn = {0};
	int status;

	for (int i = 0; i < 2 && bills[i]; i++) {
		drawn.titles[i] = &bills[i]->title;
		drawn.totals[i] = (double)bills[i]->bill.sums.count;
		bars_of_bill(&drawn.rows[i], &bills[i]->bill);
	}
	if (bills[1]) {
		const struct bill *const both[2] = {&bills[0]->bill, &bills[1]->bill};

		pair_bills(&drawn.pairs, both);
	}
	status = draw(&drawn, dir, error);
	drawn_free(&drawn);
	return status;
}

int bill_draw_stamped(const struct bill_title *titles, const struct stamped_bill *bills,
		      size_t count, const char *dir, struct error *error)
{
	struct drawn drawn = {0};
	struct stamped_row rows[STAMPED_ROWS];
	int status;

	for (size_t i = 0; i < count; i++) {
		size_t phases = stamped_pair_lines(&bills[i], NULL, rows);

		drawn.titles[i] = &titles[i];
		drawn.totals[i] = bills[i].total;
		for (size_t k = 0; k < phases; k++)
			if (rows[k].ticks[0] != 0)
				bars_add(&drawn.rows[i], memory_copy(rows[k].phase),
					 rows[k].ticks[0], 0);
	}
	for (size_t k = 0, pairs = count > 1 ? stamped_pair_lines(&bills[0], &bills[1], rows) : 0;
	     k < pairs; k++)
		bars_add(&drawn.pairs, memory_copy(rows[k].phase), rows[k].ticks[0],
			 rows[k].ticks[1]);
	status = draw(&drawn, dir, error);
	drawn_free(&drawn);
	return status;
}
