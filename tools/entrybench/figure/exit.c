/* IRET against SYSRET, with the figure published in 2015 beside it in its own unit. */
#include "figure/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/format.h"
#include "model/summary.h"

#define WHAT	       "IRET against SYSRET"
#define PUBLISHED_NS   80.0 /* Linux commit 2a23c6b8a9c4, "nearly 80ns" */
#define PUBLISHED_NAME "Linux, 2015"

struct pair_of_exits {
	const struct row *iret, *sysret;
	char *label;
};

struct exits {
	struct pair_of_exits *at;
	size_t count;
};

static void add(struct exits *exits, const struct row *iret, const struct row *sysret, char *label)
{
	exits->at = memory_grow(exits->at, exits->count, sizeof(*exits->at));
	exits->at[exits->count++] = (struct pair_of_exits){iret, sysret, label};
}

/* An unsafe variant leaves out more than its features say: nothing differs from it in one thing only. */
static bool leaves_by(const struct row *row, const char *exit)
{
	const char *value = pairs_get(&row->cell->features, "exit");

	return row->cell->safe && value && !strcmp(value, exit);
}

static bool same_family(const struct row *a, const struct row *b)
{
	char *left = look_others(a->cell, "exit"), *right = look_others(b->cell, "exit");
	bool same = !strcmp(left, right);

	free(left);
	free(right);
	return same;
}

/* What a pair has besides its exit: "kpti pcid, erase on". */
static char *family_label(const struct cell *cell)
{
	struct text text;
	FILE *out = text_open(&text);

	for (size_t i = 0; i < cell->features.count; i++) {
		const struct pair *feature = &cell->features.at[i];

		if (strcmp(feature->name, "exit"))
			fprintf(out, "%s%s %s", ftell(out) ? ", " : "", feature->name,
				feature->value);
	}
	return text_take(&text);
}

/* Variants that differ in nothing but the exit, on the plain benchmark. */
static void find_variants(struct exits *exits, const struct selection *all)
{
	for (size_t i = 0; i < all->count; i++)
		for (size_t j = 0; j < all->count; j++) {
			const struct row *iret = all->at[i], *sysret = all->at[j];

			if (!strcmp(iret->group, "null_syscall") &&
			    !strcmp(sysret->group, "null_syscall") && iret->boots &&
			    sysret->boots && leaves_by(iret, "iret") &&
			    leaves_by(sysret, "sysret") && same_family(iret, sysret))
				add(exits, iret, sysret, family_label(iret->cell));
		}
}

/* Cases of one benchmark: ...:iret-* whose own reference is ...:sysret. */
static void find_cases(struct exits *exits, const struct selection *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct row *iret = all->at[i];
		const char *param = bench_param(iret->cell->bench);

		if (strncmp(param, "iret", 4) || !iret->boots || !iret->reference ||
		    strcmp(bench_param(iret->reference->bench), "sysret"))
			continue;
		for (size_t j = 0; j < all->count; j++)
			if (all->at[j]->cell == iret->reference && all->at[j]->boots)
				add(exits, iret, all->at[j],
				    memory_format("%s %s", iret->cell->variant, iret->cell->bench));
	}
}

/* "saves 240.1"; a difference that was not shown gets no figure to quote. Free it. */
static char *judgement(const struct difference *saved, enum machine_class class)
{
	char *size, *text;

	if (class == CLASS_SILICON && saved->change != CHANGE_LESS && saved->change != CHANGE_MORE)
		return memory_copy("no difference shown");
	size = format_cost(fabs(saved->delta), class);
	text = memory_format("%s %s", saved->delta < 0 ? "adds" : "saves", size);
	free(size);
	return text;
}

static void put_pair(struct figure *figure, size_t y, const struct pair_of_exits *pair,
		     const struct run *run)
{
	const struct cell *iret = pair->iret->cell, *sysret = pair->sysret->cell;
	struct difference saved = summary_difference(iret, sysret, run->seed);
	char *left = format_cost(iret->summary.round_trip.estimate, iret->class);
	char *right = format_cost(sysret->summary.round_trip.estimate, iret->class);
	double to_ns = iret->class == CLASS_SILICON ? 1e9 / run->host.tsc_hz : NAN;
	char *judged = judgement(&saved, iret->class);
	FILE *data = figure->data.out;

	figure_put_number(data, (double)y);
	figure_put_number(data, iret->summary.round_trip.estimate);
	figure_put_number(data, sysret->summary.round_trip.estimate);
	figure_put_text(data, pair->label);
	figure_put_text(data, left);
	figure_put_text(data, right);
	figure_put_text(data, judged);
	figure_put_number(data, saved.delta * to_ns);
	figure_put_number(data, saved.confidence.low * to_ns);
	figure_put_number(data, saved.confidence.high * to_ns);
	fputc('\n', data);
	free(left);
	free(right);
	free(judged);
}

static void say_caption(struct figure *figure, const struct figure_context *context, bool in_ns)
{
	figure_say(figure, "Published: SYSRET instead of IRET saves \"nearly 80ns\" a system call, "
			   "getpid falls from about 360 to 280 ns");
	figure_say(figure, "(Linux commit 2a23c6b8a9c4, 2015: another CPU, a whole Linux, context "
			   "tracking forced).");
	if (context->class == CLASS_DETERMINISTIC)
		figure_say(figure,
			   "Instructions are not time: the checks before SYSRET cost instructions, "
			   "what they save is time, which this machine cannot show.");
	else if (in_ns)
		figure_say(figure,
			   "Right: the same saving in ns, at the TSC's frequency; whiskers: "
			   "95 %% interval over boots.");
	else
		figure_say(figure,
			   "The TSC's frequency is unknown, so there are no ns of this CPU.");
}

static void plan_exits(const struct figure_context *context, const struct exits *exits)
{
	struct figure *figure = figure_start(context, "iret_sysret", "", WHAT);
	bool in_ns = context->class == CLASS_SILICON && isfinite(context->run->host.tsc_hz);
	size_t longest = 10;

	fputs("# y, iret, sysret, label, texts of iret, sysret and saving, ns saved, low, high\n",
	      figure->data.out);
	for (size_t i = 0; i < exits->count; i++) {
		put_pair(figure, i, &exits->at[i], context->run);
		if (format_width(exits->at[i].label) > longest)
			longest = format_width(exits->at[i].label);
	}
	figure_set_number(figure, "rows", (double)exits->count);
	figure_set_number(figure, "label_characters", (double)longest);
	figure_set_number(figure, "in_ns", in_ns);
	figure_set_number(figure, "published_ns", PUBLISHED_NS);
	figure_set_text(figure, "published_name", PUBLISHED_NAME);
	say_caption(figure, context, in_ns);
	figure_end(figure);
}

void figure_exit(const struct figure_context *context)
{
	struct selection all = selection_of(context->rows, context->machine, NULL);
	struct exits exits = {0};

	find_cases(&exits, &all);
	find_variants(&exits, &all);
	if (exits.count)
		plan_exits(context, &exits);
	else
		figure_absent(context, WHAT, "no two cells differ in the exit only");
	for (size_t i = 0; i < exits.count; i++)
		free(exits.at[i].label);
	free(exits.at);
	free(all.at);
}
