/*
 * The bill: what one round trip consists of, attributed to phases of the entry path and, where
 * every instruction was seen, to symbols; or what a whole program consists of, by way into the
 * kernel. Three producers: the plugin's ledger (bill_of_body), the time stamps of a stamped image,
 * and the plugin's census of a program.
 */
#ifndef BILL_BILL_H
#define BILL_BILL_H

#include <jansson.h>

#include "bill/ledger.h"
#include "model/model.h"
#include "table/table.h"

/* Phases that no label names. */
#define PHASE_ENTER	  "enter"	/* the instruction that leaves ring 3 */
#define PHASE_RING3	  "ring 3"	/* what ring 3 executes inside a round trip */
#define PHASE_KERNEL	  "kernel"	/* kernel code before the first label, or without labels */
#define PHASE_UNEXPLAINED "unexplained" /* what time stamps do not sum to */

/* Symbol of an interrupt or single step, which belongs to neither instruction around it. */
#define SYMBOL_INTERRUPTION "interruption"

/* What lines sum. By time stamps, and of a program, there is only the count. */
enum {
	BILL_COUNT, /* instructions or cycles */
	BILL_LOADS, /* frames that the CPU pushes included, in this and the next three */
	BILL_STORES,
	BILL_BYTES_LOADED,
	BILL_BYTES_STORED,
	BILL_TAKEN,	  /* branches, calls and returns included */
	BILL_SERIALISING, /* instructions */
	BILL_SUMS
};

/* In the order in which the round trip reaches them; negative where the bare loop has more. */
struct bill_line {
	const char *phase, *symbol; /* symbol "": of the whole phase */
	double sums[BILL_SUMS];
};

/* One step of the body, and what it belongs to. */
struct bill_step {
	const char *phase, *symbol;
	const struct ledger_insn *insn; /* NULL: none, only the frame of an interrupt */
	const struct ledger_access *accesses;
	size_t access_count;
	struct cpu_frame frame; /* pushed by the CPU behind it */
	int sign;		/* -1: only the bare loop has it */
	bool counted;		/* by the clock */
	bool taken;
};

#define BILL_STEP(bill, i) (&g_array_index((bill)->steps, struct bill_step, i))

/* A way of a program into the kernel: a system call by its name, an exception, an interrupt. */
struct bill_way {
	const char *name;
	double crossings;  /* 0: ring 3 itself, and what comes before the program */
	double path, work; /* entry and exit path with the dispatcher; what it asked for */
	GArray *lines;	   /* struct bill_line: a phase of the entry path, or PHASE_WORK */
};

#define WAY_RING3  "ring 3"
#define WAY_START  "start" /* what the kernel does before the program runs */
#define WAY_REST   "rest"  /* of an estimate: ring 3, and what the calls themselves do */
#define PHASE_WORK "own work"

/*
 * All that one crossing of a benchmark executes (body_find). What the crossing has more is between
 * `before` steps at its beginning and `after` at its end that both loops have.
 */
struct body {
	struct trace crossing, bare; /* an iteration of each */
	size_t before, after;
	int64_t total; /* ticks */
};

/* Windows round n crossings that may differ; how many of them are the shortest. */
struct shortest {
	uint64_t n, windows, times; /* n 0: all crossings are alike */
};

#define BILLS_MAX 8 /* side by side */

/* Start with bill_init(), end with bill_free(). */
struct bill {
	/* What was billed: borrowed, but for the CPU. */
	const char *machine, *variant, *bench;
	enum machine_class class;
	bool safe; /* false: for measurement only */
	char cpu[100];

	double sums[BILL_SUMS]; /* of all lines; the count is the round trip, or the program */

	/* One round trip. */
	GArray *lines;	    /* struct bill_line */
	GArray *specials;   /* the same: privileged, serialising, ring-changing instructions */
	GArray *steps;	    /* struct bill_step, as executed, then those of the bare loop */
	double stack_bytes; /* distinct bytes of kernel stacks that were touched */

