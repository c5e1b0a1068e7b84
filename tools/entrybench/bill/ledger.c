/* Reads a ledger file line by line; every line is checked before it is believed. */
#include "bill/ledger.h"

/* cost_code.S: the clock is read before the label and behind it. */
#define RING0_START "cost_time"
#define RING0_END   "cost_done"

int ledger_read_lines(const char *path, const char *kind, ledger_line_fn *take, void *context,
		      struct error *error)
{
	g_autofree char *magic = g_strdup_printf("entrybench-%s 1", kind), *line = NULL;
	FILE *file = fopen(path, "r");
	const char *problem = NULL, *result = NULL;
	unsigned long number = 0;
	size_t room = 0;
	ssize_t size;

	if (!file)
		return error_set(error, "cannot read the %s %s: %m", kind, path);
	while (!problem && (size = getline(&line, &room, file)) > 0) {
		if (line[size - 1] == '\n')
			line[size - 1] = '\0';
		if (++number == 1)
			problem = strcmp(line, magic) == 0 ? NULL : "bad first line";
		else if (result)
			problem = "text after the end";
		else if ((result = take(context, line)) && *result)
			problem = result;
	}
	fclose(file);
	if (problem)
		return error_set(error, "%s:%lu: %s: not a %s of this version, or cut short", path,
				 number, problem, kind);
	if (!result)
		return error_set(error, "the %s %s is cut short: QEMU did not end by itself", kind,
				 path);
	return 0;
}

void ledger_init(struct ledger *ledger)
{
	ledger->insns = g_array_new(false, false, sizeof(struct ledger_insn));
	ledger->accesses = g_array_new(false, false, sizeof(struct ledger_access));
	ledger->steps = g_array_new(false, false, sizeof(struct ledger_step));
	ledger->windows = g_array_new(false, false, sizeof(struct ledger_window));
}

void ledger_free(struct ledger *ledger)
{
	g_clear_pointer(&ledger->insns, g_array_unref);
	g_clear_pointer(&ledger->accesses, g_array_unref);
	g_clear_pointer(&ledger->steps, g_array_unref);
	g_clear_pointer(&ledger->windows, g_array_unref);
}

uint32_t ledger_add_insn(struct ledger *ledger, struct ledger_insn insn, const char *text)
{
	insn.text = intern(text);
	insn_decode(&insn);
	g_array_append_val(ledger->insns, insn);
	return ledger->insns->len - 1;
}

struct reader {
	struct ledger *ledger;
	uint64_t steps_missing; /* of the traced window that is open */
};

static bool read_bytes(struct ledger_insn *insn, const char *hex)
{
	for (; hex[0]; hex += 2) {
		int high = g_ascii_xdigit_value(hex[0]), low = g_ascii_xdigit_value(hex[1]);

		if (high < 0 || low < 0 || insn->size == LEDGER_INSN_MAX)
			return false;
		insn->bytes[insn->size++] = (uint8_t)(high << 4 | low);
	}
	return insn->size > 0;
}

/* insn NUMBER ADDRESS BYTES TEXT */
static const char *read_insn(struct ledger *ledger, char *line)
{
	struct ledger_insn insn = {0};
	char hex[2 * LEDGER_INSN_MAX + 2];
	size_t number;
	int text = (int)strlen(line);

	if (sscanf(line, "insn %zu %" SCNx64 " %31s %n", &number, &insn.address, hex, &text) != 3 ||
	    number != ledger->insns->len + 1 || !read_bytes(&insn, hex))
		return "bad instruction";
	ledger_add_insn(ledger, insn, g_strchomp(line + text));
	return NULL;
}

