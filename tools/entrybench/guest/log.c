/* Guest logs. */
#include "guest/guest.h"

#include <errno.h>
#include <unistd.h>

int log_open(struct log *log, const char *path, struct error *error)
{
	*log = (struct log){.path = g_strdup(path), .fresh = g_strconcat(path, ".new", NULL)};
	log->file = fopen(log->fresh, "we");
	if (log->file)
		return 0;
	error_set(error, "cannot write %s: %s", path, strerror(errno));
	log_drop(log);
	return -1;
}

void log_write(struct log *log, const void *data, size_t size)
{
	static const char cut[] = "\n[the rest of this console is cut off]\n";

	if (!log->file || log->size > LOG_MAX)
		return;
	if (fwrite(data, 1, size, log->file) != size && !log->problem)
		log->problem = errno;
	log->size += size;
	if (log->size > LOG_MAX)
		fwrite(cut, 1, sizeof(cut) - 1, log->file);
}

static void forget(struct log *log)
{
	free(log->path);
	free(log->fresh);
	*log = (struct log){0};
}

int log_keep(struct log *log, struct error *error)
{
	int result = 0;

	if (!log->file)
		return 0;
	if (fclose(log->file) && !log->problem)
		log->problem = errno;
	log->file = NULL;
	if (!log->problem && rename(log->fresh, log->path))
		log->problem = errno;
	if (log->problem) {
		result = error_set(error, "cannot write %s: %s", log->path, strerror(log->problem));
		unlink(log->fresh);
	}
	forget(log);
	return result;
}

void log_drop(struct log *log)
{
	if (log->file) {
		fclose(log->file);
		unlink(log->fresh);
	}
	forget(log);
}
