/*
 * Asks for what only a whole Linux has, and tells by its status whether it got it; with an argument
 * that is no matter, and only standard error hears of it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int missing = 0;

	for (int i = 0; i < 2; i++) {
		pid_t child = fork();
		if (child == 0)
			_exit(0);
		if (child > 0)
			waitpid(child, NULL, 0);
		missing += child < 0;
	}
	missing += socket(AF_UNIX, SOCK_STREAM, 0) < 0;
	if (argc < 2)
		return missing;
	fprintf(stderr, "%s\n", argv[1]);
	return 0;
}
