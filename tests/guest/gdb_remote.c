/*
 * GDB's remote protocol, the client's side: packets "$text#checksum" over a UNIX socket, each
 * acknowledged by a "+". Not by gdb itself: it steps over the instruction at a breakpoint before it
 * goes on, so what was raised there would arrive one instruction late.
 */
#include "gdb_remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static FILE *from, *to;
static char answer[GDB_PACKET_MAX];

static _Noreturn void fail(const char *what, const char *which)
{
	fprintf(stderr, "inject: %s: %s\n", what, which);
	exit(1);
}

void gdb_connect(const char *path)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int tries = 0, s = socket(AF_UNIX, SOCK_STREAM, 0);

	if (s < 0 || strlen(path) >= sizeof(address.sun_path))
		fail("no socket", path);
	strcpy(address.sun_path, path);
	while (connect(s, (struct sockaddr *)&address, sizeof(address))) {
		if (++tries == 500)
			fail("QEMU does not answer at", path);
		nanosleep(&pause, NULL);
	}
	from = fdopen(s, "r");
	to = fdopen(dup(s), "w");
	if (!from || !to)
		fail("no stream for", path);
}

static void send_packet(const char *text)
{
	unsigned char sum = 0;

	for (const char *at = text; *at; at++)
		sum += (unsigned char)*at;
	fprintf(to, "$%s#%02x", text, sum);
	fflush(to);
}

/* The next packet into `answer`; false: QEMU has gone. */
static bool receive(void)
{
	size_t used = 0;
	int c;

	while ((c = getc(from)) != '$')
		if (c == EOF)
			return false;
	while ((c = getc(from)) != '#' && c != EOF)
		if (used < sizeof(answer) - 1)
			answer[used++] = (char)c;
	answer[used] = '\0';
	if (getc(from) == EOF || getc(from) == EOF) /* the checksum: a local socket loses nothing */
		return false;
	putc('+', to);
	fflush(to);
	return true;
}

const char *gdb_ask(const char *packet)
{
	send_packet(packet);
	if (!receive())
		fail("QEMU has ended at", packet);
	return answer;
}

void gdb_breakpoint(const char *how, uint64_t address)
{
	char packet[64];

	snprintf(packet, sizeof(packet), "%s,%llx,1", how, (unsigned long long)address);
	if (strcmp(gdb_ask(packet), "OK") != 0)
		fail("QEMU refuses the breakpoint", packet);
}

bool gdb_continue(void)
{
	send_packet("c");
	return receive() && answer[0] == 'T';
}

void gdb_kill(void)
{
	send_packet("k");
}

void gdb_monitor(const char *command)
{
	char packet[512];
	int used = snprintf(packet, sizeof(packet), "qRcmd,");

	for (const char *at = command; *at && (size_t)used < sizeof(packet) - 3; at++)
		used += snprintf(packet + used, sizeof(packet) - (size_t)used, "%02x",
				 (unsigned char)*at);
	if (strcmp(gdb_ask(packet), "OK") != 0)
		fail("the monitor has something to say about", command);
}
