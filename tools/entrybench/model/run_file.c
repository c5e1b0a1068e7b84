/* run.json: a run to a file and back. */
#include "model/folder.h"

/* Takes the JSON. */
static void append_json(GString *text, json_t *json, size_t flags)
{
	char *dumped = json_dumps(json, flags | RUN_PRECISION);

	g_string_append(text, dumped);
	free(dumped);
	json_decref(json);
}

/* The head, then a line for each cell. */
int run_save(const struct run *run, const char *dir, struct error *error)
{
	struct run head = *run;
	g_autoptr(GString) text = g_string_new("{\n \"schema\": \"" RUN_SCHEMA "\",");
	json_t *json;

	head.cell_count = 0;
	json = fields_write(run_shape(), &head);
	json_object_del(json, "cells");
	append_json(text, json, JSON_INDENT(1) | JSON_EMBED);
	g_string_truncate(text, text->len - 1); /* its newline */
	g_string_append(text, ",\n \"cells\": [");
	for (size_t i = 0; i < run->cell_count; i++) {
		g_string_append(text, i ? ",\n  " : "\n  ");
		append_json(text, fields_write(cell_shape(), &run->cells[i]), 0);
	}
	g_string_append(text, "\n ]\n}\n");
	return file_replace(dir, RUN_FILE, text->str, text->len, error);
}

static int compare_boots(const void *left, const void *right)
{
	const struct boot *a = left, *b = right;

	return (a->boot > b->boot) - (a->boot < b->boot);
}

/* What the reader of single fields cannot see: order, and things that are there twice. */
static int check(struct run *run, struct error *error)
{
	for (size_t i = 0; i < run->cell_count; i++) {
		struct cell *cell = &run->cells[i];

		run_index_cell(run, i);
		if (run_find_cell(run, cell->machine, cell->variant, cell->bench) != cell)
			return error_set(error, "cells[%zu]: %s, %s, %s is there twice", i,
					 cell->machine, cell->variant, cell->bench);
		if (cell->boot_count)
			qsort(cell->boots, cell->boot_count, sizeof(*cell->boots), compare_boots);
		for (size_t b = 1; b < cell->boot_count; b++)
			if (cell->boots[b].boot == cell->boots[b - 1].boot)
				return error_set(error, "cells[%zu]: boot %u is there twice", i,
						 cell->boots[b].boot);
	}
	return 0;
}

static int read_text(struct run *run, const char *text, size_t size, struct error *error)
{
	json_error_t problem;
	json_auto_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &problem);
	const char *schema = json_string_value(json_object_get(json, "schema"));

	if (!json)
		return error_set(error, "line %d: %s", problem.line, problem.text);
	if (!schema || strcmp(schema, RUN_SCHEMA))
		return error_set(error, "no " RUN_SCHEMA " file (its schema is \"%s\")",
				 schema ? schema : "");
	return fields_read(run_shape(), run, json, "", error) ? -1 : check(run, error);
}

/* journal_dir NULL: the file alone. */
static int load(struct run *run, const char *path, const char *journal_dir, struct error *error)
{
	g_autofree char *text = NULL;
	struct error problem;
	size_t size = 0;
	int result = -1;

	run_init(run);
	text = file_read(path, &size, error);
	if (text && read_text(run, text, size, &problem))
		error_set(error, "%s: %s", path, problem.text);
	else if (text)
		result = journal_dir ? journal_replay(run, journal_dir, error) : 0;
	if (result)
		run_free(run);
	return result;
}

int run_load(struct run *run, const char *dir, struct error *error)
{
	g_autofree char *path = g_build_filename(dir, RUN_FILE, NULL);

	return load(run, path, dir, error);
}

int run_load_file(struct run *run, const char *path, struct error *error)
{
	g_autofree char *name = g_path_get_basename(path), *folder = g_path_get_dirname(path);

	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return run_load(run, path, error);
	if (!strcmp(name, RUN_FILE) || !strcmp(name, JOURNAL_FILE))
		return run_load(run, folder, error);
	return load(run, path, NULL, error);
}
