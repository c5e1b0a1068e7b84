/* Figures on disk, and one gnuplot process that draws them all. */
#include "figure/figure.h"

#include <poll.h>
#include <unistd.h>

int figure_time_limit = 120;

char *figure_scripts(const char *given, struct error *error)
{
	const char *environment = getenv("ENTRYBENCH_PLOTS");
	const char *named = given ? given : environment && *environment ? environment : NULL;
	g_autofree char *installed = path_of_tool("../" ENTRYBENCH_PLOTS);
	const char *const places[] = {named ? named : ENTRYBENCH_PLOTS_SOURCE,
				      named ? named : installed};

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_build_filename(places[i], "draw.gp", NULL);

		if (!access(path, R_OK))
			return realpath(places[i], NULL);
	}
	error_set(error, "%s holds no gnuplot scripts: name entrybench's plots folder with --plots",
		  places[1]);
	return NULL;
}

static int write_figure(const char *plots, const struct figure *figure, struct error *error)
{
	g_autofree char *data = g_strconcat(figure->name, ".dat", NULL);
	g_autofree char *boots = g_strconcat(figure->name, "-boots.dat", NULL);
	g_autofree char *name = g_strconcat(figure->name, ".gp", NULL);
	g_autofree char *context =
	    g_strdup_printf("%shas_boots = %d\n", figure->context->str, figure->boots != NULL);

	if (table_save(figure->data, table_print_gnuplot, plots, data, error) ||
	    (figure->boots && table_save(figure->boots, table_print_gnuplot, plots, boots, error)))
		return -1;
	return file_replace(plots, name, context, strlen(context), error);
}

static int write_figures(const char *plots, const struct figures *figures, struct error *error)
{
	g_autoptr(GString) list = g_string_new("figures = '");
	int failed = folder_make(plots, error);

	for (size_t i = 0; i < figures->count && !failed; i++) {
		failed = write_figure(plots, &figures->at[i], error);
		g_string_append_printf(list, "%s%s", i ? " " : "", figures->at[i].name);
	}
	g_string_append(list, "'\n");
	return failed ? -1 : file_replace(plots, "figures.gp", list->str, list->len, error);
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

	strings_add_all(&words, (const char *const[]){"/usr/bin/env", "-i", NULL});
	for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
		if (getenv(kept[i]))
			strings_addf(&words, "%s=%s", kept[i], getenv(kept[i]));
	strings_add_all(&words, (const char *const[]){"LC_ALL=C.UTF-8", gnuplot, "-d", "-c", NULL});
	strings_addf(&words, "%s/draw.gp", scripts);
	/* gnuplot takes a name that begins with < for a command. */
	strings_addf(&words, "%s%s", g_path_is_absolute(dir) ? "" : "./", dir);
	strings_addf(&words, "%zu", first);
	return words;
}

/* Adds what the process prints until it ends; true: it did not end, and the last line says why. */
static bool read_output(struct process *process, GString *output)
{
	gint64 end = g_get_monotonic_time() + figure_time_limit * G_USEC_PER_SEC;
	bool interrupted = signals_interrupted();
	char buffer[4096];
	ssize_t got;

	while ((got = process_read(process, buffer, sizeof(buffer))) >= 0) {
		int left = (int)((end - g_get_monotonic_time()) / 1000);
		struct pollfd ready[] = {{process->output, POLLIN, 0}, {signals_fd(), POLLIN, 0}};

		g_string_append_len(output, buffer, got);
		if (left <= 0)
			g_string_append_printf(output, "\nit did not end within %d s",
					       figure_time_limit);
		if (!got && left > 0)
			poll(ready, G_N_ELEMENTS(ready), left);
		signals_take();
		if (!interrupted && signals_interrupted())
			g_string_append(output, "\ninterrupted");
		if (left <= 0 || interrupted != signals_interrupted())
			return true;
	}
	return false;
}

/* Draws from figure `first` on. Returns the one after the last tried; failed: which, and why. */
static size_t draw_some(const struct figures *figures, const char *plots,
			const struct strings *command, size_t first, GString *failed)
{
	struct launch launch = {.argv = *command, .cpu = -1};
	g_autoptr(GString) output = g_string_new(NULL);
	const char *last = "it ended without a word";
	struct process process;
	struct error error;
	bool stopped = true;

	if (process_start(&process, &launch, &error))
		g_string_append(output, error.text);
	else
		stopped = read_output(&process, output);
	process_finish(&process);
	g_auto(GStrv) lines = g_strsplit(output->str, "\n", -1);

	for (size_t i = 0; lines[i]; i++)
		if (g_str_has_prefix(lines[i], "drawn: "))
			first++;
		else if (*g_strstrip(lines[i]))
			last = lines[i];
	if (first == figures->count)
		return first;
	remove_pictures(plots, &figures->at[first]);
	g_string_append_printf(failed, "%s%s: %s", failed->len ? "; " : "", figures->at[first].name,
			       last);
	return stopped ? figures->count : first + 1;
}

int figures_draw(const struct figures *figures, const char *dir, const char *scripts,
		 struct error *error)
{
	g_autofree char *plots = g_build_filename(dir, "plots", NULL);
	g_autofree char *gnuplot = g_find_program_in_path("gnuplot");
	g_autoptr(GString) failed = g_string_new(NULL);

	if (write_figures(plots, figures, error))
		return -1;
	for (size_t i = 0; i < figures->count; i++)
		remove_pictures(plots, &figures->at[i]);
	if (!gnuplot)
		return error_set(error, "gnuplot is not installed, so there are no plots: install "
					"the package gnuplot-nox, then run report again");
	for (size_t next = 0; next < figures->count;) {
		g_auto(strings_t) command = command_of(gnuplot, dir, scripts, next);

		next = draw_some(figures, plots, &command, next, failed);
	}
	return failed->len ? error_set(error, "gnuplot failed on %s", failed->str) : 0;
}
