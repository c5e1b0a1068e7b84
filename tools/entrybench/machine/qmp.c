/* A QMP conversation. */
#include "machine/machine.h"

#include <jansson.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "host/host.h"

#define TRIES 400 /* of 5 ms */

/* The socket is there a moment after QEMU's start; not at all if it fails to start. */
static FILE *connect_to(const char *path, struct process *process)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval limit = {.tv_sec = 2};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path)) {
		close(fd);
		return NULL;
	}
	strcpy(address.sun_path, path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	for (int tries = 0; tries < TRIES && !process_ended(process); tries++) {
		if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
			return fdopen(fd, "r+");
		g_usleep(5000);
	}
	close(fd);
	return NULL;
}

/* Sends a command and waits for its answer, past any event. NULL: an error, or none came. */
static json_t *ask(FILE *qmp, const char *command)
{
	char line[8192];

	fprintf(qmp, "{\"execute\": \"%s\"}\n", command);
	fflush(qmp);
	while (fgets(line, sizeof(line), qmp)) {
		json_t *answer = json_loads(line, 0, NULL);

		if (json_object_get(answer, "return") || json_object_get(answer, "error"))
			return answer;
		json_decref(answer);
	}
	return NULL;
}

static bool command(FILE *qmp, const char *name)
{
	json_t *answer = ask(qmp, name);
	bool ok = json_object_get(answer, "return");

	json_decref(answer);
	return ok;
}

static bool pin_vcpu(FILE *qmp, int cpu)
{
	json_t *answer = ask(qmp, "query-cpus-fast");
	const json_t *vcpu = json_array_get(json_object_get(answer, "return"), 0);
	const json_t *thread = json_object_get(vcpu, "thread-id");
	pid_t id = (pid_t)json_integer_value(thread);

	json_decref(answer);
	return id > 0 && cpu_pin(id, cpu, NULL);
}

bool qmp_pin_and_go(const char *socket_path, struct process *process, int cpu)
{
	FILE *qmp = connect_to(socket_path, process);
	bool ok = qmp && command(qmp, "qmp_capabilities");

	ok = ok && (cpu < 0 || pin_vcpu(qmp, cpu)) && command(qmp, "cont");
	if (qmp)
		fclose(qmp);
	return ok;
}
