/* What the table says in words: deltas, machines, caveats. */
#include "table/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/flags.h"
#include "table/format.h"
#include "stats/bootstrap.h"
#include "model/sharing.h"

static char *delta_text(const struct row *row)
{
	const struct summary *s = &row->cell->summary;

	if (row->reference == row->cell)
		return memory_copy("reference");
	if (!row->reference || !isfinite(s->vs_reference.estimate))
		return memory_copy("-");
	/* On silicon a difference that was not shown gets no figure to quote. */
	if (row->cell->class == CLASS_SILICON && strcmp(s->verdict, "faster") &&
	    strcmp(s->verdict, "slower"))
		return memory_copy("~");
	return format_delta(s->vs_reference.estimate, row->reference->summary.round_trip.estimate,
			    row->cell->class);
}

static char *whole_text(double value)
{
	return isfinite(value) ? memory_format("%.0f", value) : memory_copy("-");
}

struct row_texts table_texts(const struct row *row)
{
	enum machine_class class = row->cell->class;
	const struct interval *round_trip = &row->cell->summary.round_trip;

	return (struct row_texts){
	    .estimate = format_cost(round_trip->estimate, class),
	    .interval = format_interval(round_trip, class),
	    .core = format_cost(row->cell->summary.core_cycles.estimate, class),
	    .ns = isfinite(row->ns) ? memory_format("%.1f", row->ns) : memory_copy("-"),
	    .p50 = whole_text(row->windows.p50),
	    .p99 = whole_text(row->windows.p99),
	    .max = whole_text(row->windows.max),
	    .delta = delta_text(row),
	};
}

void table_texts_free(struct row_texts *texts)
{
	free(texts->estimate);
	free(texts->interval);
	free(texts->core);
	free(texts->ns);
	free(texts->p50);
	free(texts->p99);
	free(texts->max);
	free(texts->delta);
}

char *table_delta_title(const struct rows *rows, const char *machine)
{
	const char *name = NULL;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->at[i];

		if (strcmp(row->cell->machine, machine) || !row->reference)
			continue;
		/* A case of the benchmark's own is no variant: no one name fits the column. */
		if (row->cell->reference_case[0] || (name && strcmp(name, row->reference->variant)))
			return memory_copy("vs reference");
		name = row->reference->variant;
	}
	return name ? memory_format("vs %s", name) : memory_copy("vs reference");
}

char *table_machine_line(const struct run *run, const struct row *row)
{
	const struct run_machine *machine = run_find_machine(run, row->cell->machine);
	enum machine_class class = row->cell->class;
	const char *program = machine ? machine->program : "";

	return memory_format("%s: %s, round trips in %s; CPU %s%s%s", row->cell->machine,
			     class_name(class), class_unit(class),
			     machine && *machine->cpu ? machine->cpu : "unknown",
			     *program ? "; " : "", program);
}

struct strings table_run_lines(const struct run *run)
{
	char *command = format_command(&run->command);
	struct strings list = {0};

	strings_add(&list, command);
	strings_addf(&list, "entrybench %s%s%s, started %s%s, seed %llu", run->tool.version,
		     *run->tool.git ? " " : "", run->tool.git, run->started,
		     *run->finished ? "" : ", not finished", (unsigned long long)run->seed);
	strings_addf(&list, "host: %s; %s", *run->host.cpu ? run->host.cpu : "CPU unknown",
		     *run->host.kernel ? run->host.kernel : "kernel unknown");
	free(command);
	return list;
}

struct strings table_unavailable(const struct run *run)
{
	struct strings list = {0};

	for (size_t i = 0; i < run->machine_count; i++)
		if (!run->machines[i].available)
			strings_addf(&list, "%s: %s", run->machines[i].name,
				     *run->machines[i].reason ? run->machines[i].reason
							      : "no reason given");
	return list;
}

struct machine_facts {
	bool deterministic, windows, differences, intervals, core_cycles, not_calm;
	size_t fewest;	    /* boots of a cell that has some */
	size_t fewest_used; /* of them in a calm estimate */
	double empty_window;
};

static struct machine_facts facts_of(const struct rows *rows, const char *machine)
{
	struct machine_facts facts = {
	    .fewest = (size_t)-1, .fewest_used = (size_t)-1, .empty_window = NAN};

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->at[i];

