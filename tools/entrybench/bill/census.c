/* Reads a census, and names the ways by the kernel's symbols. */
#include "bill/bill.h"

#define STUBS		"vector_stubs" /* kernel/entry/exception.S */
#define PAGE_FAULT	14
#define VECTORS		256u
#define CORE_CLOCK	"plan_clock"
#define STOCK_EXCEPTION "asm_exc_"
#define STOCK_IDLE	"cpu_idle_poll" /* where Linux waits with idle=poll */

/* What the two kinds of kernels call things. A way by the entry of system calls goes without it. */
struct dialect {
	const char *call_prefix, *call_entry;
	const char *signal;	     /* runs once a signal delivered */
	const char *const *dispatch; /* how functions between entry section and own work begin */
};

static const char *const core_dispatch[] = {"do_syscall_", "serve", "__x86_indirect_thunk", NULL};
static const char *const stock_dispatch[] = {"do_syscall_64",
					     "x64_sys_call",
					     "syscall_enter_",
					     "syscall_exit_",
					     "enter_from_user_mode",
					     "exit_to_user_mode",
					     "irqentry_",
					     "sync_regs",
					     "do_int80_syscall_32",
					     "do_fast_syscall_32",
					     "__x86_indirect_thunk",
					     NULL};

static const struct dialect core = {"sys_", "entry_syscall_64", "signal_frame_make", core_dispatch};
static const struct dialect stock = {"__x64_sys_", "entry_SYSCALL_64", "signal_setup_done",
				     stock_dispatch};

/* By vector (SDM 3A 6.15); of a fault the instruction has not executed when it comes. */
static const struct {
	const char *name, *stock; /* the entry's symbol behind "asm_exc_" */
	bool fault;
} exceptions[32] = {
    [0] = {"#DE", "divide_error", true},
    [1] = {"#DB", "debug", false},
    [2] = {"NMI", "nmi", false},
    [3] = {"#BP", "int3", false},
    [4] = {"#OF", "overflow", false},
    [5] = {"#BR", "bounds", true},
    [6] = {"#UD", "invalid_op", false},
    [7] = {"#NM", "device_not_available", false},
    [8] = {"#DF", "double_fault", false},
    [10] = {"#TS", "invalid_tss", true},
    [11] = {"#NP", "segment_not_present", true},
    [12] = {"#SS", "stack_segment", true},
    [13] = {"#GP", "general_protection", true},
    [PAGE_FAULT] = {"#PF", "page_fault", true},
    [16] = {"#MF", "coprocessor_error", true},
    [17] = {"#AC", "alignment_check", true},
    [18] = {"#MC", "machine_check", false},
    [19] = {"#XM", "simd_coprocessor_error", true},
};

static const struct dialect *dialect_of(const struct symbols *kernel)
{
	return symbols_by_name(kernel, CORE_CLOCK) ? &core : &stock;
}

static void add_range(GString *text, const char *key, const struct symbol *symbol)
{
	g_string_append_printf(text, ",%s=%" PRIx64 "-%" PRIx64, key, symbol->address,
			       symbol->address + symbol->size);
}

/* VECTOR_STUB_SIZE; the symbol may have no size, and then reaches to the next one. */
static uint64_t stub_size(const struct symbols *kernel, const struct symbol *stubs)
{
	uint64_t end = stubs->address + stubs->size;

	for (size_t i = 0; i < symbols_count(kernel) && end == stubs->address; i++)
		if (symbols_at(kernel, i)->address > stubs->address)
			end = symbols_at(kernel, i)->address;
	return (end - stubs->address) / VECTORS;
}

/* The entry of an exception; 0: there is none. */
static uint64_t exception_entry(const struct symbols *kernel, size_t vector)
{
	const struct symbol *symbol = symbols_by_name(kernel, STUBS);
	g_autofree char *name = g_strconcat(STOCK_EXCEPTION, exceptions[vector].stock, NULL);

	if (symbol)
		return symbol->address + vector * stub_size(kernel, symbol);
	symbol = symbols_by_name(kernel, name);
	return symbol ? symbol->address : 0;
}

/* False: neither kind of kernel. */
static bool add_clock(GString *text, const struct symbols *kernel, const struct symbols *init)
{
	const struct symbol *clock = symbols_by_name(kernel, CORE_CLOCK);
	const struct symbol *idle = symbols_by_name(kernel, "idle_clock");
	const struct symbol *soon = symbols_by_name(init, "program_soon");

	if (!clock)
		clock = symbols_by_name(init, "program_clock");
	if (!clock || (!idle && !soon))
		return false;
	add_range(text, "clock", clock);
	if (idle)
		add_range(text, "idle", idle);
	else
		add_range(text, "open", soon);
	return true;
}

