/*
 * Runs a ring-3 program on the host's Linux and keeps what it said.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "program.h"

enum { ARGS_MAX = 32, CHUNK = 65536 };

struct text {
	char *bytes;
	size_t size;
};

static void append(struct text *text, const char *bytes, size_t size)
{
	text->bytes = realloc(text->bytes, text->size + size + 1);
	assert_non_null(text->bytes);
	memcpy(text->bytes + text->size, bytes, size);
	text->size += size;
	text->bytes[text->size] = '\0';
}

static _Noreturn void exec_line(const char *line)
{
	char path[512], copy[512], *args[ARGS_MAX] = {0};
	size_t count = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word != NULL && count < ARGS_MAX - 1;
	     word = strtok(NULL, " "))
		args[count++] = word;
	snprintf(path, sizeof(path), "%s/%s", BENCH_FOLDER, args[0]);
	execv(path, args);
	_exit(127);
}

/* A pipe in packet mode: each read() gives what one write() put in. False at its end. */
static bool read_packet(struct outcome *outcome, struct text *text, int fd)
{
	char chunk[CHUNK];
	ssize_t size = read(fd, chunk, sizeof(chunk));

	if (size <= 0)
		return false;
	char *newline = memchr(chunk, '\n', (size_t)size);
	outcome->writes++;
	outcome->odd += newline != chunk + size - 1;
	append(text, chunk, (size_t)size);
	return true;
}

static void read_both(struct outcome *outcome, int out, int err)
{
	struct text text[2] = {0};
	struct pollfd fds[2] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
	struct outcome ignored = {0};

	append(&text[0], "", 0);
	append(&text[1], "", 0);
	while (fds[0].fd >= 0 || fds[1].fd >= 0) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			fail_msg("poll: %s", strerror(errno));
		for (int i = 0; i < 2; i++)
			if (fds[i].revents != 0 &&
			    !read_packet(i == 0 ? outcome : &ignored, &text[i], fds[i].fd))
				fds[i].fd = -1;
	}
	outcome->output = text[0].bytes;
	outcome->error = text[1].bytes;
}

struct outcome program_run(const char *line)
{
	struct outcome outcome = {0};
	struct rusage usage;
	int out[2], err[2], status;

	assert_int_equal(pipe2(out, O_DIRECT | O_CLOEXEC), 0);
	assert_int_equal(pipe2(err, O_DIRECT | O_CLOEXEC), 0);
	pid_t child = fork();
	if (child == 0) {
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		exec_line(line);
	}
	assert_true(child > 0);
	close(out[1]);
	close(err[1]);
	read_both(&outcome, out[0], err[0]);
	close(out[0]);
	close(err[0]);
	assert_int_equal(wait4(child, &status, 0, &usage), child);
	outcome.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	outcome.memory_kib = usage.ru_maxrss;
	return outcome;
}

void outcome_free(struct outcome *outcome)
{
	free(outcome->output);
	free(outcome->error);
	*outcome = (struct outcome){0};
}
