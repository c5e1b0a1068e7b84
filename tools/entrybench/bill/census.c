/* Reads a census, and names the ways by the kernel's symbols. */
#include "bill/bill.h"

#define MAGIC	    "entrybench-census 1"
#define STUBS	    "vector_stubs" /* kernel/entry/exception.S */
#define STUB_SIZE   16u		   /* VECTOR_STUB_SIZE */
#define VECTORS	    256u
#define CALL_PREFIX "sys_"
#define ENTRY_CALL  "entry_syscall_64"
#define SIGNAL	    "signal_frame_make"

/* Faults by vector (SDM 3A 6.15): the instruction has not executed when they come. */
static const uint8_t faults[] = {0, 5, 10, 11, 12, 13, 14, 16, 17, 19};

static const char *const exceptions[32] = {"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD",
					   "#NM", "#DF", NULL,	"#TS", "#NP", "#SS", "#GP",
					   "#PF", NULL,	 "#MF", "#AC", "#MC", "#XM"};

static void way_free(void *data)
{
	struct census_way *way = data;

	g_free(way->name);
	g_array_unref(way->lines);
	g_free(way);
}

void census_init(struct census *census)
{
	*census = (struct census){.ways = g_ptr_array_new_with_free_func(way_free)};
}

void census_free(struct census *census)
{
	g_clear_pointer(&census->ways, g_ptr_array_unref);
	symbols_free(&census->kernel_symbols);
	symbols_free(&census->program_symbols);
}

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

	return symbol ? symbol->name : "[unknown]";
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
static char *way_name(const struct census *census, uint64_t entry, uint64_t mark)
{
	const struct symbols *kernel = &census->kernel_symbols;
	const char *path = symbol_name(kernel, entry), *call;
	char *vector = entry ? vector_name(kernel, entry) : g_strdup(CENSUS_RING3);

	if (vector)
		return vector;
	if (!mark)
		return g_strdup(strcmp(path, "plan_clock") == 0 ? CENSUS_START : path);
	call = symbol_name(kernel, mark) + strlen(CALL_PREFIX);
	if (g_str_has_prefix(path, ENTRY_CALL))
		return g_strdup(call);
	return g_strdup_printf("%s by %s", call, path);
}

/* Two ways may have one name: system calls that share a function. */
static struct census_way *find_way(struct census *census, char *name)
{
	struct census_way *way;

	for (guint i = 0; i < census->ways->len; i++) {
		way = census->ways->pdata[i];
		if (strcmp(way->name, name) == 0) {
			g_free(name);
			return way;
		}
	}
	way = g_new0(struct census_way, 1);
	way->name = name;
	way->lines = g_array_new(false, false, sizeof(struct census_line));
	g_ptr_array_add(census->ways, way);
	return way;
}

/*
 * The phase of the entry section's code; the dispatcher and what stands between it and that section
 * belong to it.
 */
static const char *part_of(const struct symbols *kernel, uint64_t address, const char *symbol)
{
	const struct phase *phase = symbols_find_phase(kernel, address);

	if (phase)
		return phase->name;
	if (address >= kernel->entry_start && address < kernel->entry_end)
		return "entry";
	if (g_str_has_prefix(symbol, "do_syscall_") || strcmp(symbol, "serve") == 0 ||
	    g_str_has_prefix(symbol, "__x86_indirect_thunk"))
		return "dispatch";
	return CENSUS_WORK;
}

static void add_line(struct census_way *way, const char *part, const char *symbol, double count)
{
	const struct census_line fresh = {part, symbol, count};

	*(strcmp(part, CENSUS_WORK) == 0 ? &way->work : &way->path) += count;
	for (guint i = 0; i < way->lines->len; i++) {
		struct census_line *line = &g_array_index(way->lines, struct census_line, i);

		if (strcmp(line->part, part) == 0 && strcmp(line->symbol, symbol) == 0) {
			line->count += count;
			return;
		}
	}
	g_array_append_val(way->lines, fresh);
}

static void take_count(struct census *census, struct census_way *way, uint64_t address,
		       double count)
{
	const struct symbols *kernel = &census->kernel_symbols;
	bool in_kernel = (int64_t)address < 0;
	const struct symbol *symbol =
	    symbols_find(in_kernel ? kernel : &census->program_symbols, address);
	const char *name = symbol ? symbol->name : "[unknown]";

	add_line(way, in_kernel ? part_of(kernel, address, name) : CENSUS_WORK, name, count);
	if (in_kernel && symbol && strcmp(name, SIGNAL) == 0 && symbol->address == address)
		census->signals += count;
	*(in_kernel ? &census->kernel : &census->ring3) += count;
}

/* What is read so far. */
struct reading {
	struct census *census;
	struct census_way *way;
	size_t ways;
	double idle_steps;
	bool ended;
};

/* False: it is no line of a census. */
static bool take_line(struct reading *reading, const char *line)
{
	struct census *census = reading->census;
	uint64_t entry, mark, times, address;
	size_t ways;

	if (sscanf(line, "way %zu entry %" SCNx64 " mark %" SCNx64 " times %" SCNu64, &ways, &entry,
		   &mark, &times) == 4) {
		reading->way = find_way(census, way_name(census, entry, mark));
		times = strcmp(reading->way->name, CENSUS_START) == 0 ? 0 : times;
		reading->way->crossings += (double)times;
		census->crossings += (double)times;
		return ways == reading->ways++;
	}
	if (reading->way && sscanf(line, "count %" SCNx64 " %" SCNu64, &address, &times) == 2) {
		take_count(census, reading->way, address, (double)times);
		return true;
	}
	reading->ended = sscanf(line, "end %zu idle %" SCNu64, &ways, &times) == 2;
	reading->idle_steps = reading->ended ? (double)times : 0;
	return reading->ended && ways == reading->ways;
}

static int dearer_first(const void *a, const void *b)
{
	const struct census_way *x = *(struct census_way *const *)a,
				*y = *(struct census_way *const *)b;
	double more = y->path + y->work - x->path - x->work;

	return more ? (more > 0) - (more < 0) : strcmp(x->name, y->name);
}

int census_read(struct census *census, const char *path, struct census_clock clock,
		struct error *error)
{
	struct reading reading = {.census = census};
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return error_set(error, "the plugin wrote no census %s", path);
	lines = g_strsplit(text, "\n", -1);
	if (!lines[0] || strcmp(lines[0], MAGIC) != 0)
		return error_set(error, "%s is no census of this version", path);
	for (size_t i = 1; lines[i] && *lines[i]; i++)
		if (reading.ended || !take_line(&reading, lines[i]))
			return error_set(error,
					 "%s:%zu: bad line: no census of this version, or the "
					 "program did not end",
					 path, i + 1);
	if (!reading.ended)
		return error_set(error, "the census %s is cut short: QEMU did not end by itself",
				 path);
	census->idle = clock.idle - reading.idle_steps;
	census->total = clock.ticks;
	g_ptr_array_sort(census->ways, dearer_first);
	if (census->ring3 + census->kernel + census->idle == clock.ticks)
		return 0;
	return error_set(error,
			 "the census has %.0f instructions and %.0f ticks of waiting, but the "
			 "clock reported %.0f",
			 census->ring3 + census->kernel, census->idle, clock.ticks);
}
