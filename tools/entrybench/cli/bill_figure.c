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
	figure_set_number(fall->figure, "rows", (double)fall->rows);
	figure_set_number(fall->figure, "right", 1.12 * (double)fall->most);
	figure_set_number(fall->figure, "label_characters", (double)fall->label);
	figure_say(fall->figure, "Instructions are not time: an IRETQ, a MOV to CR3 and an ADD "
				 "count one each.");
	figure_end(fall->figure);
}

static void plan_bill(const struct figure_context *context, const struct billed *billed)
{
	struct phase_sums *phases = memory_new(billed->bill.line_count, sizeof(*phases));
	size_t count = bill_phases(&billed->bill, phases);
	char *title = memory_format("Bill of %s, %s%s", billed->title.variant, billed->title.bench,
				    billed->title.safe ? "" : " (unsafe: for measurement only)");
	char *suffix = memory_format("%s-%s", billed->title.variant, billed->title.bench);
	struct waterfall fall = {.figure = figure_start(context, "bill", suffix, title)};
	int64_t at = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t next = at + phases[i].count;

		put_count(&fall, at, next, COLOUR_PART, phases[i].phase, false);
		at = next;
	}
	put_count(&fall, 0, at, COLOUR_TOTAL, "round trip", false);
	end_waterfall(&fall);
	free(title);
	free(suffix);
	free(phases);
}

/* One bar for each line that differs, between the two totals. */
static void plan_difference(const struct figure_context *context,
			    const struct billed *const bills[2])
{
	const struct bill *const both[2] = {&bills[0]->bill, &bills[1]->bill};
	struct line_pair *pairs =
	    memory_new(both[0]->line_count + both[1]->line_count, sizeof(*pairs));
	size_t count = bill_pair_lines(both, pairs);
	char *title = memory_format("From %s to %s, %s", bills[0]->title.variant,
				    bills[1]->title.variant, bills[0]->title.bench);
	char *suffix = memory_format("%s-to-%s-%s", bills[0]->title.variant,
				     bills[1]->title.variant, bills[0]->title.bench);
	struct waterfall fall = {.figure = figure_start(context, "bill", suffix, title)};
	int64_t at = both[0]->sums.count, end = both[1]->sums.count;

	put_count(&fall, 0, at, COLOUR_TOTAL, bills[0]->title.variant, false);
	for (size_t i = 0; i < count; i++) {
		int64_t more = pairs[i].counts[1] - pairs[i].counts[0];
		char *label = memory_format("%s: %s", pairs[i].phase, pairs[i].symbol);

		if (more)
			put_count(&fall, at, at + more, more > 0 ? COLOUR_MORE : COLOUR_LESS, label,
				  true);
		at += more;
		free(label);
	}
	put_count(&fall, 0, end, COLOUR_TOTAL, bills[1]->title.variant, false);
	end_waterfall(&fall);
	free(title);
	free(suffix);
	free(pairs);
}

int bill_draw(const struct billed *const bills[2], const char *dir, struct error *error)
{
	char *scripts = gnuplot_scripts(NULL, error);
	struct figures figures = {0};
	const struct figure_context context = {
	    .figures = &figures,
	    .machine = bills[0]->title.machine,
	    .class = CLASS_DETERMINISTIC,
	    .cpu = bills[0]->cpu,
	};
	int status = -1;

	if (!scripts)
		return -1;
	for (int i = 0; i < 2 && bills[i]; i++)
		plan_bill(&context, bills[i]);
	if (bills[1])
		plan_difference(&context, bills);
	if (gnuplot_write(&figures, dir, scripts, error) == 0 &&
	    gnuplot_draw(&figures, dir, error) == 0)
		status = 0;
	figures_free(&figures);
	free(scripts);
	return status;
}