	/* Of the shortest, where crossings differ; the clock's round trip has others in it, too. */
	struct shortest shortest;
	double clock;

	/* By time stamps: what one costs, and what phases do not sum to. */
	bool stamped;
	double probe, unexplained;

	/* A program. */
	GArray *ways;	/* struct bill_way, by cost; NULL: one round trip */
	double signals; /* delivered */
	double idle;	/* ticks that the CPU waited, in no sum */
	double exit_status;
	char *lacking; /* the calls that the core lacks, "socket once"; NULL: none */
	bool estimate; /* crossings times round trips of benchmarks */

	/* What lines and steps point into. */
	struct ledger ledger;
	struct symbols kernel, program;
	struct body body;
};

void bill_init(struct bill *bill);
void bill_free(struct bill *bill);

AUTO_CLEAR(bill, bill_free)

/* The line of these, which is made where there is none. Names are not copied. */
struct bill_line *bill_line(GArray *lines, const char *phase, const char *symbol);

#define LINE(lines, i) (&g_array_index(lines, struct bill_line, i))

/* NULL: there is no such line. */
const struct bill_line *bill_find_line(const GArray *lines, const char *phase, const char *symbol);

void bill_add_sums(double *to, const double *sums, int sign);

/* Once all are there: sorts them by name, without those that sum to 0. */
void bill_end_specials(struct bill *bill);

/* ---- producers ---- */

/* Ticks of the shortest windows round n and round 2n iterations of a loop. */
struct loop_ticks {
	int64_t once, twice;
};

/* What the program's records say of its two loops. */
struct measured {
	uint64_t n;
	struct loop_ticks crossing, bare;
	double round_trip;	  /* ticks */
	struct shortest shortest; /* of a kernel whose crossings may differ */
};

/*
 * Finds the windows that the records speak of and the body that all iterations share, in the
 * bill's ledger and symbols.
 *
 * The harness times two loops (bench/harness/timed.h): NAME.crossing, whose iteration is setup,
 * crossing and what comes after, and NAME.bare, the same without the crossing. What an iteration of
 * the first has and one of the second has not is the body: most often from the entering instruction
 * to the last one before ring 3 goes on, but whatever ring 3 executes in between (a signal handler,
 * say) belongs to it. The second may enter the kernel, too, where what the first has more is an
 * interrupt; and should it have steps that the first has not, they are taken off.
 *
 * Where crossings may differ, and do, the body is that of the shortest: of a window round n of them
 * that are alike, which the plugin saw more than once. Such windows less those of the bare loop, by
 * n, are what it must sum to.
 *
 * 0; or -1 with one line in error: no such window, iterations that differ, or a body that does not
 * sum to the round trip.
 */
int body_find(struct bill *bill, const struct measured *measured, struct error *error);

/* Fills in lines and sums, once ledger, symbols and body are there. */
void bill_of_body(struct bill *bill);

/* From one stamp to the next: the smallest reading of one boot, ticks. Names are interned. */
struct stamped_pair {
	const char *from, *to;
	int64_t ticks;
};

/* Keeps the smaller of the readings of one pair. */
void stamped_take(GArray *pairs, const char *from, const char *to, int64_t ticks);

/* What one boot of each image gave. */
struct stamped_boot {
	GArray *pairs; /* struct stamped_pair */
	double total;  /* the round trip of the bare image */
};

/*
 * Lines and sums of one bill from these boots, what the stamps themselves cost taken off
 * (docs/records.md): of each line, and of the total, the median. NULL, or what the pairs lack: the
 * probe's three, a way from "enter" to "leave", the same phases in every boot.
 */
const char *bill_of_stamps(struct bill *bill, const struct stamped_boot *boots, size_t count);

/* The kernel's words on a program's end: ticks from its start, and those spent waiting. */
struct census_clock {
	double ticks, idle;
};

/*
 * The plugin's arguments for a census, ",clock=..." (docs/ledger.md), of the core, or of a stock
 * Linux whose init reads the clock. NULL with error: they lack what it takes. Free it.
 */