char *census_arguments(const struct symbols *kernel, const struct symbols *init,
		       struct error *error)
{
	const struct dialect *dialect = dialect_of(kernel);
	g_autoptr(GString) text = g_string_new(NULL);

	if (!add_clock(text, kernel, init) || !exception_entry(kernel, PAGE_FAULT)) {
		error_set(error, "this kernel does not time programs for the ledger");
		return NULL;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(exceptions); i++)
		if (exceptions[i].fault && exception_entry(kernel, i))
			g_string_append_printf(text, ",%s=%" PRIx64,
					       i == PAGE_FAULT ? "page_fault" : "fault",
					       exception_entry(kernel, i));
	for (size_t i = 0; i < symbols_count(kernel); i++)
		if (!symbols_at(kernel, i)->label &&
		    g_str_has_prefix(symbols_at(kernel, i)->name, dialect->call_prefix))
			g_string_append_printf(text, ",mark=%" PRIx64,
					       symbols_at(kernel, i)->address);
	return g_strdup(text->str);
}

/* "#PF", "interrupt 236"; NULL: no vector's entry. */
static char *vector_name(const struct symbols *kernel, uint64_t entry)
{
	const struct symbol *stubs = symbols_by_name(kernel, STUBS);
	uint64_t size = stubs ? stub_size(kernel, stubs) : 0;
	uint64_t vector = size ? (entry - stubs->address) / size : VECTORS;
	const char *name = symbols_name(kernel, entry);

	for (size_t i = 0; i < G_N_ELEMENTS(exceptions); i++)
		if (exceptions[i].name &&
		    (i == vector ||
		     (g_str_has_prefix(name, STOCK_EXCEPTION) &&
		      strcmp(name + strlen(STOCK_EXCEPTION), exceptions[i].stock) == 0)))
			return g_strdup(exceptions[i].name);
	if (stubs && entry >= stubs->address && vector < VECTORS)
		return g_strdup_printf("interrupt %" PRIu64, vector);
	if (strcmp(name, "asm_sysvec_apic_timer_interrupt") == 0)
		return g_strdup("interrupt 236"); /* LOCAL_TIMER_VECTOR */
	if (strcmp(name, "irq_entries_start") == 0)
		return g_strdup("interrupt of a device");
	return NULL;
}

