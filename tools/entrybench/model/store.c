/* The results folder. */
#include "model/folder.h"

#include <unistd.h>

static char *time_text(const char *format)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();

	return g_date_time_format(now, format);
}

char *store_default_dir(void)
{
	g_autofree char *stamp = time_text("%Y%m%d-%H%M%S");
	char *dir = g_strdup_printf("results/%s", stamp);

	for (unsigned more = 2; g_file_test(dir, G_FILE_TEST_EXISTS); more++) {
		g_free(dir);
		dir = g_strdup_printf("results/%s-%u", stamp, more);
	}
	return dir;
}

/* Files that a tool which was killed outright had not given their names yet. */
static void remove_unfinished(const char *folder)
{
	g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
	const char *name;

	while (entries && (name = g_dir_read_name(entries))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_str_has_suffix(name, ".new"))
			unlink(path);
	}
}

int store_reopen(const char *dir, struct error *error)
{
	static const char *const folders[] = {"", STORE_LOGS, STORE_SAMPLES};

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = g_build_filename(dir, folders[i], NULL);

		if (folder_make(path, error))
			return -1;
		remove_unfinished(path);
	}
	return 0;
}

int store_create(const char *dir, struct error *error)
{
	g_autofree char *path = g_build_filename(dir, RUN_FILE, NULL);

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return error_set(error, "%s holds a run already: give another -o, or --resume %s",
				 dir, dir);
	return store_reopen(dir, error);
}

static bool print_reading(void *text, int64_t value, uint64_t count)
{
	g_string_append_printf(text, "%" PRId64 ",%" PRIu64 "\n", value, count);
	return true;
}

int store_samples(const char *dir, const struct cell *cell, struct boot *boot,
		  const struct histogram *windows, struct error *error)
{
	g_autofree char *number = g_strdup_printf("%u", boot->boot);
	g_autofree char *name = NULL, *path = NULL;
	g_autoptr(GString) text = g_string_new("value,count\n");

	if (!windows)
		return 0;
	histogram_each(windows, print_reading, text);
	name = path_safe_parts(cell->machine, cell->variant, cell->bench, number, NULL);
	path = g_strconcat(STORE_SAMPLES "/", name, ".csv", NULL);
	if (file_replace(dir, path, text->str, text->len, error))
		return -1;
	run_take(&boot->samples, g_steal_pointer(&path));
	return 0;
}

void store_time(char **string)
{
	run_take(string, time_text("%Y-%m-%dT%H:%M:%SZ"));
}
