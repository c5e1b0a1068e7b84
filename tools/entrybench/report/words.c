/* What a report says in words: the run, the headline, machines, caveats. */
#include "report/report.h"

char *format_command(const struct strings *words)
{
	static const char plain[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_@%+=:,./-";
	GString *command = g_string_new(NULL);

	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->at[i];
		g_autofree char *quoted = g_shell_quote(word);
		bool is_plain = *word && !word[strspn(word, plain)];

		g_string_append_printf(command, "%s%s", i ? " " : "", is_plain ? word : quoted);
	}
	return g_string_free(command, false);
}

char *words_machine(const struct run *run, const struct cell *cell)
{
	const struct run_machine *machine = run_find_machine(run, cell->machine);
	const char *program = machine ? machine->program : "";

	return g_strdup_printf("%s: %s, round trips in %s; CPU %s%s%s", cell->machine,
			       class_name(cell->class), class_unit(cell->class),
			       machine && *machine->cpu ? machine->cpu : "unknown",
			       *program ? "; " : "", program);
}

struct strings words_run(const struct run *run)
{
	g_autofree char *command = format_command(&run->command);
	struct strings list = {0};

	strings_add(&list, command);
	strings_addf(&list, "entrybench %s%s%s, started %s%s, seed %llu", run->tool.version,
		     *run->tool.git ? " " : "", run->tool.git, run->started,
		     *run->finished ? "" : ", not finished", (unsigned long long)run->seed);
	strings_addf(&list, "host: %s; %s", *run->host.cpu ? run->host.cpu : "CPU unknown",
		     *run->host.kernel ? run->host.kernel : "kernel unknown");
	return list;
}

struct strings words_unavailable(const struct run *run)
{
	struct strings list = {0};

	for (size_t i = 0; i < run->machine_count; i++)
		if (!run->machines[i].available)
			strings_addf(&list, "%s: %s", run->machines[i].name,
				     *run->machines[i].reason ? run->machines[i].reason
							      : "no reason given");
	return list;
}

static void add_fact(struct table *table, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	table_row(table);
	table_put_text(table, "fact", name);
	table_put_text(table, "value", value);
}

static const struct table_column fact_columns[] = {
    {"fact", .title = ""}, {"value", .title = "", .wraps = true}, {0}};

struct table *words_host(const struct host_facts *host, bool with_mitigations)
{
	struct table *table = table_new(NULL, fact_columns);
	g_autofree char *cpus = g_strdup_printf("%u", host->cpus);
	g_autofree char *tsc = isfinite(host->tsc_hz)
				   ? g_strdup_printf("%.3f MHz", host->tsc_hz / 1e6)
				   : g_strdup("frequency unknown, so no ns");
	g_autoptr(GString) unaffected = g_string_new(NULL);

	add_fact(table, "cpu", host->cpu);
	add_fact(table, "cpus", host->cpus ? cpus : NULL);
	add_fact(table, "microcode", host->microcode);
	add_fact(table, "kernel", host->kernel);
	add_fact(table, "tsc", tsc);
	add_fact(table, "smt", host->smt);
	add_fact(table, "governor", host->governor);
	/* What the CPU is not affected by in one line, for there is much of it. */
	for (size_t i = 0; with_mitigations && i < host->mitigations.count; i++) {
		const struct pair *one = &host->mitigations.at[i];

		if (strcmp(one->value, "Not affected"))
			add_fact(table, one->name, one->value);
		else
			g_string_append_printf(unaffected, "%s%s", unaffected->len ? ", " : "",
					       one->name);
	}
	add_fact(table, "not affected by", unaffected->str);
	for (size_t i = 0; i < host->warnings.count; i++) {
		g_autofree char *name = g_strconcat("warning: ", host->warnings.at[i].name, NULL);

		add_fact(table, name, host->warnings.at[i].value);
	}
	return table;
}

struct table *words_reproduce(const struct run *run)
{
	struct table *table = table_new(NULL, fact_columns);
	g_autofree char *tool = g_strconcat("entrybench ", run->tool.version,
					    *run->tool.git ? ", " : "", run->tool.git, NULL);
	g_autofree char *seed = g_strdup_printf("%" PRIu64, run->seed);

	add_fact(table, "tool", tool);
	add_fact(table, "started", run->started);
	add_fact(table, "finished", *run->finished ? run->finished : "not finished");
	add_fact(table, "seed", seed);
	add_fact(table, "reference", run->reference);
	table_note(table, "Formulas and their sources: docs/statistics.md. All numbers of this "
			  "page: summary.csv.");
	return table;
}

#define EXIT_BENCH "sigreturn_exit"

static bool shows_it(const struct row *row)
{
	const struct cell *cell = row->cell;
	const char *verdict = cell->summary.verdict;

	return cell->class == CLASS_SILICON && cell->status == STATUS_OK && row->reference &&
	       row->reference != cell && strlen(EXIT_BENCH) == bench_base(cell->bench) &&
	       !strncmp(cell->bench, EXIT_BENCH, strlen(EXIT_BENCH)) &&
	       isfinite(cell->summary.vs_reference.estimate) && verdict &&
	       (!strcmp(verdict, "slower") || !strcmp(verdict, "faster"));
}

