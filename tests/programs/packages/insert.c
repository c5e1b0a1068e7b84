/* SQLite: rows into a table of a file, each a transaction of its own. */
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

enum { ROWS = 100 };

int main(void)
{
	static char path[64];
	sqlite3_stmt *insert;
	sqlite3 *db;
	int status;

	snprintf(path, sizeof(path), "/tmp/entrybench-%d.db", (int)getpid());
	status =
	    sqlite3_open(path, &db) ||
	    sqlite3_exec(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)", NULL, NULL,
			 NULL) ||
	    sqlite3_prepare_v2(db, "INSERT INTO t(name) VALUES('some text')", -1, &insert, NULL);
	for (int i = 0; i < ROWS && status == 0; i++) {
		status = sqlite3_step(insert) != SQLITE_DONE;
		sqlite3_reset(insert);
	}
	printf("%lld rows: %s\n", (long long)sqlite3_last_insert_rowid(db), sqlite3_errmsg(db));
	unlink(path);
	return status;
}
