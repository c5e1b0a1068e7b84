/* The results folder: see store.h. */
#include "model/store.h"
#include "base/file.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void format_time(char *text, size_t size, const char *format)
{
	time_t now = time(NULL);
	struct tm parts;

	strftime(text, size, format, gmtime_r(&now, &parts));
}

char *store_default_dir(void)
{
	char stamp[40], *dir;

	format_time(stamp, sizeof(stamp), "%Y%m%d-%H%M%S");
	dir = g_strdup_printf("results/%s", stamp);
	for (unsigned more = 2; !access(dir, F_OK); more++) {
		free(dir);
		dir = g_strdup_printf("results/%s-%u", stamp, more);
	}
	return dir;
}

/* Files that a tool which was killed outright had not given their names yet. */
static void remove_unfinished(const char *folder)
{
	DIR *entries = opendir(folder);
	const struct dirent *entry;

	while (entries && (entry = readdir(entries))) {
		size_t size = strlen(entry->d_name);

		if (size > 4 && !strcmp(entry->d_name + size - 4, ".new"))
			unlinkat(dirfd(entries), entry->d_name, 0);
	}
	if (entries)
		closedir(entries);
}

int store_reopen(const char *dir, struct error *error)
{
	static const char *const folders[] = {"", "/" STORE_LOGS, "/" STORE_SAMPLES};
	int result = 0;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && result == 0; i++) {
		char *path = g_strdup_printf("%s%s", dir, folders[i]);

		result = folder_make(path, error);
		if (result == 0)
			remove_unfinished(path);
		free(path);
	}
	return result;
}

int store_create(const char *dir, struct error *error)
{
	char *path = path_join(dir, RUN_FILE);
	int there = access(path, F_OK);

	free(path);
	if (there == 0)
		return error_set(error, "%s holds a run already: give another -o, or --resume %s",
				 dir, dir);
	return store_reopen(dir, error);
}

static bool print_reading(void *out, int64_t value, uint64_t count)
{
	return fprintf(out, "%" PRId64 ",%" PRIu64 "\n", value, count) > 0;
}

int store_samples(const char *dir, const struct cell *cell, struct boot *boot,
		  const struct histogram *windows, struct error *error)
{
	char *name, *safe, *text = NULL;
	size_t size = 0;
	FILE *out;
	int result;

	if (!windows)
		return 0;
	out = open_memstream(&text, &size);
	fputs("value,count\n", out);
	histogram_each(windows, print_reading, out);
	if (fclose(out))
		abort();
	name = g_strdup_printf("%s.%s.%s.%u.csv", cell->machine, cell->variant, cell->bench,
			       boot->boot);
	safe = path_safe(name);
	free(name);
	name = g_strdup_printf(STORE_SAMPLES "/%s", safe);
	result = file_replace(dir, name, text, size, error);
	if (result == 0)
		run_set(&boot->samples, name);
	free(name);
	free(safe);
	free(text);
	return result;
}

void store_time(char **string)
{
	char text[40];

	format_time(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ");
	run_set(string, text);
}
