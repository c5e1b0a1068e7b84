/* Makes record lines for tests. */
#ifndef TESTS_RECORD_LINE_H
#define TESTS_RECORD_LINE_H

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "record/record.h"

/* "STREAM SEQ TYPE KEY=VALUE..." becomes a whole line with newline in `text`. Returns its size. */
static inline size_t record_line(char *text, const char *body)
{
	size_t size = (size_t)sprintf(text, "%s%s", EB_RECORD_MAGIC, body);

	return size +
	       (size_t)sprintf(text + size, " *%08lx\n", crc32_z(0, (const Bytef *)text, size));
}

#endif
