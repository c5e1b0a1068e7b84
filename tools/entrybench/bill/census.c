/* Reads a census, and names the ways by the kernel's symbols. */
#include "bill/bill.h"

#define STUBS	    "vector_stubs" /* kernel/entry/exception.S */
#define STUB_SIZE   16u		   /* VECTOR_STUB_SIZE */
#define VECTORS	    256u
#define CALL_PREFIX "sys_"
#define ENTRY_CALL  "entry_syscall_64"
#define SIGNAL	    "signal_frame_make"
#define UNKNOWN	    "[unknown]"

/* Faults by vector (SDM 3A 6.15): the instruction has not executed when they come. */
static const uint8_t faults[] = {0, 5, 10, 11, 12, 13, 14, 16, 17, 19};

static const char *const exceptions[32] = {"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD",
					   "#NM", "#DF", NULL,	"#TS", "#NP", "#SS", "#GP",
					   "#PF", NULL,	 "#MF", "#AC", "#MC", "#XM"};

static bool is_call(const struct symbol *symbol)
{
	return !symbol->label && g_str_has_prefix(symbol->name, CALL_PREFIX);
}

char *census_arguments(const struct symbols *kernel, struct error *error)
{
	const struct symbol *clock = symbols_by_name(kernel, "plan_clock");
	const struct symbol *idle = symbols_by_name(kernel, "idle_clock");
	const struct symbol *stubs = symbols_by_name(kernel, STUBS);
	GString *text = g_string_new(NULL);

	if (!clock || !idle || !stubs) {
		error_set(error, "this kernel does not time programs for the ledger");
		g_string_free(text, true);
		return NULL;
	}
	g_string_printf(text, ",clock=%" PRIx64 "-%" PRIx64 ",idle=%" PRIx64 "-%" PRIx64,
			clock->address, clock->address + clock->size, idle->address,
			idle->address + idle->size);
	for (size_t i = 0; i < G_N_ELEMENTS(faults); i++)
		g_string_append_printf(text, ",fault=%" PRIx64,
				       stubs->address + faults[i] * STUB_SIZE);
	for (size_t i = 0; i < symbols_count(kernel); i++)
		if (is_call(symbols_at(kernel, i)))
			g_string_append_printf(text, ",mark=%" PRIx64,
					       symbols_at(kernel, i)->address);
	return g_string_free(text, false);
}

static const char *symbol_name(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *symbol = symbols_find(symbols, address);

	return symbol ? symbol->name : UNKNOWN;
}

/* "#PF", "interrupt 236"; NULL: no vector's entry. */
static char *vector_name(const struct symbols *kernel, uint64_t entry)
{
	const struct symbol *stubs = symbols_by_name(kernel, STUBS);
	uint64_t vector = stubs ? (entry - stubs->address) / STUB_SIZE : VECTORS;

	if (!stubs || entry < stubs->address || vector >= VECTORS)
		return NULL;
	if (vector < G_N_ELEMENTS(exceptions) && exceptions[vector])
		return g_strdup(exceptions[vector]);
	return g_strdup_printf("interrupt %" PRIu64, vector);
}

/* entry 0: ring 3; mark 0: no system call. */
static char *way_name(const struct symbols *kernel, uint64_t entry, uint64_t mark)
{
	const char *path = symbol_name(kernel, entry), *call;
	char *vector = entry ? vector_name(kernel, entry) : g_strdup(WAY_RING3);

	if (vector)
		return vector;
	if (!mark)
		return g_strdup(strcmp(path, "plan_clock") == 0 ? WAY_START : path);
	call = symbol_name(kernel, mark) + strlen(CALL_PREFIX);
	if (g_str_has_prefix(path, ENTRY_CALL))
		return g_strdup(call);
	return g_strdup_printf("%s by %s", call, path);
}

/* Two ways may have one name: system calls that share a function. */
static struct bill_way *find_way(GArray *ways, const char *name)
{
	struct bill_way fresh = {.name = g_intern_string(name)};

	for (guint i = 0; i < ways->len; i++)
		if (g_array_index(ways, struct bill_way, i).name == fresh.name)
			return &g_array_index(ways, struct bill_way, i);
	fresh.lines = g_array_new(false, false, sizeof(struct bill_line));
	g_array_append_val(ways, fresh);
	return &g_array_index(ways, struct bill_way, ways->len - 1);
}

/*
 * The phase of the entry section's code; the dispatcher and what stands between it and that section
 * belong to it. Ring 3 has none.
 */
static const char *part_of(const struct symbols *kernel, uint64_t address, const char *symbol)
{
	const struct phase *phase = symbols_find_phase(kernel, address);

	if ((int64_t)address >= 0)
		return "";
	if (phase)
		return phase->name;
	if (address >= kernel->entry_start && address < kernel->entry_end)
		return "entry";
	if (g_str_has_prefix(symbol, "do_syscall_") || strcmp(symbol, "serve") == 0 ||
	    g_str_has_prefix(symbol, "__x86_indirect_thunk"))
		return "dispatch";
	return PHASE_WORK;
}

static void take_count(struct bill *bill, struct bill_way *way, uint64_t address, double count)
{
	const struct symbols *symbols = (int64_t)address < 0 ? &bill->kernel : &bill->program;
	const struct symbol *symbol = symbols_find(symbols, address);
	const char *name = symbol ? symbol->name : UNKNOWN;
	const char *part = part_of(&bill->kernel, address, name);

	bill_line(way->lines, part, name)->sums[BILL_COUNT] += count;
	*(!*part || strcmp(part, PHASE_WORK) == 0 ? &way->work : &way->path) += count;
	bill->sums[BILL_COUNT] += count;
	if (symbol && strcmp(name, SIGNAL) == 0 && symbol->address == address)
		bill->signals += count;
}

/* What is read so far. */
struct reading {
	struct bill *bill;
	struct bill_way *way;
	size_t ways;
	double idle_steps;
};

static const char *take_line(void *context, char *line)
{
	struct reading *reading = context;
	struct bill *bill = reading->bill;
	uint64_t entry, mark, times, address;
	size_t ways;

	if (sscanf(line, "way %zu entry %" SCNx64 " mark %" SCNx64 " times %" SCNu64, &ways, &entry,
		   &mark, &times) == 4) {
		g_autofree char *name = way_name(&bill->kernel, entry, mark);

		reading->way = find_way(bill->ways, name);
		if (strcmp(name, WAY_START) != 0)
			reading->way->crossings += (double)times;
		return ways == reading->ways++ ? NULL : "bad way";
	}
	if (reading->way && sscanf(line, "count %" SCNx64 " %" SCNu64, &address, &times) == 2) {
		take_count(bill, reading->way, address, (double)times);
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

int census_read(struct bill *bill, const char *path, struct census_clock clock, struct error *error)
{
	struct reading reading = {.bill = bill};

	bill->ways = g_array_new(false, false, sizeof(struct bill_way));
	g_array_set_clear_func(bill->ways, way_clear);
	if (ledger_read_lines(path, "census", take_line, &reading, error) != 0)
		return -1;
	bill->idle = clock.idle - reading.idle_steps;
	g_array_sort(bill->ways, dearer_first);
	if (bill->sums[BILL_COUNT] + bill->idle == clock.ticks)
		return 0;
	return error_set(error,
			 "the census has %.0f instructions and %.0f ticks of waiting, but the "
			 "clock reported %.0f",
			 bill->sums[BILL_COUNT], bill->idle, clock.ticks);
}
