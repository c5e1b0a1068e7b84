/* The progress bar. */
#include "run/run.h"

#include <sys/ioctl.h>
#include <unistd.h>

#define BAR_WIDTH 30
#define BAR_LEAST 8

static bool quiet, shown;

void progress_open(bool be_quiet, bool bar)
{
	quiet = be_quiet;
	shown = bar && !quiet && isatty(STDERR_FILENO);
}

static int terminal_width(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col ? 80 : size.ws_col;
}

/* One line at any width: what has no room is left out, the last column stays free. */
void progress_show(size_t done, size_t total, double seconds)
{
	g_autoptr(GString) text = g_string_new(NULL);
	int width = terminal_width() - 1, bar, full;

	if (!shown)
		return;
	g_string_printf(text, "%zu of %zu boots, %.0f s", done, total, seconds);
	/* The first boots say little about the rest. */
	if (done > 3 && done < total)
		g_string_append_printf(text, ", about %.0f s left",
				       seconds * (double)(total - done) / (double)done);
	bar = MIN(BAR_WIDTH, width - (int)text->len - 3);
	full = total ? (int)((size_t)MAX(bar, 0) * done / total) : 0;
	if (bar >= BAR_LEAST) {
		g_autofree char *hashes = g_strnfill((gsize)full, '#');
		g_autofree char *dots = g_strnfill((gsize)(bar - full), '.');

		fprintf(stderr, "\r[%s%s] %s\033[K", hashes, dots, text->str);
	} else {
		fprintf(stderr, "\r%.*s\033[K", width, text->str);
	}
	fflush(stderr);
}

void progress_clear(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
}

void remark(const char *format, ...)
{
	va_list arguments;

	if (quiet)
		return;
	fflush(stdout);
	progress_clear();
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_autofree char *visible = text_visible(text);

	fprintf(stderr, "entrybench: %s\n", visible);
}