/* Ticks in ns, by the row's own ratio; "" where the clock's frequency is unknown. */
static char *in_ns(const struct row *row, double ticks)
{
	double ratio = row->ns / row->cell->summary.round_trip.estimate;

	return isfinite(ratio) ? g_strdup_printf(", %.0f ns", ticks * ratio) : g_strdup("");
}

char *words_headline(const struct run *run, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct interval *more = &rows->at[i].cell->summary.vs_reference;

		if (!shows_it(&rows->at[i]))
			continue;
		g_autofree char *ns = in_ns(&rows->at[i], more->estimate);

		return g_strdup_printf(
		    "SYSRET against IRET on %s: leaving by IRET costs %+.1f cycles [%.1f, %.1f]%s "
		    "(%s, %s); published in 2015, another CPU: \"nearly 80ns\"",
		    run->host.cpu, more->estimate, more->low, more->high, ns,
		    rows->at[i].cell->machine, rows->at[i].cell->bench);
	}
	return NULL;
}

/* ---- caveats ---- */

struct machine_facts {
	bool tlb, in_turn;
	bool deterministic, windows, differences, intervals, core_cycles, not_calm, higher;
	size_t fewest;	    /* boots of a cell that has some */
	size_t fewest_used; /* of them in a calm estimate */
	double empty_window;
};

static struct machine_facts facts_of(const struct rows *rows, const char *machine)
{
	struct machine_facts facts = {
	    .fewest = (size_t)-1, .fewest_used = (size_t)-1, .empty_window = NAN};

	for_each(const struct row, row, rows->at, rows->count) {
		if (strcmp(row->cell->machine, machine) || !row->boots)
			continue;
		facts.deterministic = row->cell->class == CLASS_DETERMINISTIC;
		facts.tlb |= isfinite(row->cell->summary.tlb.estimate);
		facts.in_turn |= isfinite(row->cell->summary.over_reference.estimate);
		facts.windows |= row->windows.n > 0;
		facts.differences |= isfinite(row->cell->summary.vs_reference.estimate);
		facts.higher |= row->cell->summary.higher >= ROW_HIGHER_LEAST;
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

static void add_silicon(struct table *table, const struct machine_facts *facts, double drift)
{
	if (facts->intervals)
		table_note(table,
			   "interval: 95 %%, bootstrap of the median over boots, and half of the "
			   "%.0f %% that runs on such a host may lie apart",
			   100 * drift);
	if (facts->core_cycles && facts->fewest_used != (size_t)-1)
		table_note(table,
			   "estimates are of the boots that had the core to themselves: %zu or "
			   "more of %zu",
			   facts->fewest_used, facts->fewest);
	if (facts->fewest == 1)
		table_note(table, "one boot says nothing of the spread between boots: no interval, "
				  "no difference called");
	else if (coverage_limit(facts->fewest) < 0.95)
		table_note(table,
			   "with %zu boots no interval covers more than %.0f %%: run more boots",
			   facts->fewest, 100 * coverage_limit(facts->fewest));
	if (facts->differences)
		table_note(table, "~: no difference shown beyond 1 %% of the reference");
	table_note(table, "cycles are ticks of the TSC, which need not be the core's clock");
	if (facts->higher)
		table_note(table, "stretches higher: processes of a boot that lay more than 2 %% "
				  "above the boot's figure, which is the lowest of all");
	if (facts->not_calm)
		table_note(table, "not calm: fewer than 5 boots had the core to themselves, so "
				  "others count, too: measure again, or more boots");
	if (facts->core_cycles)
		table_note(table,
			   "core: the same in cycles of the core, which a chain of dependent adds "
			   "tells, one cycle each; these do not change with the core's clock");
}

/* What the flags mean that this machine's cells carry, each once. */
static void add_flags(struct table *table, const struct rows *rows, const char *machine)
{
	g_autoptr(GHashTable) said = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; i < rows->count; i++) {
		const struct cell *cell = rows->at[i].cell;

		for (size_t j = 0; !strcmp(cell->machine, machine) && j < cell->flags.count; j++) {
			char *name = cell->flags.at[j].name;

			if (!flag_about(name) || row_flag_is_moot(cell, name) ||
			    !g_hash_table_add(said, name))
				continue;
			table_note(table, "%s%s: %s", name,
				   row_flag_is_common(rows, machine, name) ? " (all rows)" : "",
				   flag_about(name));
		}
	}
}

void words_add_caveats(struct table *table, const struct run *run, const struct rows *rows,
		       const char *machine)
{
	struct machine_facts facts = facts_of(rows, machine);

	if (facts.fewest == (size_t)-1)
		return;
	if (facts.deterministic) {
		table_note(table, WORDS_NOT_TIME ": one IRETQ and one ADD count the same");
		table_note(table, "exact: %s",
			   facts.fewest > 1 ? "all boots agree to the last digit"
					    : "one boot of a machine that counts, so no interval");
	} else {
		add_silicon(table, &facts, summary_drift(run));
	}
	if (facts.tlb)
		table_note(table, "TLB: the crossing and the loads behind it, less the same with "
				  "the data in few pages");
	if (facts.in_turn)
		table_note(table, "in turn: what it costs more than its reference case, timed in "
				  "turn with it in the same boot");
	if (facts.windows)
		table_note(table, "p50, p99: single windows, the empty window (%.0f) included",
			   facts.empty_window);
	add_flags(table, rows, machine);
}
