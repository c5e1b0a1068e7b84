/* Figures on disk, and one gnuplot process that draws them all. */
#include "figure/gnuplot.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

#define PROGRAM "gnuplot"
#define LOG	"gnuplot.log"

extern char **environ;

static bool has_scripts(const char *folder)
{
	char *path = path_join(folder, "common.gp");
	bool there = !access(path, R_OK);

	free(path);
	return there;
}

char *gnuplot_scripts(const char *given, struct error *error)
{
	const char *environment = getenv("ENTRYBENCH_PLOTS");
	const char *named = given ? given : environment && *environment ? environment : NULL;

	if (named) {
		if (has_scripts(named))
			return realpath(named, NULL);
		error_set(error,
			  "%s holds no gnuplot scripts: --plots must name entrybench's "
			  "plots folder",
			  named);
		return NULL;
	}
	if (has_scripts(ENTRYBENCH_PLOTS_SOURCE))
		return memory_copy(ENTRYBENCH_PLOTS_SOURCE);
	if (has_scripts(ENTRYBENCH_PLOTS_INSTALLED))
		return memory_copy(ENTRYBENCH_PLOTS_INSTALLED);
	error_set(error,
		  "no gnuplot scripts in %s or %s: name entrybench's plots folder with "
		  "--plots",
		  ENTRYBENCH_PLOTS_SOURCE, ENTRYBENCH_PLOTS_INSTALLED);
	return NULL;
}

static void put_assignment(FILE *out, const char *name, const char *text, const char *suffix)
{
	char *value = memory_format("%s%s", text, suffix);

	fprintf(out, "%s = ", name);
	figure_put_quoted(out, value);
	fputc('\n', out);
	free(value);
}

static void put_caption(FILE *out, const struct strings *caption)
{
	fprintf(out, "lines = %zu\ncaption = ''", caption->count);
	for (size_t i = 0; i < caption->count; i++) {
		fputs(i ? " . \"\\n\" . " : " . ", out);
		figure_put_quoted(out, caption->at[i]);
	}
	fputc('\n', out);
}

static void put_figure(FILE *out, const struct figure *figure)
{
	fprintf(out, "\n# %s\n", figure->name);
	put_assignment(out, "data", figure->name, ".dat");
	/* Ids within an SVG: letters, digits and _ only, and its own where several share a page. */
	char *id = memory_copy(figure->name);

	for (char *c = id; *c; c++)
		*c = isalnum((unsigned char)*c) ? *c : '_';
	put_assignment(out, "id", id, "");
	free(id);
	put_assignment(out, "title", figure->title, "");
	put_assignment(out, "subtitle", figure->subtitle, "");
	put_caption(out, &figure->caption);
	for (size_t i = 0; i < figure->variables.count; i++)
		fprintf(out, "%s\n", figure->variables.at[i]);
	for (int png = 0; png <= 1; png++) {
		fprintf(out, "reset\npng = %d\n", png);
		put_assignment(out, "output", figure->name, png ? ".png" : ".svg");
		fprintf(out, "load scripts . '/%s.gp'\nunset multiplot\nunset output\n",
			figure->script);
	}
}

static int write_script(const struct figures *figures, const char *plots, const char *scripts,
			struct error *error)
{
	struct text text;
	FILE *out = text_open(&text);

	fputs("# Written by entrybench report. To draw again: cd here, then gnuplot draw.gp\n",
	      out);
	put_assignment(out, "scripts", scripts, "");
	for (size_t i = 0; i < figures->count; i++)
		put_figure(out, &figures->at[i]);
	char *script = text_take(&text);
	int result = file_replace(plots, "draw.gp", script, strlen(script), error);

	free(script);
	return result;
}

int gnuplot_write(const struct figures *figures, const char *dir, const char *scripts,
		  struct error *error)
{
	char *plots = path_join(dir, "plots");
	int result = folder_make(plots, error);

	for (size_t i = 0; i < figures->count && !result; i++) {
		const struct figure *figure = &figures->at[i];
		char *name = memory_format("%s.dat", figure->name);

		result = file_replace(plots, name, figure->data.at, strlen(figure->data.at), error);
		free(name);
	}
	if (!result)
		result = write_script(figures, plots, scripts, error);
	free(plots);
	return result;
}

/* Starts gnuplot in `plots`, its messages in a file. 0 and *pid, or an errno. */
static int start(const char *plots, pid_t *pid)
{
	char *const arguments[] = {PROGRAM, "draw.gp", NULL};
	posix_spawn_file_actions_t actions;
	int result;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addchdir_np(&actions, plots);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, LOG, O_WRONLY | O_CREAT | O_TRUNC,
					 0666);
	posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
	result = posix_spawnp(pid, PROGRAM, &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	return result;
}

static int run_gnuplot(const char *plots, struct error *error)
{
	int status, failed;
	pid_t pid;

	failed = start(plots, &pid);
	if (failed == ENOENT)
		return error_set(error, "gnuplot is not installed, so there are no plots: install "
					"the package gnuplot-nox, then run report again");
	if (failed)
		return error_set(error, "cannot start gnuplot: %s", strerror(failed));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_set(error, "cannot wait for gnuplot: %s", strerror(errno));
	if (status)
		return error_set(error, "gnuplot failed on %s/draw.gp: see %s/" LOG, plots, plots);
	return 0;
}

/* Removes the figures' pictures, so that nobody takes an old one for a new one. */
static void remove_pictures(const struct figures *figures, const char *plots)
{
	for (size_t i = 0; i < figures->count; i++) {
		char *svg = memory_format("%s/%s.svg", plots, figures->at[i].name);
		char *png = memory_format("%s/%s.png", plots, figures->at[i].name);

		unlink(svg);
		unlink(png);
		free(svg);
		free(png);
	}
}

int gnuplot_draw(const struct figures *figures, const char *dir, struct error *error)
{
	char *plots = path_join(dir, "plots"), *log = path_join(plots, LOG);
	int result;

	result = figures->count ? run_gnuplot(plots, error) : 0;
	if (result)
		remove_pictures(figures, plots);
	else
		unlink(log);
	free(log);
	free(plots);
	return result;
}
