/*
 * A ledger in memory: what the QEMU plugin of tools/ledger/ wrote about the windows of one boot
 * (docs/ledger.md).
 */
#ifndef BILL_LEDGER_H
#define BILL_LEDGER_H

#include "base/base.h"

/*
 * An instruction that the guest executed, and what the bill wants to know of it, decoded once by
 * Zydis.
 */
#define LEDGER_INSN_MAX 15 /* bytes */

struct ledger_insn {
	uint64_t address;
	uint8_t bytes[LEDGER_INSN_MAX], size;
	const char *text; /* QEMU's disassembly */

	/*
	 * The rest is insn_decode()'s. The name, where the instruction is privileged or
	 * serialising, or moves between rings, segments or states of the CPU, and so costs more
	 * than its one count says; else NULL.
	 */
	const char *special;
	uint32_t shape;	   /* alike for one operation on the same registers, whatever the numbers */
	bool serialising;  /* SDM 3A, "Serializing Instructions" */
	bool call, ret;	   /* near: they push and pop a return address */
	bool branch;	   /* jumps, calls, returns, near and far */
	bool push, pop;	   /* stores to, or loads from, the top of the stack */
	bool pop_frame;	   /* loads of eight bytes are from the stack, others are of descriptors */
	bool enters;	   /* takes ring 3 into the kernel by its nature, and has executed then */
	bool by_gate;	   /* enters through the IDT, also from ring 0 */
	bool iret, sysret; /* sysret: SYSEXIT as well */
};

/* From its bytes; never fails: what Zydis does not know is an ordinary instruction. */
void insn_decode(struct ledger_insn *insn);

/* Kernel addresses are those of the upper half. */
static inline bool insn_in_kernel(const struct ledger_insn *insn)
{
	return (int64_t)insn->address < 0;
}

struct ledger_access {
	uint64_t address;
	uint8_t size; /* bytes */
	bool store;
};

/* One execution of an instruction. */
struct ledger_step {
	uint32_t insn;			     /* index into ledger.insns */
	uint32_t access_first, access_count; /* in ledger.accesses */
};

/* From one reading of the clock to the next, the second reading included. */
struct ledger_window {
	uint64_t length;    /* executed instructions */
	uint64_t crossings; /* times that ring 3 was left */
	uint64_t times;	    /* windows of exactly this course */
	bool traced;
	size_t first; /* of its steps in ledger.steps; it has `length` of them where it is traced */
};

struct ledger {
	GArray *insns, *accesses, *steps, *windows; /* of the structs above */
	GStringChunk *texts;
};

static inline const struct ledger_insn *ledger_insn(const struct ledger *ledger,
						    const struct ledger_step *step)
{
	return &g_array_index(ledger->insns, struct ledger_insn, step->insn);
}

static inline const struct ledger_access *ledger_accesses(const struct ledger *ledger,
							  const struct ledger_step *step)
{
	return &g_array_index(ledger->accesses, struct ledger_access, step->access_first);
}

/* For whoever fills one by hand. */
void ledger_init(struct ledger *ledger);

/* Decodes it and takes it over; `text` is copied. Returns its index. */
uint32_t ledger_add_insn(struct ledger *ledger, struct ledger_insn insn, const char *text);

/*
 * Reads a whole ledger. 0; or -1 with one line in error, and the ledger empty. Free with
 * ledger_free().
 */
int ledger_read(struct ledger *ledger, const char *path, struct error *error);
void ledger_free(struct ledger *ledger);

/* Names for addresses: symbols, and the phases of the entry paths. */
struct symbol {
	uint64_t address;
	uint64_t size; /* 0: unknown, it reaches to the next symbol */
	char *name;
	bool label; /* not a function: it may lie in one */
};

/*
 * A row of the image's phase table: from its address on this phase runs; name "end" closes the
 * path.
 */
struct phase {
	uint64_t address;
	char *path, *name;
};

struct symbols {
	GArray *all;	/* struct symbol, ascending by address once sorted; NULL: none */
	GArray *phases; /* struct phase, in the order of the source; NULL: none */
	uint64_t end;	/* of the code; 0: unknown */
	uint64_t entry_start, entry_end; /* the section that phases are in; both 0: none */
};

void symbols_add(struct symbols *symbols, uint64_t address, uint64_t size, const char *name,
		 bool label);
void symbols_add_phase(struct symbols *symbols, uint64_t address, const char *path,
		       const char *name);

size_t symbols_count(const struct symbols *symbols);
const struct symbol *symbols_at(const struct symbols *symbols, size_t index);

/* Once all are there, before the first question. */
void symbols_sort(struct symbols *symbols);
void symbols_free(struct symbols *symbols);

/*
 * The function that holds the address: one of known size round it, else the nearest symbol below.
 * NULL: none is below, or the address is behind all code.
 */
