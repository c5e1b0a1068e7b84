/*
 * The bill: what one round trip consists of, attributed to phases of the entry path and, where
 * every instruction was seen, to symbols. Two producers: the plugin's ledger (bill_of_body), and
 * the time stamps of a stamped image.
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

/*
 * Symbol of an interrupt or single step, which comes between two instructions and is none of
 * theirs.
 */
#define SYMBOL_INTERRUPTION "interruption"

/*
 * Negative where the crossing has less than the bare loop. By time stamps there is only the count.
 */
struct bill_sums {
	double count;	       /* instructions or cycles */
	int64_t loads, stores; /* frames that the CPU pushes included */
	int64_t bytes_loaded, bytes_stored;
	int64_t taken;	     /* branches, calls and returns included */
	int64_t serialising; /* instructions */
};

/* Lines come in the order in which the round trip first reaches them. */
struct bill_line {
	const char *phase, *symbol; /* symbol "": of the whole phase */
	struct bill_sums sums;
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

/* Start with bill_init(), end with bill_free(). */
struct bill {
	/* What was billed: borrowed, but for the CPU. */
	const char *machine, *variant, *bench;
	enum machine_class class;
	bool safe; /* false: for measurement only */
	char cpu[100];

	GArray *lines;	 /* struct bill_line */
	GTree *specials; /* how often each privileged, serialising, ring-changing instruction */
	GArray *steps;	 /* struct bill_step, in order of execution, then those of the bare loop */
	struct bill_sums sums; /* of all lines; the count is the round trip */
	uint64_t stack_bytes;  /* distinct bytes of kernel stacks that were touched */

	bool stamped; /* by time stamps */
	double probe; /* what one of them costs */
	double unexplained;

