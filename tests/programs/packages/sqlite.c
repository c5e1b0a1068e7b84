/* SQLite: a table in memory and one in /tmp, filled, changed, rolled back, asked and checked. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int row(void *unused, int columns, char **values, char **names)
{
	(void)unused, (void)names;
	for (int i = 0; i < columns; i++)
		printf("%s%s", i ? " " : "", values[i] ? values[i] : "NULL");
	printf("\n");
	return 0;
}

static void run(sqlite3 *db, const char *sql)
{
	char *error = NULL;
	if (sqlite3_exec(db, sql, row, NULL, &error)) {
		printf("%s: %s\n", sql, error);
		exit(1);
	}
}

static void fill(sqlite3 *db, int rows)
{
	sqlite3_stmt *insert;
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, value REAL); BEGIN");
	sqlite3_prepare_v2(db, "INSERT INTO t(name, value) VALUES(?, ?)", -1, &insert, NULL);
	for (int i = 0; i < rows; i++) {
		char name[32];
		snprintf(name, sizeof(name), "row %d", i * 7919 % rows);
		sqlite3_bind_text(insert, 1, name, -1, SQLITE_TRANSIENT);
		sqlite3_bind_double(insert, 2, i / 4.0);
		sqlite3_step(insert);
		sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	run(db, "COMMIT; CREATE INDEX by_name ON t(name)");
}

static void ask(sqlite3 *db)
{
	run(db, "SELECT count(*), sum(value), min(name), max(name) FROM t");
	run(db, "SELECT id, name FROM t WHERE name LIKE 'row 77%' ORDER BY name LIMIT 5");
	run(db, "BEGIN; DELETE FROM t WHERE id % 2; SELECT count(*) FROM t; ROLLBACK");
	run(db, "SELECT count(*) FROM t; UPDATE t SET value = value * 2 WHERE id < 100; VACUUM");
	run(db, "SELECT sum(value) FROM t; PRAGMA integrity_check");
}

int main(void)
{
	static char path[64];
	sqlite3 *db;
	snprintf(path, sizeof(path), "/tmp/entrybench-%d.db", (int)getpid());
	const char *places[] = {":memory:", path};
	for (int i = 0; i < 2; i++) {
		if (sqlite3_open(places[i], &db)) {
			printf("%s\n", sqlite3_errmsg(db));
			return 1;
		}
		fill(db, 1000);
		ask(db);
		sqlite3_close(db);
	}
	/* what is on the disk is what was written */
	sqlite3_open(path, &db);
	run(db, "SELECT count(*), total(value) FROM t");
	sqlite3_close(db);
	unlink(path);
	return 0;
}
