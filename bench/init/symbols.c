/*
 * Every text symbol of /proc/kallsyms as a `symbol` record, for the bill of a stock kernel.
 */
#include <stdint.h>

#include <entrybench/record.h>

#include "harness/stream.h"
#include "harness/text.h"
#include "init.h"
#include "linux.h"

enum { LINE_MAX_BYTES = 1024 };

/* "ADDRESS KIND NAME[\tMODULE]" */
static void send_line(char *line)
{
	uint64_t address = 0;
	char *at = line;

	for (; *at != ' ' && *at != '\0'; at++)
		address = address << 4 | (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
	if (at[0] != ' ' || at[1] == '\0' || at[2] != ' ')
		return;
	char kind[2] = {at[1], '\0'};
	if (*kind != 't' && *kind != 'T' && *kind != 'w' && *kind != 'W')
		return;
	char *name = at + 3;
	for (at = name; *at != '\0' && *at != '\t'; at++)
		;
	*at = '\0';
	record_start(EB_TYPE_SYMBOL);
	record_hex("address", address);
	record_text("kind", kind);
	record_text("name", name);
	record_send();
}

void symbols_send(void)
{
	static char text[4096], line[LINE_MAX_BYTES];
	size_t used = 0;
	int fd = linux_open("/proc/kallsyms", OPEN_READ);

	for (long got; (got = linux_read(fd, text, sizeof(text))) > 0;) {
		for (long i = 0; i < got; i++) {
			if (text[i] == '\n') {
				line[used] = '\0';
				send_line(line);
				used = 0;
			} else if (used < LINE_MAX_BYTES - 1) {
				line[used++] = text[i];
			}
		}
	}
	linux_close(fd);
}
