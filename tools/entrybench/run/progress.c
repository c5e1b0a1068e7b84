/* What the user sees while a run goes on: a bar on a terminal, and lines that do not tear it. */
#include "run/program.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BAR_WIDTH 30

static bool shown(const struct session *session)
{
	return !session->request->quiet && isatty(STDERR_FILENO) &&
	       !program_speaks_at_once(session);
}

static void format_bar(char *bar, size_t done, size_t total)
{
	size_t full = total ? BAR_WIDTH * done / total : 0;

	for (size_t i = 0; i < BAR_WIDTH; i++)
		bar[i] = i < full ? '#' : '.';
	bar[BAR_WIDTH] = 0;
}

void progress_show(const struct session *session)
{
	double spent = clock_seconds() - session->started;
	size_t done = session->done, total = session->earlier + session->work_count;
	char bar[BAR_WIDTH + 1];
	char left[40] = "";

	if (!shown(session))
		return;
	format_bar(bar, done, total);
	/* The first boots say little about the rest. */
	if (done > 3 && done < total)
		snprintf(left, sizeof(left), ", about %.0f s left",
			 spent * (double)(total - done) / (double)done);
	fprintf(stderr, "\r[%s] %zu of %zu boots, %.0f s%s\033[K", bar, done, total, spent, left);
	fflush(stderr);
}

void progress_clear(const struct session *session)
{
	if (shown(session))
		fputs("\r\033[K", stderr);
}

void session_say(const struct session *session, const char *format, ...)
{
	va_list arguments;

	if (session->request->quiet)
		return;
	progress_clear(session);
	fputs("entrybench: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}
