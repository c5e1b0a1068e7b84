/* Figures on disk, and one gnuplot process that draws them all. */
#include "figure/figure.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "base/signals.h"

#define LOG "gnuplot.log"

int figure_time_limit = 120;

static bool has_scripts(const char *folder)
{
	g_autofree char *path = path_join(folder, "draw.gp");

	return !access(path, R_OK);
}

char *figure_scripts(const char *given, struct error *error)
{
	const char *environment = getenv("ENTRYBENCH_PLOTS");
	const char *named = given ? given : environment && *environment ? environment : NULL;

	if (named && has_scripts(named))
		return realpath(named, NULL);
	if (named)
		error_set(
		    error,
		    "%s holds no gnuplot scripts: --plots must name entrybench's plots folder",
		    named);
	else if (has_scripts(ENTRYBENCH_PLOTS_SOURCE))
		return g_strdup(ENTRYBENCH_PLOTS_SOURCE);
	else if (has_scripts(ENTRYBENCH_PLOTS_INSTALLED))
		return g_strdup(ENTRYBENCH_PLOTS_INSTALLED);
	else
		error_set(
		    error,
		    "no gnuplot scripts in %s or %s: name entrybench's plots folder with --plots",
		    ENTRYBENCH_PLOTS_SOURCE, ENTRYBENCH_PLOTS_INSTALLED);
	return NULL;
}

static int write_table(const char *plots, const char *figure, const char *suffix,
		       const struct table *table, struct error *error)
{
	g_autofree char *name = g_strconcat(figure, suffix, NULL);
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	table_print_gnuplot(table, out);
	fclose(out);
	int result = file_replace(plots, name, text, size, error);

	free(text);
	return result;
}

static int write_figure(const char *plots, const struct figure *figure, struct error *error)
{
	g_autofree char *name = g_strconcat(figure->name, ".gp", NULL);
	g_autofree char *context =
	    g_strdup_printf("%shas_boots = %d\n", figure->context->str, figure->boots != NULL);

	if (figure->boots && write_table(plots, figure->name, "-boots.dat", figure->boots, error))
		return -1;
	if (write_table(plots, figure->name, ".dat", figure->data, error))
		return -1;
	return file_replace(plots, name, context, strlen(context), error);
}

static int write_figures(const char *plots, const struct figures *figures, struct error *error)
{
	g_autoptr(GString) list = g_string_new("figures = '");

	if (folder_make(plots, error))
		return -1;
	for (size_t i = 0; i < figures->count; i++) {
		if (write_figure(plots, &figures->at[i], error))
			return -1;
		g_string_append_printf(list, "%s%s", i ? " " : "", figures->at[i].name);
	}
	g_string_append(list, "'\n");
	return file_replace(plots, "figures.gp", list->str, list->len, error);
}

/* So that nobody takes an old picture, or half of one, for a new one. */
static void remove_pictures(const char *plots, const struct figure *figure)
{
	g_autofree char *svg = g_strdup_printf("%s/%s.svg", plots, figure->name);
	g_autofree char *png = g_strdup_printf("%s/%s.png", plots, figure->name);

	unlink(svg);
	unlink(png);
}

/* gnuplot without the user's settings and environment, on the figures from number `first` on. */
static struct strings command_of(const char *gnuplot, const char *dir, const char *scripts,
				 size_t first)
{
	static const char *const kept[] = {"PATH", "HOME", "TMPDIR"};
	struct strings words = {0};

	strings_add(&words, "/usr/bin/env");
	strings_add(&words, "-i");
	for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
		if (getenv(kept[i]))
			strings_addf(&words, "%s=%s", kept[i], getenv(kept[i]));
	strings_add(&words, "LC_ALL=C.UTF-8");
	strings_add(&words, gnuplot);
	strings_add(&words, "-d");
	strings_add(&words, "-c");
	strings_addf(&words, "%s/draw.gp", scripts);
	/* gnuplot takes a name that begins with < for a command. */
	strings_addf(&words, "%s%s", g_path_is_absolute(dir) ? "" : "./", dir);
	strings_addf(&words, "%zu", first);
	return words;
}

/* What the process prints until it ends. False: it had to be ended, and the output says so. */
static bool hear_out(struct process *process, GString *output)
{
	gint64 end = g_get_monotonic_time() + figure_time_limit * G_USEC_PER_SEC;
	char buffer[4096];
	ssize_t got = 0;

	while ((got = process_read(process, buffer, sizeof(buffer))) >= 0) {
		gint64 left = (end - g_get_monotonic_time()) / 1000;
		struct pollfd ready[] = {{process->output, POLLIN, 0}, {signals_fd(), POLLIN, 0}};

		g_string_append_len(output, buffer, got);
		if (left <= 0) {
			g_string_append_printf(output, "it did not end within %d s\n",
					       figure_time_limit);
			return false;
		}
		if (!got)
			poll(ready, G_N_ELEMENTS(ready), (int)left);
		signals_take();
		if (signals_interrupted()) {
			g_string_append(output, "interrupted\n");
			return false;
		}
	}
	return true;
}

/* How many figures the output says are drawn; *last: its last line that says anything else, or "". Free it. */
static size_t count_drawn(const char *output, char **last)
{
	g_auto(GStrv) lines = g_strsplit(output, "\n", -1);
	size_t drawn = 0;

	*last = g_strdup("it ended without a word");
	for (size_t i = 0; lines[i]; i++) {
		if (g_str_has_prefix(lines[i], "drawn: ")) {
			drawn++;
		} else if (*g_strstrip(lines[i])) {
			g_free(*last);
			*last = g_strdup(lines[i]);
		}
	}
	return drawn;
}

/* Draws from figure `*next` on, and sets it to the one after what it got to. 0, or -1 where nothing more can be done. */
static int draw_some(const struct figures *figures, const struct strings *command,
		     const char *plots, size_t *next, GString *failed, struct error *error)
{
	struct process process;
	struct launch launch = {.argv = *command, .cpu = -1};
	g_autoptr(GString) output = g_string_new(NULL);
	g_autofree char *why = NULL;

	if (process_start(&process, &launch, error))
		return -1;
	bool ended = hear_out(&process, output);

	process_finish(&process);
	*next += count_drawn(output->str, &why);
	if (*next >= figures->count)
		return 0;
	g_string_append_printf(failed, "%s%s: %s", failed->len ? "; " : "", figures->at[*next].name,
			       why);
	for (size_t i = *next; i < figures->count; i++)
		remove_pictures(plots, &figures->at[i]);
	++*next;
	return ended ? 0 : error_set(error, "gnuplot failed on %s", failed->str);
}

int figures_draw(const struct figures *figures, const char *dir, const char *scripts,
		 struct error *error)
{
	g_autofree char *plots = path_join(dir, "plots");
	g_autofree char *gnuplot = g_find_program_in_path("gnuplot");
	g_autoptr(GString) failed = g_string_new(NULL);
	int result = 0;

	if (write_figures(plots, figures, error))
		return -1;
	for (size_t i = 0; i < figures->count; i++)
		remove_pictures(plots, &figures->at[i]);
	if (!gnuplot)
		return error_set(error,
				 "gnuplot is not installed, so there are no plots: install the "
				 "package gnuplot-nox, then run report again");
	for (size_t next = 0; next < figures->count && !result;) {
		struct strings command = command_of(gnuplot, dir, scripts, next);

		result = draw_some(figures, &command, plots, &next, failed, error);
		strings_free(&command);
	}
	if (!result && failed->len)
		result = error_set(error, "gnuplot failed on %s", failed->str);
	return result;
}
