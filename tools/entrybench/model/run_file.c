/* run.json: a run to a file and back. */
#include "model/folder.h"

static bool put_json(FILE *file, json_t *json, size_t flags)
{
	char *text = json_dumps(json, flags | RUN_PRECISION);
	bool good = text && fputs(g_strchomp(text), file) != EOF;

	free(text);
	json_decref(json);
	return good;
}

/* The head, then a line for each cell. */
static bool put_run(FILE *file, const void *what)
{
	const struct run *run = what;
	struct run head = *run;
	json_t *json;
	bool good;

	head.cell_count = 0;
	json = fields_write(run_shape(), &head);
	json_object_del(json, "cells");
	fputs("{\n \"schema\": \"" RUN_SCHEMA "\",", file);
	good = put_json(file, json, JSON_INDENT(1) | JSON_EMBED);
	fputs(",\n \"cells\": [", file);
	for (size_t i = 0; i < run->cell_count && good; i++) {
		fputs(i ? ",\n  " : "\n  ", file);
		good = put_json(file, fields_write(cell_shape(), &run->cells[i]), JSON_COMPACT);
	}
	fputs("\n ]\n}\n", file);
	return good && !ferror(file);
}

int run_save(const struct run *run, const char *dir, struct error *error)
{
	return file_write(dir, RUN_FILE, put_run, run, error);
}

static int compare_boots(const void *left, const void *right)
{
	const struct boot *a = left, *b = right;

	return (a->boot > b->boot) - (a->boot < b->boot);
}

