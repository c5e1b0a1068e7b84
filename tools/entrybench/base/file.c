/* Files and folders. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

/* File systems take 255 bytes; what is added to a name (".csv.new") must fit, too. */
#define NAME_MAX_SIZE 200

static char *scratch;

char *path_of_tool(const char *relative)
{
	g_autofree char *exe = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = g_path_get_dirname(exe ? exe : ".");

	return g_build_filename(folder, relative, NULL);
}

char *path_safe_parts(const char *text, ...)
{
	GString *safe = g_string_new(NULL);
	va_list more;

	va_start(more, text);
	for (bool first = true; text; text = va_arg(more, const char *), first = false) {
		if (!first)
			g_string_append_c(safe, '.');
		for (const char *c = text; *c; c++)
			if (g_ascii_isalnum(*c) || strchr("_=+:-", *c))
				g_string_append_c(safe, *c);
			else
				g_string_append_printf(safe, "%%%02X", (unsigned char)*c);
	}
	va_end(more);
	if (safe->len > NAME_MAX_SIZE) {
		g_autofree char *sum =
		    g_compute_checksum_for_string(G_CHECKSUM_SHA256, safe->str, -1);

		g_string_truncate(safe, NAME_MAX_SIZE - 20);
		/* No name has a ~ otherwise. */
		g_string_append_printf(safe, "~%.16s", sum);
	}
	return g_string_free(safe, FALSE);
}

int folder_make(const char *dir, struct error *error)
{
	if (g_mkdir_with_parents(dir, 0777))
		return error_set(error, "cannot make folder %s: %s", dir, strerror(errno));
	return 0;
}

static int remove_one(const char *path, G_GNUC_UNUSED const struct stat *status,
		      G_GNUC_UNUSED int kind, G_GNUC_UNUSED struct FTW *where)
{
	remove(path);
	return 0;
}

void folder_remove(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Who holds the lock, by /proc/locks: "1: FLOCK ADVISORY WRITE 1234 08:01:5678 0 EOF", or 0. */
static int lock_holder(int fd)
{
	g_autofree char *locks = file_read("/proc/locks", NULL, NULL);
	g_autofree char *file = NULL;
	const char *at;
	struct stat facts;
	int pid = 0;

	if (!locks || fstat(fd, &facts))
		return 0;
	file = g_strdup_printf(" %02x:%02x:%lu ", major(facts.st_dev), minor(facts.st_dev),
			       (unsigned long)facts.st_ino);
	at = strstr(locks, file);
	while (at && at > locks && at[-1] != '\n')
		at--;
	return at && sscanf(at, "%*d: FLOCK %*s %*s %d", &pid) == 1 ? pid : 0;
}

/* The descriptor stays open: the kernel drops the lock when the process ends. */
int folder_lock(const char *dir, struct error *error)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), pid;

	if (fd < 0)
		return error_set(error, "cannot open %s: %s", dir, strerror(errno));
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return 0;
	if (errno != EWOULDBLOCK) {
		close(fd);
		return 0;
	}
	pid = lock_holder(fd);
	close(fd);
	if (!pid)
		return error_set(error, "%s is in use by another process", dir);
	return error_set(error, "%s is in use by process %d", dir, pid);
}

/*
 * Makes the folder, says its name, and removes it once the tool's end is closed, which the kernel
 * does for a tool that was killed outright.
 */
static void keep_scratch(int tool)
{
	g_autofree char *path = NULL;
	char nothing;

	setsid();
	close_range(0, (unsigned)tool - 1, 0);
	close_range((unsigned)tool + 1, ~0u, 0);
	path = g_dir_make_tmp("entrybench-XXXXXX", NULL);
	errno = path ? 0 : errno;
	if (write(tool, &errno, sizeof(errno)) == sizeof(errno) && path &&
	    write(tool, path, strlen(path)) > 0)
		while (read(tool, &nothing, 1) < 0 && errno == EINTR)
			;
	if (path)
		folder_remove(path);
	_exit(0);
}

/* The keeper is no child of the tool's, which waits for all of those. errno says why not. */
static char *start_keeper(void)
{
	char path[PATH_MAX] = "";
	int ends[2], adopts = 0, status, problem = 0;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return NULL;
	prctl(PR_GET_CHILD_SUBREAPER, &adopts, 0, 0, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		if (fork() == 0)
			keep_scratch(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	if (child > 0)
		waitpid(child, &status, 0);
	prctl(PR_SET_CHILD_SUBREAPER, adopts, 0, 0, 0);
	if (child < 0 || read(ends[0], &problem, sizeof(problem)) != sizeof(problem) || problem ||
	    read(ends[0], path, sizeof(path) - 1) <= 0) {
		close(ends[0]);
		errno = problem ?: errno ?: EAGAIN;
		return NULL;
	}
	/* Its end stays open for as long as this process lives. */
	return g_strdup(path);
}

char *scratch_new(struct error *error)
{
	g_autofree char *path = NULL;

	if (!scratch)
		scratch = start_keeper();
	path = scratch ? g_build_filename(scratch, "XXXXXX", NULL) : NULL;
	if (path && g_mkdtemp(path))
		return g_steal_pointer(&path);
	error_set(error,
		  "cannot make a temporary folder in %s: %m; set TMPDIR to a writable folder",
		  scratch ? scratch : g_get_tmp_dir());
	return NULL;
}

void scratch_remove(void)
{
	if (scratch)
		folder_remove(scratch);
	g_clear_pointer(&scratch, g_free);
}

int file_write(const char *dir, const char *name, file_writer *put, const void *what,
	       struct error *error)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_autofree char *fresh = g_strconcat(path, ".new", NULL);
	FILE *file = fopen(fresh, "we");
	bool good = file && put(file, what);

	/* What the buffer held may fail now. */
	good = file && !fclose(file) && good;
	if (good && !rename(fresh, path))
		return 0;
	error_set(error, "cannot write %s: %s", path, strerror(errno));
	if (file)
		unlink(fresh);
	return -1;
}

struct data {
	const void *at;
	size_t size;
};

static bool put_data(FILE *file, const void *what)
{
	const struct data *data = what;

	return fwrite(data->at, 1, data->size, file) == data->size;
}

int file_replace(const char *dir, const char *name, const void *data, size_t size,
		 struct error *error)
{
	return file_write(dir, name, put_data, &(struct data){data, size}, error);
}

/* A pipe would hold the tool up for ever. */
static bool is_other(const char *path, struct error *error)
{
	return g_file_test(path, G_FILE_TEST_EXISTS) &&
	       !g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
	       error_set(error, "cannot read %s: it is no regular file", path);
}

FILE *file_open(const char *path, struct error *error)
{
	FILE *file;

	if (is_other(path, error))
		return NULL;
	file = fopen(path, "re");
	if (!file)
		error_set(error, "cannot read %s: %s", path, strerror(errno));
	return file;
}

char *file_read(const char *path, size_t *size, struct error *error)
{
	char *text = NULL;

	if (is_other(path, error))
		return NULL;
	if (!g_file_get_contents(path, &text, size, NULL))
		error_set(error, "cannot read %s: %s", path, strerror(errno));
	return text;
}

char *file_sum(const char *path, struct error *error)
{
	size_t size;
	g_autofree char *data = file_read(path, &size, error);

	return data ? g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)data, size)
		    : NULL;
}

int file_copy(const char *dir, const char *name, const char *from, struct error *error)
{
	size_t size;
	g_autofree char *data = file_read(from, &size, error);

	return data ? file_replace(dir, name, data, size, error) : -1;
}
