/*
 * Boots a stock Linux kernel in a guest (the script `guest`) and keeps what its console said.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "guest.h"

enum { SKIPPED = 77 };

static char folder[] = "/tmp/entrybench-guest-XXXXXX";

void guest_open(void)
{
	assert_non_null(mkdtemp(folder));
}

void guest_close(void)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
}

const char *guest_path(const char *name)
{
	static char path[100];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

char *guest_read(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	if (getdelim(&text, &size, '\0', file) < 0)
		fail_msg("%s is empty", path);
	fclose(file);
	return text;
}

int guest_boot(const char *plan, const char *qemu_arguments, char **console)
{
	char command[1000];
	FILE *file = fopen(guest_path("plan"), "w");

	assert_non_null(file);
	fputs(plan, file);
	fclose(file);
	snprintf(command, sizeof(command), "%s %s %s/plan %s/console %s", GUEST_SCRIPT,
		 BUILD_FOLDER, folder, folder, qemu_arguments);
	int status = WEXITSTATUS(system(command));
	if (status == SKIPPED) {
		guest_close();
		exit(SKIPPED);
	}
	*console = guest_read(guest_path("console"));
	return status;
}