/* What the reader of single fields cannot see: order, and things that are there twice. */
static int check(struct run *run, struct error *error)
{
	for (size_t i = 0; i < run->machine_count; i++)
		if (run_find_machine(run, run->machines[i].name) != &run->machines[i])
			return error_set(error, "machines[%zu]: %s is there twice", i,
					 run->machines[i].name);
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

/* A file of JSON on its way, whose cells are never all in memory. */
struct reader {
	FILE *file;
	GString *text; /* a part of the file, */
	unsigned line; /* which begins there */
	size_t at;     /* how far it has been understood, */
	size_t given;  /* and handed to Jansson */
	struct run *run;
	bool head_only;	  /* up to the cells */
	bool any_version; /* of the schema */
	struct error *error;
};

#define PIECE 65536

static bool read_more(struct reader *reader)
{
	size_t length = reader->text->len, got;

	g_string_set_size(reader->text, length + PIECE);
	got = fread(reader->text->str + length, 1, PIECE, reader->file);
	g_string_truncate(reader->text, length + got);
	return got;
}

static unsigned line_at(const struct reader *reader)
{
	unsigned line = reader->line;

	for (size_t i = 0; i < reader->at; i++)
		line += reader->text->str[i] == '\n';
	return line;
}

static void forget_understood(struct reader *reader)
{
	reader->line = line_at(reader);
	g_string_erase(reader->text, 0, (gssize)reader->at);
	reader->at = 0;
}

static int bad_text(struct reader *reader, const char *what)
{
	return error_set(reader->error, "line %u: %s", line_at(reader), what);
}

static int next_char(struct reader *reader)
{
	char c;

	do {
		if (reader->at == reader->text->len && !read_more(reader))
			return EOF;
		c = reader->text->str[reader->at++];
	} while (c == ' ' || c == '\n' || c == '\t' || c == '\r');
	return (unsigned char)c;
}

/* For Jansson, which takes more than the value: how much the value is it tells in the end. */
static size_t give(void *buffer, size_t size, void *context)
{
	struct reader *reader = context;

	if (reader->given == reader->text->len && !read_more(reader))
		return 0;
	size = MIN(size, reader->text->len - reader->given);
	memcpy(buffer, reader->text->str + reader->given, size);
	reader->given += size;
	return size;
}

/* A value whose first character was read already. NULL with error. */
static json_t *next_value(struct reader *reader, int first)
{
	json_error_t problem;
	json_t *json;

	reader->at -= first != EOF;
	if (reader->at >= PIECE)
		forget_understood(reader);
	reader->given = reader->at;
	json = json_load_callback(give, reader,
				  JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK,
				  &problem);
	reader->at = MIN(reader->at + (size_t)problem.position, reader->text->len);
	if (!json)
		bad_text(reader, problem.text);
	return json;
}

/* Behind the bracket of "cells". */
static int read_cells(struct reader *reader)
{
	struct run *run = reader->run;
	int c = next_char(reader);

	while (c != ']') {
		json_auto_t *json = next_value(reader, c);
		g_autofree char *where = g_strdup_printf("cells[%zu]", run->cell_count);

		if (!json || fields_read(cell_shape(), fields_append(cell_shape(), &run->cells),
					 json, where, reader->error))
			return -1;
		c = next_char(reader);
		if (c == ',')
			c = next_char(reader);
		else if (c != ']')
			return bad_text(reader, "',' or ']' expected in \"cells\"");
		else
			continue;
		if (c == ']')
			return bad_text(reader, "a cell expected behind ','");
	}
	return 0;
}

static int check_schema(struct reader *reader, const json_t *head)
{
	const char *schema = json_string_value(json_object_get(head, "schema"));

	if (schema && (!strcmp(schema, RUN_SCHEMA) ||
		       (reader->any_version && g_str_has_prefix(schema, RUN_SCHEMA_OF))))
		return 0;
	return error_set(reader->error, "no " RUN_SCHEMA " file (its schema is \"%s\")",
			 schema ? schema : "");
}

/* One key of the file and its value, into the head; cells go into the run. */
static int read_member(struct reader *reader, int c, json_t *head)
{
	json_auto_t *key = c == '"' ? next_value(reader, c) : NULL;
	const char *name = json_string_value(key);
	json_t *value;

	if (!key)
		return c == '"' ? -1 : bad_text(reader, "a key in quotes expected");
	if (next_char(reader) != ':')
		return bad_text(reader, "':' expected");
	if (json_object_get(head, name))
		return bad_text(reader, "duplicate object key");
	c = next_char(reader);
	if (!strcmp(name, "cells") && c == '[') {
		json_object_set_new(head, name, json_array());
		if (reader->head_only || check_schema(reader, head))
			return reader->head_only ? 0 : -1;
		return read_cells(reader);
	}
	value = next_value(reader, c);
	return value ? json_object_set_new(head, name, value) : -1;
}

static int read_members(struct reader *reader, json_t *head)
{
	int c = next_char(reader);

	if (c != '{')
		return check_schema(reader, head);
	for (c = next_char(reader); c != '}'; c = next_char(reader)) {
		if (read_member(reader, c, head))
			return -1;
		if (reader->head_only && json_object_get(head, "cells"))
			return 0;
		c = next_char(reader);
		if (c == '}')
			break;
		if (c != ',')
			return bad_text(reader, "',' or '}' expected");
	}
	return next_char(reader) == EOF ? 0 : bad_text(reader, "end of file expected");
}

static int read_file(struct reader *reader)
{
	json_auto_t *head = json_object();

	if (read_members(reader, head) || check_schema(reader, head) ||
	    fields_read(run_shape(), reader->run, head, "", reader->error))
		return -1;
	return check(reader->run, reader->error);
}

/* journal_dir NULL: the file alone. */
static int load(struct reader reader, const char *path, const char *journal_dir,
		struct error *error)
{
	struct error problem;
	g_autoptr(GString) text = g_string_new("");
	int result = -1;

	reader.file = file_open(path, error);
	reader.text = text;
	reader.line = 1;
	reader.error = &problem;
	run_init(reader.run);
	if (reader.file && read_file(&reader))
		error_set(error, "%s: %s", path, problem.text);
	else if (reader.file)
		result = journal_dir ? journal_replay(reader.run, journal_dir, error) : 0;
	if (reader.file)
		fclose(reader.file);
	if (result)
		run_free(reader.run);
	return result;
}

int run_load(struct run *run, const char *dir, struct error *error)
{
	g_autofree char *path = g_build_filename(dir, RUN_FILE, NULL);

	return load((struct reader){.run = run}, path, dir, error);
}

int run_load_any_version(struct run *run, const char *dir, struct error *error)
{
	g_autofree char *path = g_build_filename(dir, RUN_FILE, NULL);

	return load((struct reader){.run = run, .any_version = true}, path, dir, error);
}

int run_load_head(struct run *run, const char *dir, struct error *error)
{
	g_autofree char *path = g_build_filename(dir, RUN_FILE, NULL);

	return load((struct reader){.run = run, .head_only = true}, path, NULL, error);
}

int run_load_file(struct run *run, const char *path, struct error *error)
{
	g_autofree char *name = g_path_get_basename(path), *folder = g_path_get_dirname(path);

	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return run_load(run, path, error);
	if (!strcmp(name, RUN_FILE) || !strcmp(name, JOURNAL_FILE))
		return run_load(run, folder, error);
	return load((struct reader){.run = run}, path, NULL, error);
}
