/* What the QEMU plugin of tools/ledger/ wrote about one boot (docs/ledger.md), and its symbols. */
#ifndef BILL_LEDGER_H
#define BILL_LEDGER_H

#include "base/base.h"

/* ---- names for addresses ---- */

struct symbol {
	uint64_t address;
	uint64_t size; /* 0: unknown, it reaches to the next symbol */
	const char *name;
	bool label; /* not a function: it may lie in one */
};

/* From its address on this phase runs; name "end" closes the path. */
struct phase {
	uint64_t address;
	const char *name;
};

/* Zeroed: none. */
struct symbols {
	GArray *all;	/* struct symbol, ascending by address once sorted; NULL: none */
	GArray *phases; /* struct phase, in the order of the source; NULL: none */
	uint64_t end;	/* of the code; 0: unknown */
	uint64_t entry_start, entry_end; /* the section that phases are in; both 0: none */
};

/* Sort once all are there, before the first question. Names are copied. */
void symbols_add(struct symbols *symbols, uint64_t address, uint64_t size, const char *name,
		 bool label);
void symbols_add_phase(struct symbols *symbols, uint64_t address, const char *name);
void symbols_sort(struct symbols *symbols);
void symbols_free(struct symbols *symbols);

AUTO_CLEAR(symbols, symbols_free)

size_t symbols_count(const struct symbols *symbols);
const struct symbol *symbols_at(const struct symbols *symbols, size_t index);

/*
 * The function that holds the address: one of known size round it, else the nearest symbol below.
 * NULL: none is below, or the address is behind all code.
 */
const struct symbol *symbols_find(const struct symbols *symbols, uint64_t address);

/* Its name; SYMBOL_UNKNOWN where there is none. */
#define SYMBOL_UNKNOWN "[unknown]"
const char *symbols_name(const struct symbols *symbols, uint64_t address);

/* NULL: there is none of that name. */
const struct symbol *symbols_by_name(const struct symbols *symbols, const char *name);

/* The phase that the address belongs to; NULL where no path claims it. */
const struct phase *symbols_find_phase(const struct symbols *symbols, uint64_t address);

/*
 * Adds the functions of an ELF file, and its phases where it has some (kernel/entry/phase.h), and
 * sorts. 0, or -1 with one line in error.
 */
int symbols_read_elf(struct symbols *symbols, const char *path, struct error *error);

/* ---- the ledger ---- */

#define LEDGER_INSN_MAX 15 /* bytes */

/* An instruction that the guest executed. */
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
	uint64_t times;	    /* windows of exactly this trace */
	bool traced;
	size_t first; /* of its steps in ledger.steps; it has `length` of them where it is traced */
};

struct ledger {
	GArray *insns, *accesses, *steps, *windows; /* of the structs above */
};

void ledger_init(struct ledger *ledger);
void ledger_free(struct ledger *ledger);

/* Decodes it and takes it over; `text` is copied. Returns its index. */
uint32_t ledger_add_insn(struct ledger *ledger, struct ledger_insn insn, const char *text);

/* 0; or -1 with one line in error, and the ledger empty. Free with ledger_free(). */
int ledger_read(struct ledger *ledger, const char *path, struct error *error);

/*
 * Reads a file of the plugin's, which begins with the line "entrybench-KIND 1". Each further line
 * goes to `take`, which returns NULL, LEDGER_END for the last one, or what is wrong with it. 0, or
 * -1 with error.
 */
#define LEDGER_END ""
typedef const char *ledger_line_fn(void *context, char *line);
int ledger_read_lines(const char *path, const char *kind, ledger_line_fn *take, void *context,
		      struct error *error);

/*
 * The plugin's arguments for windows: ",open=START-END,close=START-END..." (docs/ledger.md). In
 * ring 3 that is before and behind the body of the harness' loops (bench/harness/timed.h); where
 * the program has no such loops, it is the core that times copies of one instruction in ring 0
 * (cost_code.S). Nothing where neither times anything. `kernel` may be empty. Free it.
 */
char *clock_arguments(const struct symbols *program, const struct symbols *kernel);

/* ---- traces: steps of a window in a row ---- */

/* What is said of a step is from its instruction and the next one. */
struct trace {
	const struct ledger *ledger;
	const struct ledger_step *steps; /* the window goes on behind the last one */
	size_t count;
	/* Faults are in the ledger, but this clock did not count them: nor does the bill. */
	bool faults;
};

const struct ledger_insn *trace_insn(const struct trace *trace, size_t step);
bool trace_in_kernel(const struct trace *trace, size_t step);

/* The step leaves ring 3 by a fault, or because an interrupt follows it. */
bool trace_faults(const struct trace *trace, size_t step);

/* Whether the clock counted the step. */
bool trace_counts(const struct trace *trace, size_t step);

/* What the CPU pushes on delivery: ss, rsp, rflags, cs, rip and perhaps an error code. */
struct cpu_frame {
	uint64_t first, size; /* bytes; size 0: none */
};

/* The frame delivered after the step. Unseen: interrupts of kernel code right after a branch. */
struct cpu_frame trace_frame(const struct trace *trace, size_t step);

#endif
