/* A line a boot: {"number": of the cell, "cell": {...}}, with boots that no earlier line has. */
#include "model/folder.h"

#include <errno.h>
#include <unistd.h>

static int cannot_write(const struct journal *journal, struct error *error)
{
	return error_set(error, "cannot write %s: %s", journal->path, strerror(errno));
}

int journal_open(struct journal *journal, const struct run *run, const char *dir,
		 struct error *error)
{
	if (run_save(run, dir, error))
		return -1;
	for (size_t i = 0; i < run->cell_count; i++)
		for (size_t b = 0; b < run->cells[i].boot_count; b++)
			run->cells[i].boots[b].saved = true;
	journal->path = g_build_filename(dir, JOURNAL_FILE, NULL);
	journal->file = fopen(journal->path, "we");
	return journal->file ? 0 : cannot_write(journal, error);
}

int journal_add(struct journal *journal, struct run *run, struct cell *cell, struct error *error)
{
	g_autofree struct boot *unsaved = g_new(struct boot, cell->boot_count);
	struct cell fresh = *cell;

	fresh.boots = unsaved;
	fresh.boot_count = 0;
	for (size_t i = 0; i < cell->boot_count; i++)
		if (!cell->boots[i].saved)
			fresh.boots[fresh.boot_count++] = cell->boots[i];
	json_auto_t *json = json_pack("{s:I, s:o}", "number", (json_int_t)(cell - run->cells),
				      "cell", fields_write(cell_shape(), &fresh));

	if (json_dumpf(json, journal->file, RUN_PRECISION) || fputc('\n', journal->file) == EOF ||
	    fflush(journal->file))
		return cannot_write(journal, error);
	for (size_t i = 0; i < cell->boot_count; i++)
		cell->boots[i].saved = true;
	return 0;
}

int journal_close(struct journal *journal, const struct run *run, const char *dir,
		  struct error *error)
{
	if (run_save(run, dir, error))
		return -1;
	unlink(journal->path);
	journal_free(journal);
	return 0;
}

void journal_free(struct journal *journal)
{
	if (journal->file)
		fclose(journal->file);
	g_free(journal->path);
	*journal = (struct journal){0};
}

/* The cell becomes what the line says; its boots of before stay. */
static void take_cell(struct cell *cell, struct cell *line)
{
	cell->status = line->status;
	run_set(&cell->reason, line->reason);
	fields_clear(flag_shape(), &cell->flags);
	cell->flags = line->flags;
	line->flags = (struct flags){0};
	for (size_t i = 0; i < line->boot_count; i++) {
		/* The run was killed between writing run.json and emptying the journal. */
		if (cell_has_boot(cell, line->boots[i].boot))
			continue;
		cell_move_boot(cell, &line->boots[i]);
	}
}

static int replay_line(struct run *run, const char *line, const char *where, struct error *error)
{
	json_error_t problem;
	json_auto_t *json = json_loads(line, JSON_REJECT_DUPLICATES, &problem);
	json_int_t number = json_integer_value(json_object_get(json, "number"));
	struct cell cell;
	int result;

	if (!json)
		return error_set(error, "%s: %s", where, problem.text);
	fields_init(cell_shape(), &cell);
	result = fields_read(cell_shape(), &cell, json_object_get(json, "cell"), where, error);
	if (result == 0 &&
	    (number < 0 || (size_t)number >= run->cell_count ||
	     run_find_cell(run, cell.machine, cell.variant, cell.bench) != &run->cells[number]))
		result = error_set(error, "%s: no such cell in " RUN_FILE, where);
	if (result == 0)
		take_cell(&run->cells[number], &cell);
	fields_free(cell_shape(), &cell);
	return result;
}

int journal_replay(struct run *run, const char *dir, struct error *error)
{
	g_autofree char *path = g_build_filename(dir, JOURNAL_FILE, NULL);
	g_autofree char *text = NULL;
	char *line, *end;

	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return 0;
	text = file_read(path, NULL, error);
	if (!text)
		return -1;
	line = text;
	for (unsigned number = 1; (end = strchr(line, '\n')); number++, line = end + 1) {
		g_autofree char *where = g_strdup_printf("%s: line %u", path, number);

		*end = 0;
		if (replay_line(run, line, where, error))
			return -1;
	}
	return 0;
}