/* One name for calls that share a function in the core, or have another one's name on Linux. */
static const char *call_name(const char *name)
{
	static const char *const names[][2] = {
	    {"zero", "getuid"},	      {"geteuid", "getuid"},  {"getgid", "getuid"},
	    {"getegid", "getuid"},    {"fdatasync", "fsync"}, {"newstat", "stat"},
	    {"newlstat", "stat"},     {"newfstat", "fstat"},  {"newuname", "uname"},
	    {"ni_syscall", "enosys"}, {"missing", "lacking"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(name, names[i][0]) == 0)
			return names[i][1];
	return name;
}

/* entry 0: ring 3; mark 0: no system call. */
static char *way_name(const struct dialect *dialect, const struct symbols *kernel, uint64_t entry,
		      uint64_t mark)
{
	const char *path = symbols_name(kernel, entry), *call;
	char *vector = entry ? vector_name(kernel, entry) : g_strdup(WAY_RING3);

	if (vector)
		return vector;
	if (!mark)
		return g_strdup(strcmp(path, CORE_CLOCK) == 0 ? WAY_START : path);
	call = symbols_name(kernel, mark) + strlen(dialect->call_prefix);
	if (dialect == &stock && strcmp(call, "execve") == 0)
		return g_strdup(WAY_START); /* what the core does before the program runs */
	call = call_name(call);
	if (g_str_has_prefix(path, dialect->call_entry))
		return g_strdup(call);
	return g_strdup_printf("%s by %s", call, path);
}

/* Two ways may have one name: system calls that share a function. */
static struct bill_way *find_way(GArray *ways, const char *name)
{
	struct bill_way fresh = {.name = intern(name)};

	for (guint i = 0; i < ways->len; i++)
		if (g_array_index(ways, struct bill_way, i).name == fresh.name)
			return &g_array_index(ways, struct bill_way, i);
	fresh.lines = g_array_new(false, false, sizeof(struct bill_line));
	g_array_append_val(ways, fresh);
	return &g_array_index(ways, struct bill_way, ways->len - 1);
}

/* The entry section's phase; the dispatcher and code around it are "dispatch". Ring 3 has none. */
static const char *part_of(const struct dialect *dialect, const struct symbols *kernel,
			   uint64_t address, const char *symbol)
{
	const struct phase *phase = symbols_find_phase(kernel, address);

	if ((int64_t)address >= 0)
		return "";
	if (phase)
		return phase->name;
	if (address >= kernel->entry_start && address < kernel->entry_end)
		return "entry";
	for (const char *const *begin = dialect->dispatch; *begin; begin++)
		if (g_str_has_prefix(symbol, *begin))
			return "dispatch";
	return PHASE_WORK;
}

/* What is read so far. */
struct reading {
	struct bill *bill;
	const struct dialect *dialect;
	struct bill_way *way;
	size_t ways;
	double idle_steps;
};

static void take_count(const struct reading *reading, uint64_t address, double count)
{
	struct bill *bill = reading->bill;
	struct bill_way *way = reading->way;
	const struct symbols *symbols = (int64_t)address < 0 ? &bill->kernel : &bill->program;
	const struct symbol *symbol = symbols_find(symbols, address);
	const char *name = symbol ? symbol->name : SYMBOL_UNKNOWN;
	const char *part = part_of(reading->dialect, &bill->kernel, address, name);

	if (g_str_has_prefix(name, STOCK_IDLE)) {
		bill->idle += count;
		return;
	}
	bill_line(way->lines, part, name)->sums[BILL_COUNT] += count;
	*(!*part || strcmp(part, PHASE_WORK) == 0 ? &way->work : &way->path) += count;
	bill->sums[BILL_COUNT] += count;
	if (symbol && symbol->address == address && strcmp(name, reading->dialect->signal) == 0)
		bill->signals += count;
}

static const char *take_line(void *context, char *line)
{
	struct reading *reading = context;
	struct bill *bill = reading->bill;
	uint64_t entry, mark, times, address;
	size_t ways;

	if (sscanf(line, "way %zu entry %" SCNx64 " mark %" SCNx64 " times %" SCNu64, &ways, &entry,
		   &mark, &times) == 4) {
		g_autofree char *name = way_name(reading->dialect, &bill->kernel, entry, mark);

		reading->way = find_way(bill->ways, name);
		if (strcmp(name, WAY_START) != 0)
			reading->way->crossings += (double)times;
		return ways == reading->ways++ ? NULL : "bad way";
	}
	if (reading->way && sscanf(line, "count %" SCNx64 " %" SCNu64, &address, &times) == 2) {
		take_count(reading, address, (double)times);
		return NULL;
	}
	if (sscanf(line, "end %zu idle %" SCNu64, &ways, &times) != 2 || ways != reading->ways)
		return "bad line, or the program did not end";
	reading->idle_steps = (double)times;
	return LEDGER_END;
}

static int dearer_first(const void *a, const void *b)
{
	const struct bill_way *x = a, *y = b;
	double more = y->path + y->work - x->path - x->work;

	return more ? (more > 0) - (more < 0) : strcmp(x->name, y->name);
}

static void way_clear(void *way)
{
	g_array_unref(((struct bill_way *)way)->lines);
}

void bill_add_ways(struct bill *bill)
{
	bill->ways = g_array_new(false, false, sizeof(struct bill_way));
	g_array_set_clear_func(bill->ways, way_clear);
}

void bill_sort_ways(struct bill *bill)
{
	g_array_sort(bill->ways, dearer_first);
}

int census_read(struct bill *bill, const char *path, struct census_clock clock, struct error *error)
{
	const struct symbol *start = symbols_by_name(&bill->kernel, "__entry_text_start"),
			    *end = symbols_by_name(&bill->kernel, "__entry_text_end");
	struct reading reading = {.bill = bill, .dialect = dialect_of(&bill->kernel)};

	if (start && end) {
		bill->kernel.entry_start = start->address;
		bill->kernel.entry_end = end->address;
	}
	bill_add_ways(bill);
	if (ledger_read_lines(path, "census", take_line, &reading, error) != 0)
		return -1;
	if (reading.dialect == &core)
		bill->idle = clock.idle - reading.idle_steps;
	bill_sort_ways(bill);
	if (bill->sums[BILL_COUNT] + bill->idle == clock.ticks)
		return 0;
	return error_set(error,
			 "the census has %.0f instructions and %.0f ticks of waiting, but the "
			 "clock reported %.0f",
			 bill->sums[BILL_COUNT], bill->idle, clock.ticks);
}