char *census_arguments(const struct symbols *kernel, const struct symbols *init,
		       struct error *error);

/* For who adds ways by hand: makes the array, and sorts it by cost in the end. */
void bill_add_ways(struct bill *bill);
void bill_sort_ways(struct bill *bill);

/*
 * Ways and sums of a program from what the plugin wrote; the symbols are there. 0; or -1 with
 * error: it is no census, or it does not sum to what the clock says.
 */
int census_read(struct bill *bill, const char *path, struct census_clock clock,
		struct error *error);

/* ---- two bills side by side: line by line, and net by phase ---- */

/* A line or a phase of two bills; a count is 0 where a bill lacks it. */
struct bill_pair {
	const char *phase;
	const char *symbol;  /* the second's name for it where both have it; "": the whole phase */
	const char *renamed; /* the first's name for it, where that is another; else NULL */
	double counts[2], delta; /* what the second has more */
};

#define PAIR(pairs, i) (&g_array_index(pairs, struct bill_pair, i))

/*
 * Lines of both, in the order of the second, with what only the first has put where the first has
 * it. A symbol of the first that goes by another name in the second, with most of its instructions
 * alike, is one line. Free with g_array_unref().
 */
GArray *bill_pair_lines(const struct bill *const bills[2]);

/* Phases of such lines, in the order of their first ones. */
GArray *bill_pair_phases(const GArray *lines);

void bill_sort_pairs(GArray *pairs); /* the largest difference first */

/* What the second has more: sums, specials, stack and what is unexplained, with no lines. */
void bill_subtract(struct bill *more, const struct bill *const bills[2]);

/* ---- what bills look like: pure functions of them ---- */

struct bill_view {
	/* Ended by NULL. One round trip, the difference of two, or several side by side. */
	const struct bill *bills[BILLS_MAX + 1];
	bool quiet;   /* only the lines */
	bool symbols; /* a difference also by symbol */
	bool listing; /* also every step in order of execution */
};

/* The table by phase and symbol, or by way, and the totals. */
void bill_print(FILE *out, const struct bill_view *view);

/* Of one round trip, else {"bills": [...]} (docs/bill.md); a new reference. */
json_t *bill_json(const struct bill_view *view);

/* For flame graphs: "variant;phase;function;function COUNT", of a program variant;way;part;... */
void bill_write_folded(FILE *out, const struct bill *bill);

/*
 * Rows "label", "value", "kind" for plots/waterfall.gp: the phases of one bill, or functions where
 * it has no phases; or what leads from the total of the first to that of the second.
 */
void bill_put_waterfall(struct table *data, const struct bill_view *view);

/* Rows "label", "depth", "from", "to" for plots/flame.gp: the frames of the folded stacks. */
void bill_put_flame(struct table *data, const struct bill *bill);

/* Rows "variant", "part", "value" for plots/program.gp. */
void bill_put_parts(struct table *data, const struct bill *bill);

/* The same for plots/groups.gp: what a stock kernel's functions are for. */
void bill_put_groups(struct table *data, const struct bill *bill);

/* The variant as the command line names it. Free it. */
char *bill_words(const struct bill *bill);

/* Tables that text and JSON share: a row a line, a pair, a step, a way. Free each. */
struct table *bill_table_of_lines(const struct bill *bill);
struct table *bill_table_of_pairs(const GArray *pairs);
struct table *bill_table_of_steps(const struct bill *bill);
struct table *bill_table_of_ways(const struct bill *bill);

/* The sum of all ways but ring 3, or the rest. */
struct bill_way bill_kernel(const struct bill *bill);

/* bill_print()'s for programs. */
struct table *program_table(const struct bill_view *view);
void program_print_title(FILE *out, const struct bill *bill);

/* A note on instructions, for readers. */
#define BILL_NOT_TIME "Instructions are not time: an IRETQ, a MOV to CR3 and an ADD count one each."

/* Their keys for sums; NULL at the count, which has its own. */
extern const char *const bill_sum_keys[BILL_SUMS];

#endif
