/* The folder of temporary files: see scratch.h. */
#include "base/scratch.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char *folder;

const char *scratch_folder(struct error *error)
{
	const char *tmp = getenv("TMPDIR");
	char *path;

	if (folder)
		return folder;
	path = memory_format("%s/entrybench-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
	if (mkdtemp(path)) {
		folder = path;
		return folder;
	}
	error_set(error, "cannot make a temporary folder %s: %s; set TMPDIR to a writable folder",
		  path, strerror(errno));
	free(path);
	return NULL;
}

char *scratch_new(struct error *error)
{
	const char *root = scratch_folder(error);
	char *path;

	if (!root)
		return NULL;
	path = path_join(root, "XXXXXX");
	if (mkdtemp(path))
		return path;
	error_set(error, "cannot make a folder in %s: %s", root, strerror(errno));
	free(path);
	return NULL;
}

void scratch_remove(void)
{
	if (folder)
		folder_remove(folder);
	free(folder);
	folder = NULL;
}
