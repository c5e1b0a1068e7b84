/*
 * make_malformed elf|cpio: the names of the table and what is said of each; with a name and a file:
 * writes that one.
 */
#include <stdio.h>
#include <string.h>

#include "malformed.h"

static int write_file(const struct malformed *row, const char *path)
{
	static uint8_t bytes[MALFORMED_MAX];
	size_t size = row->make(bytes, row);
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file)) {
		perror(path);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct malformed *rows = malformed_elf;
	size_t count = malformed_elf_count;

	if (argc != 2 && argc != 4) {
		fputs("usage: make_malformed elf|cpio [NAME FILE]\n", stderr);
		return 2;
	}
	if (strcmp(argv[1], "cpio") == 0) {
		rows = malformed_cpio;
		count = malformed_cpio_count;
	}
	for (size_t i = 0; i < count; i++) {
		if (argc == 2)
			printf("%s\t%s\n", rows[i].name, rows[i].says ? rows[i].says : "");
		else if (strcmp(argv[2], rows[i].name) == 0)
			return write_file(&rows[i], argv[3]);
	}
	return argc != 2;
}
