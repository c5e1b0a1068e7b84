/*
 * The plan: see plan.h.
 */
#include <stdbool.h>
#include <stddef.h>

#include "linux.h"
#include "plan.h"

/* Words and bytes of a line: as many as the core takes (kernel/program/program.h). */
enum { PLAN_MAX = 65536, WORDS_MAX = 256, LINE_BYTES_MAX = 8192 };

static char plan[PLAN_MAX + 1];
static size_t plan_size, plan_at;
static char text[LINE_BYTES_MAX]; /* the words of one line, each ended by a NUL */
static char *words[WORDS_MAX + 1];

const char *plan_read(void)
{
	int fd = linux_open("plan", OPEN_READ);

	if (fd < 0)
		return "there is no file plan among the programs";
	for (long got; (got = linux_read(fd, plan + plan_size, PLAN_MAX + 1 - plan_size)) > 0;) {
		plan_size += (size_t)got;
		if (plan_size > PLAN_MAX)
			return "the plan has more than 65536 bytes";
	}
	linux_close(fd);
	return plan_size > 0 ? NULL : "the plan is empty";
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that %XX stands for, and the place moves behind it; -1: it is none. */
static int escaped(void)
{
	if (plan_size - plan_at < 3)
		return -1;
	int high = hex_digit(plan[plan_at + 1]), low = hex_digit(plan[plan_at + 2]);
	plan_at += 3;
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static bool word_goes_on(void)
{
	return plan_at < plan_size && plan[plan_at] != ' ' && plan[plan_at] != '\n';
}

/* One word into `text` at *used. NULL, or what is wrong. */
static const char *read_word(size_t *used)
{
	while (word_goes_on()) {
		int byte = plan[plan_at] == '%' ? escaped() : (unsigned char)plan[plan_at++];

		if (byte <= 0)
			return "plan: a word holds a zero byte or a bad %XX";
		if (*used == LINE_BYTES_MAX - 1)
			return "plan: a line is too long";
		text[(*used)++] = (char)byte;
	}
	text[(*used)++] = '\0';
	return NULL;
}

char *const *plan_next(const char **wrong)
{
	size_t used = 0, count = 0;

	if (plan_at == plan_size)
		return NULL;
	for (;;) {
		if (count == WORDS_MAX || used == LINE_BYTES_MAX) {
			*wrong = "plan: a line has too many words";
			return NULL;
		}
		words[count++] = text + used;
		*wrong = read_word(&used);
		if (*wrong != NULL)
			return NULL;
		if (plan_at == plan_size || plan[plan_at++] == '\n')
			break;
	}
	words[count] = NULL;
	return words;
}