	/* What lines and steps point into. */
	struct ledger ledger;
	struct symbols kernel, program;
	struct body body;
};

void bill_init(struct bill *bill);
void bill_free(struct bill *bill);

/* Fills in the rest, once ledger, symbols and body are there. */
void bill_of_body(struct bill *bill);

/* The line, which is made where there is none. Names are not copied. */
struct bill_line *bill_line(struct bill *bill, const char *phase, const char *symbol);

/* NULL: the bill has no such line. */
const struct bill_line *bill_find_line(const struct bill *bill, const char *phase,
				       const char *symbol);

void bill_add_sums(struct bill_sums *to, const struct bill_sums *sums, int sign);

/* Names with counts: adds, or takes off. A count of 0 is none. */
GTree *bill_specials_new(void);
void bill_add_special(GTree *specials, const char *name, int64_t count);

/*
 * Distinct bytes of kernel stacks that the steps touched. A stack page is one on which PUSH, POP,
 * CALL, RET, IRET or the CPU itself work, and a page right below one, where deep frames lie.
 */
uint64_t bill_stack_bytes(const struct bill *bill);

/* "variant;phase;function;function COUNT", one line a stack: the input of flame graph tools. */
void bill_write_folded(FILE *out, const struct bill *bill);

/*
 * The bill of a stamped image: phases between time stamps, what the stamps themselves cost taken
 * off (docs/records.md).
 */
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
 * Lines and sums of one bill from these boots: of each line, and of the total, the median. NULL, or
 * what the pairs lack: the probe's three, a way from "enter" to "leave", the same phases in every
 * boot.
 */
const char *bill_of_stamps(struct bill *bill, const struct stamped_boot *boots, size_t count);

/* Two bills side by side: line by line, and net by phase. */
/* A line or a phase of two bills; a count is 0 where a bill lacks it. */
struct bill_pair {
	const char *phase;
	const char *symbol; /* the second's name for it where both have it; NULL: the whole phase */
	const char *renamed;	 /* the first's name for it, where that is another; else NULL */
	double counts[2], delta; /* what the second has more */
	size_t differing;	 /* lines of the phase in which the two differ */
};

/*
 * Lines of both, in the order of the second, with what only the first has put where the first has
 * it. A symbol of the first that goes by another name in the second, with most of its instructions
 * alike, is one line. Free with g_array_unref().
 */
GArray *bill_pair_lines(const struct bill *const bills[2]);

/* Phases of such lines, in the order of their first ones. */
GArray *bill_pair_phases(const GArray *lines);

/* Lines of the phase in which the two differ, the largest difference first. */
GArray *bill_phase_differences(const GArray *lines, const char *phase);

/* What the second has more: sums, and names of instructions with counts. */
struct bill_sums bill_sums_more(const struct bill *const bills[2]);
GTree *bill_specials_more(const struct bill *const bills[2]);

#define PAIR(pairs, i) (&g_array_index(pairs, struct bill_pair, i))

/* What a bill, or two, look like: text, JSON, the data of a waterfall. Pure functions of bills. */
struct bill_view {
	const struct bill *bills[2]; /* the second NULL: one bill, else their difference */
	bool quiet;		     /* only the lines */
	bool symbols;		     /* a difference also by symbol */
	bool listing;		     /* also every step in order of execution */
};

/*
 * By phase, and within a phase by symbol; of two what the second has more, net by phase; then the
 * totals.
 */
void bill_print(FILE *out, const struct bill_view *view);

/*
 * {"machine", ..., "total", "lines": [...], ...}, or {"bills": [...], "difference": {...}}
 * (docs/bill.md); a new reference.
 */
json_t *bill_json(const struct bill_view *view);

/*
 * Rows "label", "value", "kind" for plots/waterfall.gp: the phases of one bill, or functions where
 * it has no phases; or what leads from the total of the first to that of the second.
 */
void bill_put_waterfall(struct table *data, const struct bill_view *view);

/* The variant as the command line names it. Free it. */
char *bill_words(const struct bill *bill);

/* Bills as tables, for readers and programs. Free each with table_free(). */
/* For readers: with sums and what they mean below, unless quiet. */
struct table *bill_table_of_one(const struct bill *bill, bool quiet);
struct table *bill_table_of_two(const struct bill_view *view);

/* For programs: a row a line; one row for all; a row a struct bill_pair. */
struct table *bill_table_of_lines(const struct bill *bill);
struct table *bill_table_of_sums(const struct bill *bill, const struct bill_sums *sums);
struct table *bill_table_of_pairs(const GArray *pairs);

/* Every step in order of execution. */
struct table *bill_table_of_steps(const struct bill *bill);

/*
 * The bill of a whole program: every instruction from its start to its end, by way into the kernel,
 * from the census that the plugin of tools/ledger/ takes (docs/ledger.md).
 */
/* Instructions of one function on one way. */
struct census_line {
	const char *part; /* a phase of the entry path, or CENSUS_WORK */
	const char *symbol;
	double count;
};

#define CENSUS_RING3 "ring 3"
#define CENSUS_WORK  "own work"
#define CENSUS_START "start" /* what the kernel does before the program runs */

/* A system call by its name, an exception, an interrupt, or ring 3 itself. */
struct census_way {
	char *name;
	double crossings; /* 0: ring 3 */
	double path,
	    work; /* instructions: entry and exit path with the dispatcher; what it asked for */
	GArray *lines; /* struct census_line */
};

struct census {
	const char *machine, *variant, *program; /* borrowed */
	bool safe;
	char cpu[100];
	GPtrArray *ways; /* struct census_way, by cost */
	double ring3, kernel, crossings, signals;
	double idle;  /* ticks that the CPU waited */
	double total; /* ticks, as the clock reported */
	struct symbols kernel_symbols, program_symbols;
};

/*
 * What the kernel said of the program's end: ticks from its start to its end, and those spent
 * waiting.
 */
struct census_clock {
	double ticks, idle;
};

void census_init(struct census *census);
void census_free(struct census *census);

/*
 * The plugin's arguments, ",clock=..." (docs/ledger.md). NULL with error: the kernel lacks what it
 * takes. Free it.
 */
char *census_arguments(const struct symbols *kernel, struct error *error);

/*
 * Reads what the plugin wrote; the symbols are there and sorted. 0; or -1 with error: it is no
 * census, or it does not sum to what the clock says.
 */
int census_read(struct census *census, const char *path, struct census_clock clock,
		struct error *error);

/* One variant's ways, or those of several side by side. */
void census_print(FILE *out, const struct census *censuses, size_t count, bool quiet);
json_t *census_json(const struct census *censuses, size_t count);

/* "variant;way;part;function COUNT", one line a function. */
void census_write_folded(FILE *out, const struct census *census);

#endif
