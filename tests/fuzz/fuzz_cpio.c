/*
 * libFuzzer target: the archive reader on any bytes. A file that it finds must lie in the archive.
 */
#include "file/cpio.h"

static void find(const u8 *data, size_t size, const char *name)
{
	struct file file;

	if (!cpio_find(data, size, name, &file))
		return;
	if (file.data < data || file.size > size || (size_t)(file.data - data) > size - file.size)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	if (cpio_check(data, size))
		return 0;
	find(data, size, "plan");
	find(data, size, "true");
	find(data, size, "a/b");
	return 0;
}