		if (strcmp(row->cell->machine, machine) || !row->boots)
			continue;
		facts.deterministic = row->cell->class == CLASS_DETERMINISTIC;
		facts.windows |= row->windows.n > 0;
		facts.differences |= isfinite(row->cell->summary.vs_reference.estimate);
		facts.not_calm |= !row->cell->summary.calm;
		facts.core_cycles |= isfinite(row->cell->summary.core_cycles.estimate);
		facts.intervals |= isfinite(row->cell->summary.round_trip.low);
		facts.empty_window = fmax(facts.empty_window, row->windows.empty_window);
		if (row->cell->summary.calm && row->cell->summary.boots_used < facts.fewest_used)
			facts.fewest_used = row->cell->summary.boots_used;
		if (row->boots < facts.fewest)
			facts.fewest = row->boots;
	}
	return facts;
}

static void add_silicon(struct strings *list, const struct machine_facts *facts)
{
	if (facts->intervals)
		strings_add(list, "interval: 95 %, bootstrap of the median over boots");
	if (facts->core_cycles && facts->fewest_used != (size_t)-1)
		strings_addf(list,
			     "estimates are of the boots that had the core to themselves: %zu or "
			     "more of %zu",
			     facts->fewest_used, facts->fewest);
	if (facts->fewest == 1)
		strings_add(list, "one boot says nothing of the spread between boots: no interval, "
				  "no difference called");
	else if (coverage_limit(facts->fewest) < 0.95)
		strings_addf(list,
			     "with %zu boots no interval covers more than %.0f %%: run more boots",
			     facts->fewest, 100 * coverage_limit(facts->fewest));
	if (facts->differences)
		strings_add(list, "~: no difference shown beyond 1 % of the reference");
	strings_add(list, "cycles are ticks of the TSC, which need not be the core's clock");
	if (facts->not_calm)
		strings_add(list, "not calm: fewer than 5 boots had the core to themselves, so "
				  "others count, too: "
				  "measure again, or more boots");
	if (facts->core_cycles)
		strings_add(list, "core: the same in cycles of the core, which a chain of "
				  "dependent adds tells, one "
				  "cycle each; these do not change with the core's clock");
}

/* A core that was never this program's alone does no whole number of adds in a cycle. */
static void add_adders(struct strings *list, double adders)
{
	if (!sharing_adders_are_whole(adders))
		strings_addf(list,
			     "at best %.2f independent adds a core cycle, which is no whole "
			     "number: probably no "
			     "boot had the core to itself, and the figures are too high",
			     adders);
}

/* What the flags mean that this machine's cells carry, each once. */
static void add_flags(struct strings *list, const struct run *run, const struct rows *rows,
		      const char *machine)
{
	struct strings names = {0};

	for (size_t i = 0; i < rows->count; i++) {
		const struct cell *cell = rows->at[i].cell;
		const struct flags *flags = &cell->flags;

		for (size_t j = 0; !strcmp(rows->at[i].cell->machine, machine) && j < flags->count;
		     j++) {
			const char *name = flags->at[j].name;
			size_t seen = 0;

			while (seen < names.count && strcmp(names.at[seen], name))
				seen++;
			if (seen < names.count || !flag_about(name) || row_flag_is_moot(cell, name))
				continue;
			strings_add(&names, name);
			strings_addf(list, "%s%s: %s", name,
				     row_flag_is_common(run, machine, name) ? " (all rows)" : "",
				     flag_about(name));
		}
	}
	strings_free(&names);
}

struct strings table_caveats(const struct run *run, const struct rows *rows, const char *machine)
{
	struct machine_facts facts = facts_of(rows, machine);
	struct strings list = {0};

	if (facts.fewest == (size_t)-1)
		return list;
	if (facts.deterministic) {
		strings_add(&list, "instructions say how much work, not how long: "
				   "one IRETQ and one ADD count the same");
		strings_addf(&list, "exact: %s",
			     facts.fewest > 1
				 ? "all boots agree to the last digit"
				 : "one boot of a machine that counts, so no interval");
	} else {
		add_silicon(&list, &facts);
		add_adders(&list, sharing_adders(run, machine));
	}
	if (facts.windows)
		strings_addf(&list, "p50, p99: single windows, the empty window (%.0f) included",
			     facts.empty_window);
	add_flags(&list, run, rows, machine);
	return list;
}
