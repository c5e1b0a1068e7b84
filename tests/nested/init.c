/*
 * Process 1 of a Linux guest that runs the host tool: loads the modules /modules/NUMBER-NAME in the
 * order of their numbers, runs /build/entrybench with the arguments in /arguments, one a line, and
 * sends the file /tmp/run/run.json to port 0xEA as it is. What the tool prints goes to port 0xE9,
 * and behind it, where the tool failed, its guests' logs; what failed is done again.
 * QEMU ends with the tool's exit status, told by isa-debug-exit as 2 * status + 1.
 */
#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FAILED = 125,
	WORDS_MAX = 200,
	RUNS_MAX = 20,
	TEXT_PORT = 0xe9,
	RESULTS_PORT = 0xea,
	EXIT_PORT = 0xf4
};

static _Noreturn void end(int status)
{
	sync();
	sleep(1); /* the console's last bytes are on their way */
	if (!ioperm(EXIT_PORT, 1, 1))
		outb((unsigned char)status, EXIT_PORT);
	for (;;)
		pause();
}

static _Noreturn void fail(const char *what)
{
	perror(what);
	end(FAILED);
}

static void mount_all(void)
{
	static const struct {
		const char *type, *path;
	} mounts[] = {
	    {"proc", "/proc"}, {"sysfs", "/sys"}, {"devtmpfs", "/dev"}, {"tmpfs", "/tmp"}};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		if (mount(mounts[i].type, mounts[i].path, mounts[i].type, 0, NULL))
			fail(mounts[i].path);
}

static void load_modules(void)
{
	struct dirent **names;
	int count = scandir("/modules", &names, NULL, alphasort);

	if (count < 0)
		fail("/modules");
	for (int i = 0; i < count; i++) {
		char path[512];
		int fd;

		if (names[i]->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/modules/%s", names[i]->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
			fail(path);
		close(fd);
	}
}

static void send(int port, int fd)
{
	static char block[65536];
	ssize_t size;

	if (ioperm((unsigned long)port, 1, 1))
		fail("ioperm");
	while ((size = read(fd, block, sizeof(block))) > 0)
		outsb((unsigned short)port, block, (size_t)size);
	close(fd);
}

static void send_file(int port, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		send(port, fd);
}

static void send_logs(void)
{
	glob_t logs;

	if (glob("/tmp/run/logs/*", 0, NULL, &logs))
		return;
	for (size_t i = 0; i < logs.gl_pathc; i++)
		send_file(TEXT_PORT, logs.gl_pathv[i]);
	globfree(&logs);
}

/* The tool's exit status, when all it prints is sent; it ends by a signal only if it is broken. */
static int run_tool(char **argv)
{
	int out[2], status;
	pid_t child;

	if (pipe(out))
		fail("pipe");
	child = fork();
	if (child < 0)
		fail("fork");
	if (!child) {
		dup2(out[1], STDOUT_FILENO);
		dup2(out[1], STDERR_FILENO);
		close(out[0]);
		close(out[1]);
		execv(argv[0], argv);
		perror(argv[0]);
		_exit(FAILED);
	}
	close(out[1]);
	send(TEXT_PORT, out[0]);
	while (waitpid(-1, &status, 0) != child)
		;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "%s: %s\n", argv[0], strsignal(WTERMSIG(status)));
	return FAILED;
}

/* The words of /arguments behind the name of the tool. */
static char **read_arguments(void)
{
	static char tool[] = "/build/entrybench", *words[WORDS_MAX + 2] = {tool};
	FILE *file = fopen("/arguments", "r");
	size_t count = 1, size = 0;

	if (!file)
		fail("/arguments");
	while (count <= WORDS_MAX && getline(&words[count], &size, file) > 0) {
		words[count][strcspn(words[count], "\n")] = '\0';
		count++;
		size = 0;
	}
	words[count] = NULL;
	fclose(file);
	return words;
}

/*
 * Now and then QEMU 7.2 delivers an interrupt that KVM injects a second time: svm_helper.c leaves
 * its vector in exception_index, and where a timer of the host's ends the loop soon after, it is
 * delivered again, whatever IF is. The core panics, as it must, and the boot is done again;
 * tests/nested/nested accepts no other failure.
 */
static int run_to_end(char **arguments)
{
	static char tool[] = "/build/entrybench", run[] = "run", resume[] = "--resume",
		    folder[] = "/tmp/run", loudly[] = "-v";
	char *again[] = {tool, run, resume, folder, loudly, NULL};
	int status = run_tool(arguments);

	for (int i = 0; i < RUNS_MAX && status == 1; i++) {
		send_logs();
		status = run_tool(again);
	}
	return status;
}

int main(void)
{
	int status;

	mount_all();
	load_modules();
	setenv("HOME", "/tmp", 1);
	setenv("PATH", "/usr/bin", 1);
	status = run_to_end(read_arguments());
	send_file(RESULTS_PORT, "/tmp/run/run.json");
	end(status);
}
