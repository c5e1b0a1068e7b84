/* Reads a ledger file line by line; every line is checked before it is believed. */
#include "bill/ledger.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define LEDGER_MAGIC "entrybench-ledger 1\n"

struct reader {
	struct ledger *ledger;
	const char *path;
	unsigned long line;
	uint64_t steps_missing; /* of the traced window that is open */
	bool ended;
	struct error *error;
};

static int bad_line(const struct reader *reader, const char *what)
{
	return error_set(reader->error, "%s:%lu: %s: not a ledger of this version, or cut short",
			 reader->path, reader->line, what);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_bytes(struct ledger_insn *insn, const char *hex)
{
	size_t length = strlen(hex);

	if (length == 0 || length % 2 || length > 2 * (size_t)LEDGER_INSN_MAX)
		return false;
	insn->size = (uint8_t)(length / 2);
	for (size_t i = 0; i < insn->size; i++) {
		int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		insn->bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static void cut_space(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
}

/* insn NUMBER ADDRESS BYTES TEXT */
static int read_insn(struct reader *reader, const char *line)
{
	struct ledger *ledger = reader->ledger;
	struct ledger_insn insn = {0};
	char hex[2 * LEDGER_INSN_MAX + 2];
	size_t index;
	int text = 0;

	if (sscanf(line, "insn %zu %" SCNx64 " %31s %n", &index, &insn.address, hex, &text) != 3 ||
	    index != ledger->insn_count + 1 || !read_bytes(&insn, hex))
		return bad_line(reader, "bad instruction");
	insn.text = memory_copy(text ? line + text : "");
	cut_space(insn.text);
	ledger->insns = memory_grow(ledger->insns, ledger->insn_count, sizeof(insn));
	ledger->insns[ledger->insn_count++] = insn;
	return 0;
}

/* window INDEX steps LENGTH crossings COUNT times COUNT traced|untraced */
static int read_window(struct reader *reader, const char *line)
{
	struct ledger *ledger = reader->ledger;
	struct ledger_window window = {.first = ledger->step_count};
	char traced[9];
	size_t index;

	if (sscanf(line, "window %zu steps %" SCNu64 " crossings %" SCNu64 " times %" SCNu64 " %8s",
		   &index, &window.length, &window.crossings, &window.times, traced) != 5 ||
	    index != ledger->window_count)
		return bad_line(reader, "bad window");
	window.traced = strcmp(traced, "traced") == 0;
	ledger->windows = memory_grow(ledger->windows, ledger->window_count, sizeof(window));
	ledger->windows[ledger->window_count++] = window;
	reader->steps_missing = window.traced ? window.length : 0;
	return 0;
}

/* " L8@ADDRESS" or " S8@ADDRESS"; its length, 0 where it is none. */
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
	ledger->accesses = memory_grow(ledger->accesses, ledger->access_count, sizeof(access));
	ledger->accesses[ledger->access_count++] = access;
	return length;
}

/* step NUMBER [ACCESS]... */
static int read_step(struct reader *reader, const char *line)
{
	struct ledger *ledger = reader->ledger;
	struct ledger_step step = {.access_first = (uint32_t)ledger->access_count};
	int at = 0, length;

	if (reader->steps_missing == 0)
		return bad_line(reader, "a step outside of a traced window");
	if (sscanf(line, "step %" SCNu32 "%n", &step.insn, &at) != 1 || step.insn == 0 ||
	    step.insn > ledger->insn_count)
		return bad_line(reader, "bad step");
	step.insn--; /* the file numbers them from 1 */
	while (line[at] == ' ') {
		length = read_access(ledger, line + at);
		if (length == 0)
			return bad_line(reader, "bad access");
		at += length;
		step.access_count++;
	}
	ledger->steps = memory_grow(ledger->steps, ledger->step_count, sizeof(step));
	ledger->steps[ledger->step_count++] = step;
	reader->steps_missing--;
	return 0;
}

/* end WINDOWS */
static int read_end(struct reader *reader, const char *line)
{
	size_t windows;

	if (sscanf(line, "end %zu", &windows) != 1 || windows != reader->ledger->window_count)
		return bad_line(reader, "bad end");
	reader->ended = true;
	return 0;
}

static int read_line(struct reader *reader, const char *line)
{
	if (reader->line == 1)
		return strcmp(line, LEDGER_MAGIC) == 0 ? 0 : bad_line(reader, "bad first line");
	if (reader->ended)
		return bad_line(reader, "text after the end");
	if (strncmp(line, "step ", 5) == 0)
		return read_step(reader, line);
	if (reader->steps_missing)
		return bad_line(reader, "a window lacks steps");
	if (strncmp(line, "insn ", 5) == 0)
		return read_insn(reader, line);
	if (strncmp(line, "window ", 7) == 0)
		return read_window(reader, line);
	return read_end(reader, line);
}

int ledger_read(struct ledger *ledger, const char *path, struct error *error)
{
	struct reader reader = {.ledger = ledger, .path = path, .error = error};
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	int status = 0;

	*ledger = (struct ledger){0};
	if (!file)
		return error_set(error, "cannot read the ledger %s: %m", path);
	while (status == 0 && getline(&line, &room, file) > 0) {
		reader.line++;
		status = read_line(&reader, line);
	}
	if (status == 0 && !reader.ended)
		status = error_set(error, "the ledger %s is cut short: QEMU did not end by itself",
				   path);
	free(line);
	fclose(file);
	if (status != 0)
		ledger_free(ledger);
	return status;
}

void ledger_free(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->insn_count; i++)
		free(ledger->insns[i].text);
	free(ledger->insns);
	free(ledger->accesses);
	free(ledger->steps);
	free(ledger->windows);
	*ledger = (struct ledger){0};
}
