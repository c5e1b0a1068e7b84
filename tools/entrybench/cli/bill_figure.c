/* Data and words of the waterfall; plots/bill.gp draws it. */
#include "cli/bill_figure.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bill/lines.h"
#include "report/gnuplot.h"

/* Indices into the colours of plots/common.gp. */
enum { COLOUR_PART = 1, COLOUR_MORE = 2, COLOUR_LESS = 5, COLOUR_TOTAL = 7 };

struct waterfall {
	struct figure *figure;
	int64_t rows, most;
	int64_t least; /* where the axis may begin, so that small differences show */
	size_t label;
};

static void put_bar(struct waterfall *fall, int64_t from, int64_t to, int colour, const char *label,
		    const char *text)
{
	FILE *data = fall->figure->data.out;
	int64_t high = from < to ? to : from;

	figure_put_number(data, (double)fall->rows++);
	figure_put_number(data, (double)from);
	figure_put_number(data, (double)to);
	figure_put_number(data, colour);
	figure_put_text(data, label);
	figure_put_text(data, text);
	fputc('\n', data);
	fall->most = high > fall->most ? high : fall->most;
	if (strlen(label) > fall->label)
		fall->label = strlen(label);
}

static void put_count(struct waterfall *fall, int64_t from, int64_t to, int colour,
		      const char *label, bool sign)
{
	char text[32];

	snprintf(text, sizeof(text), sign ? "%+" PRId64 : "%" PRId64, to - from);
	put_bar(fall, from, to, colour, label, text);
}

static void end_waterfall(struct waterfall *fall)
{
	int64_t width = fall->most - fall->least;
	/* The bars that differ get half of it. */
	bool cut = width > 0 && 4 * width < fall->most;
	double left = cut ? (double)(fall->least - width) : 0;

	figure_set_number(fall->figure, "rows", (double)fall->rows);
	figure_set_number(fall->figure, "left", left);
	figure_set_number(fall->figure, "right",
			  (double)fall->most + 0.12 * ((double)fall->most - left));
	if (cut)
		figure_say(fall->figure, "The axis does not begin at 0.");
	figure_set_number(fall->figure, "label_characters", (double)fall->label);
	figure_say(fall->figure, "Instructions are not time: an IRETQ, a MOV to CR3 and an ADD "
				 "count one each.");
	figure_end(fall->figure);
}

/* As the command line names it. */
static char *words_of(const struct billed *billed)
{
	bool own = strcmp(billed->title.machine, "tcg") != 0;

	return memory_format("%s%s%s", own ? billed->title.machine : "", own ? ":" : "",
			     billed->title.variant);
}

/* A bar a phase; a phase without labels has its functions instead. Returns where the last one ends. */
static int64_t put_phases(struct waterfall *fall, const struct bill *bill)
{
	struct phase_sums *phases = memory_new(bill->line_count + 1, sizeof(*phases));
	size_t count = bill_phases(bill, phases);
	int64_t at = 0;

	for (size_t i = 0; i < count; i++) {
		bool functions = strcmp(phases[i].phase, PHASE_KERNEL) == 0;

		for (size_t k = 0; functions && k < bill->line_count; k++) {
			const struct bill_line *line = &bill->lines[k];

			if (strcmp(line->phase, PHASE_KERNEL) != 0)
				continue;
			put_count(fall, at, at + line->sums.count, COLOUR_PART, line->symbol,
				  false);
			at += line->sums.count;
		}
		if (!functions) {
			put_count(fall, at, at + phases[i].count, COLOUR_PART, phases[i].phase,
				  false);
			at += phases[i].count;
		}
	}
	free(phases);
	return at;
}

static void plan_bill(const struct figure_context *context, const struct billed *billed)
{
	char *words = words_of(billed);
	char *title = memory_format("Bill of %s, %s%s", words, billed->title.bench,
				    billed->title.safe ? "" : " (unsafe: for measurement only)");
	char *suffix = memory_format("%s-%s", billed->title.variant, billed->title.bench);
	struct waterfall fall = {.figure = figure_start(context, "bill", suffix, title)};

	put_count(&fall, 0, put_phases(&fall, &billed->bill), COLOUR_TOTAL, "round trip", false);
	end_waterfall(&fall);
	free(title);
	free(suffix);
	free(words);
}

/* One bar for each line that differs, between the two totals. */
static void plan_difference(const struct figure_context *context,
			    const struct billed *const bills[2])
{
	const struct bill *const both[2] = {&bills[0]->bill, &bills[1]->bill};
	struct line_pair *pairs =
	    memory_new(both[0]->line_count + both[1]->line_count, sizeof(*pairs));
	size_t count = bill_pair_lines(both, pairs);
	char *words[2] = {words_of(bills[0]), words_of(bills[1])};
	bool safe = bills[0]->title.safe && bills[1]->title.safe;
	char *title =
	    memory_format("From %s to %s, %s%s", words[0], words[1], bills[0]->title.bench,
			  safe ? "" : " (unsafe: for measurement only)");
	char *suffix = memory_format("%s-to-%s-%s", bills[0]->title.variant,
				     bills[1]->title.variant, bills[0]->title.bench);
	struct waterfall fall = {.figure = figure_start(context, "bill", suffix, title)};
	int64_t at = both[0]->sums.count, end = both[1]->sums.count;

	fall.least = at;
	put_count(&fall, 0, at, COLOUR_TOTAL, words[0], false);
	for (size_t i = 0; i < count; i++) {
		int64_t more = pairs[i].counts[1] - pairs[i].counts[0];
		char *label = memory_format("%s: %s", pairs[i].phase, pairs[i].symbol);

		fall.least = at + more < fall.least ? at + more : fall.least;
		if (more)
			put_count(&fall, at, at + more, more > 0 ? COLOUR_MORE : COLOUR_LESS, label,
				  true);
		at += more;
		free(label);
	}
	put_count(&fall, 0, end, COLOUR_TOTAL, words[1], false);
	end_waterfall(&fall);
	free(title);
	free(suffix);
	free(words[0]);
	free(words[1]);
	free(pairs);
}

/* Whose figures they are; both where they are not of one machine. */
static char *machine_of(const struct billed *const bills[2])
{
	const char *first = bills[0]->title.machine;

	if (!bills[1] || strcmp(first, bills[1]->title.machine) == 0)
		return memory_copy(first);
	return memory_format("%s+%s", first, bills[1]->title.machine);
}

int bill_draw(const struct billed *const bills[2], const char *dir, struct error *error)
{
	char *scripts = gnuplot_scripts(NULL, error), *machine;
	struct figures figures = {0};
	struct figure_context context = {.figures = &figures, .class = CLASS_DETERMINISTIC};
	int status = -1;

	if (!scripts)
		return -1;
	for (int i = 0; i < 2 && bills[i]; i++) {
		context.machine = bills[i]->title.machine;
		context.cpu = bills[i]->cpu;
		plan_bill(&context, bills[i]);
	}
	machine = machine_of(bills);
	context.machine = machine;
	if (bills[1])
		plan_difference(&context, bills);
	if (gnuplot_write(&figures, dir, scripts, error) == 0 &&
	    gnuplot_draw(&figures, dir, error) == 0)
		status = 0;
	figures_free(&figures);
	free(machine);
	free(scripts);
	return status;
}