/* window INDEX steps LENGTH crossings COUNT times COUNT traced|untraced */
static const char *read_window(struct reader *reader, const char *line)
{
	struct ledger_window window = {.first = reader->ledger->steps->len};
	char traced[9];
	size_t index;

	if (sscanf(line, "window %zu steps %" SCNu64 " crossings %" SCNu64 " times %" SCNu64 " %8s",
		   &index, &window.length, &window.crossings, &window.times, traced) != 5 ||
	    index != reader->ledger->windows->len)
		return "bad window";
	window.traced = strcmp(traced, "traced") == 0;
	reader->steps_missing = window.traced ? window.length : 0;
	g_array_append_val(reader->ledger->windows, window);
	return NULL;
}

/* " L8@ADDRESS" or " S8@ADDRESS"; its length, or 0. */
static int read_access(struct ledger *ledger, const char *text)
{
	struct ledger_access access;
	int length = 0;
	char kind;

	if (sscanf(text, " %c%" SCNu8 "@%" SCNx64 "%n", &kind, &access.size, &access.address,
		   &length) != 3 ||
	    (kind != 'L' && kind != 'S') || access.size == 0)
		return 0;
	access.store = kind == 'S';
	g_array_append_val(ledger->accesses, access);
	return length;
}

/* step NUMBER [ACCESS]... */
static const char *read_step(struct reader *reader, const char *line)
{
	struct ledger *ledger = reader->ledger;
	struct ledger_step step = {.access_first = ledger->accesses->len};
	int at = 0, length;

	if (reader->steps_missing == 0)
		return "a step outside of a traced window";
	if (sscanf(line, "step %" SCNu32 "%n", &step.insn, &at) != 1 || step.insn == 0 ||
	    step.insn > ledger->insns->len)
		return "bad step";
	step.insn--; /* the file numbers them from 1 */
	for (; line[at] == ' '; at += length, step.access_count++) {
		length = read_access(ledger, line + at);
		if (length == 0)
			return "bad access";
	}
	g_array_append_val(ledger->steps, step);
	reader->steps_missing--;
	return NULL;
}

static const char *read_line(void *context, char *line)
{
	struct reader *reader = context;
	size_t windows;

	if (g_str_has_prefix(line, "step "))
		return read_step(reader, line);
	if (reader->steps_missing)
		return "a window lacks steps";
	if (g_str_has_prefix(line, "insn "))
		return read_insn(reader->ledger, line);
	if (g_str_has_prefix(line, "window "))
		return read_window(reader, line);
	return sscanf(line, "end %zu", &windows) == 1 && windows == reader->ledger->windows->len
		   ? LEDGER_END
		   : "bad end";
}

int ledger_read(struct ledger *ledger, const char *path, struct error *error)
{
	struct reader reader = {.ledger = ledger};

	ledger_init(ledger);
	if (ledger_read_lines(path, "ledger", read_line, &reader, error) == 0)
		return 0;
	ledger_free(ledger);
	return -1;
}

/* Round `label`, which lies in `function`. */
static void add_range(GString *text, const struct symbol *function, const struct symbol *label)
{
	g_string_append_printf(text, ",open=%" PRIx64 "-%" PRIx64 ",close=%" PRIx64 "-%" PRIx64,
			       function->address, label->address, label->address + label->size,
			       function->address + function->size);
}

char *clock_arguments(const struct symbols *program, const struct symbols *kernel)
{
	const struct symbol *start = symbols_by_name(kernel, RING0_START);
	const struct symbol *end = symbols_by_name(kernel, RING0_END);
	GString *text = g_string_new("");

	for (size_t i = 0; i < symbols_count(program); i++) {
		const struct symbol *loop = symbols_at(program, i), *body;
		g_autofree char *name = g_strdup_printf("%s.body", loop->name);

		if (!g_str_has_suffix(loop->name, ".crossing") &&
		    !g_str_has_suffix(loop->name, ".bare"))
			continue;
		body = symbols_by_name(program, name);
		if (body)
			add_range(text, loop, body);
	}
	if (!text->len && start && end)
		add_range(text, start, end);
	return g_string_free(text, false);
}