const struct symbol *symbols_find(const struct symbols *symbols, uint64_t address);

/* NULL: there is none of that name. */
const struct symbol *symbols_by_name(const struct symbols *symbols, const char *name);

/* The phase that the address belongs to; NULL where no path claims it. */
const struct phase *symbols_find_phase(const struct symbols *symbols, uint64_t address);

/*
 * Adds the functions of an ELF file, and its phases where it has some
 * (kernel/entry/phase.h). Not sorted yet. 0, or -1 with one line in error.
 */
int symbols_read_elf(struct symbols *symbols, const char *path, struct error *error);

/*
 * Where a benchmark reads the clock: the ranges that the ledger's windows open and close in. In
 * ring 3 that is before and behind the body of the harness' loops (bench/harness/timed.h); where
 * the program has no such loops, it is the core that times copies of one instruction in ring 0
 * (cost_code.S).
 */
/*
 * The plugin's arguments: ",open=START-END,close=START-END..." (docs/ledger.md), nothing where
 * neither program nor kernel times anything that a bill could be of. `kernel` may be empty. Free
 * it.
 */
char *clock_arguments(const struct symbols *program, const struct symbols *kernel);

/*
 * A trace: steps of a ledger's window in a row, and what is to be said of each from its instruction
 * and the next one.
 */
struct trace {
	const struct ledger *ledger;
	const struct ledger_step *steps; /* the window goes on behind the last one */
	size_t count;
	/*
	 * An instruction that faults on its way into the kernel is seen by the plugin, but has not
	 * executed. Where the clock did not count it, the bill must not either.
	 */
	bool faults;
};

const struct ledger_insn *trace_insn(const struct trace *trace, size_t step);
bool trace_in_kernel(const struct trace *trace, size_t step);

/*
 * The step leaves ring 3 although nothing in the instruction says so: by a fault, or an interrupt
 * comes behind it.
 */
bool trace_faults(const struct trace *trace, size_t step);

/* Whether the clock counted the step. */
bool trace_counts(const struct trace *trace, size_t step);

bool trace_same(const struct trace *a, const struct trace *b);

/*
 * What the CPU pushes on a stack when it delivers an interrupt or exception: ss, rsp, rflags, cs,
 * rip, an error code.
 */
struct cpu_frame {
	uint64_t first, size; /* bytes; size 0: none */
};

/*
 * The frame that is delivered between the step and the next one. Where code of the kernel is
 * interrupted right behind a branch, that does not show.
 */
struct cpu_frame trace_frame(const struct trace *trace, size_t step);

/*
 * One of the two loops that a benchmark times, found in the ledger: the windows that its records
 * speak of, cut into iterations that must all be alike.
 */
/* Ticks of the shortest windows round n and round 2n iterations of a loop. */
struct loop_ticks {
	int64_t once, twice;
};

struct loop_request {
	const char *name;	    /* "crossing", "bare" */
	const struct symbol *other; /* a loop that it is not; NULL: any may be */
	const struct ledger *ledger;
	const struct symbols *program, *kernel;
	uint64_t n;
	struct loop_ticks ticks;
};

/*
 * Fills `iteration`, and the symbol of the loop it is of. 0; or -1 with one line in error: no such
 * windows, or iterations that differ.
 */
int loop_find(const struct loop_request *request, struct trace *iteration,
	      const struct symbol **loop, struct error *error);

/*
 * The body: all that one crossing of a benchmark executes, cut out of the measured windows of a
 * ledger.
 *
 * The harness times two loops (bench/harness/timed.h): NAME.crossing, whose iteration is setup,
 * crossing and what comes after, and NAME.bare, the same without the crossing. What an iteration of
 * the first has and one of the second has not is the body: most often from the entering instruction
 * to the last one before ring 3 goes on, but whatever ring 3 executes in between (a signal handler,
 * say) belongs to it. The second may enter the kernel, too, where what the first has more is an
 * interrupt; and should it have steps that the first has not, they are taken off.
 */
/* What the program's records say of its two loops. */
struct measured {
	uint64_t n;
	struct loop_ticks crossing, bare;
	int64_t round_trip; /* ticks */
};

/*
 * What the crossing has more is between `before` steps at its beginning and `after` at its end that
 * both have.
 */
struct body {
	struct trace crossing, bare; /* an iteration of each */
	size_t before, after;
	int64_t total; /* ticks */
};

/*
 * Finds the windows that the records speak of and the body that all iterations share. 0; or -1 with
 * one line in error: no such window, iterations that differ, or a body that does not sum to the
 * round trip.
 */
int body_find(struct body *body, const struct ledger *ledger, const struct symbols *program,
	      const struct symbols *kernel, const struct measured *measured, struct error *error);

#endif
