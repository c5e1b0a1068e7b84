/*
 * Stands in for QEMU in tests: reads the plan out of -initrd, says what the programs would say, and
 * goes wrong where it is told to.
 *
 *	FAKE_GUEST	MODE[@VARIANT][/BOOT]: what goes wrong (see modes[]), in which image, at which
 *			start of it (from 0); "ok" or unset: nothing
 *	FAKE_STATE	folder: counts the starts of each image, keeps the numbers of processes
 *	FAKE_BOOT	what a boot of an image says of itself: "PLAN:NUMBER/OF"
 *	FAKE_SLEEP_MS	milliseconds that every boot takes
 *	FAKE_VERSION	what --version prints
 *	FAKE_PROGRAM	how a program of the user's ends: "status 3", "signal SIGSEGV", "lacks" (and status 1), "mute" (never);
 *			unset: with status 0
 */
#include <libgen.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/record_line.h"

#define PROGRAMS_MAX 100

struct program {
	char name[64], param[64];
	char own[500]; /* the whole line of a program of the user's; "": a benchmark */
	unsigned stream, windows;
};

static struct program programs[PROGRAMS_MAX];
static int program_count;
static char variant[64];
static unsigned start_number;
static const char *mode;

enum exit_status { END_OK = 33, END_FAILED = 35, END_PANIC = 37, END_UNSUPPORTED = 39 };

static void say_bytes(const char *line, size_t size)
{
	fwrite(line, 1, size, stdout);
	fflush(stdout);
}

static void say(const char *format, ...)
{
	char body[EB_RECORD_MAX], line[EB_RECORD_MAX + 100] = "";
	va_list arguments;
	size_t size;

	va_start(arguments, format);
	vsnprintf(body, sizeof(body), format, arguments);
	va_end(arguments);
	size = record_line(line, body);
	say_bytes(line, size);
}

/* The same with one bit of it turned round. */
static void say_damaged(const char *body)
{
	char line[EB_RECORD_MAX + 100] = "";
	size_t size = record_line(line, body);

	line[size / 2] ^= 1;
	say_bytes(line, size);
}

static bool is_mode(const char *name)
{
	return !strcmp(mode, name);
}

static char *state_path(const char *name)
{
	static char path[600];
	const char *folder = getenv("FAKE_STATE");

	snprintf(path, sizeof(path), "%s/%s", folder ? folder : "/tmp", name);
	return path;
}

/* Notes a process, for the test to see that it is gone afterwards. */
static void note_process(void)
{
	FILE *file = fopen(state_path("processes"), "a");

	if (file) {
		fprintf(file, "%d\n", getpid());
		fclose(file);
	}
}

static unsigned count_start(void)
{
	char name[100];
	unsigned count = 0;
	FILE *file;

	snprintf(name, sizeof(name), "starts.%s", variant);
	file = fopen(state_path(name), "r");
	if (file && fscanf(file, "%u", &count) != 1)
		count = 0;
	if (file)
		fclose(file);
	file = fopen(state_path(name), "w");
	if (file) {
		fprintf(file, "%u\n", count + 1);
		fclose(file);
	}
	return count;
}

/* What is to go wrong in this very start. */
static const char *find_mode(void)
{
	static char name[64];
	const char *wish = getenv("FAKE_GUEST");
	const char *at = wish ? strchr(wish, '@') : NULL;
	const char *slash = wish ? strchr(wish, '/') : NULL;

	if (!wish || !wish[0])
		return "ok";
	if (at && (strncmp(at + 1, variant, strlen(variant)) ||
		   (at[1 + strlen(variant)] && at[1 + strlen(variant)] != '/')))
		return "ok";
	if (slash && (unsigned)atoi(slash + 1) != start_number)
		return "ok";
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(wish, "@/"), wish);
	return name;
}

static void hang(void)
{
	if (fork() == 0)
		note_process();
	for (;;)
		pause();
}

/* Never the same twice, so that nothing can be summed up. */
static void flood(unsigned stream)
{
	for (unsigned i = 0;; i++) {
		say("%u %u window of=crossing hist=%u:1", stream, i + 1, 1000 + i * 7919);
		say_bytes("text without an end", 19);
	}
}

static void say_boot(const char *claimed)
{
	const char *number = getenv("FAKE_BOOT");

	say("kernel 0 boot variant=%s cpu=Fake%%20CPU features=smep,smap machine=console "
	    "tsc_hz=%s%s",
	    claimed, number ? "2000000000 boot=" : "0", number ? number : "");
}

/* A machine that starts again and again by itself. */
static void reboot_for_ever(unsigned stream)
{
	for (;; usleep(1000)) {
		say_boot(variant);
		say("%u 0 begin bench=%s param= harness=1", stream, programs[0].name);
	}
}

static void say_batches(unsigned stream, unsigned cost)
{
	unsigned crossing = cost + 4;

	say("%u 2 batch of=crossing n=4 hist=%u:3", stream, 10 + 4 * crossing);
	say("%u 3 batch of=crossing n=8 hist=%u:3", stream, 10 + 8 * crossing);
	say("%u 4 batch of=bare n=4 hist=26:3", stream);
	say("%u 5 batch of=bare n=8 hist=42:3", stream);
}

/* Costs differ by variant, so that a mix-up of images would show. */
static unsigned cost_of(const struct program *program)
{
	unsigned cost = 40 + (unsigned)variant[0] + (unsigned)atoi(program->param);

	return cost + (is_mode("unequal") ? start_number : 0);
}

/* A program of the user's prints its own line of the plan, and no newline at the end. */
static unsigned run_own(const struct program *program, unsigned sequence, bool *ok)
{
	const char *end = getenv("FAKE_PROGRAM");
	char how[80];
	int status = 0;

	say("kernel %u start line=0", sequence++);
	printf("line: %s\nend of %s", program->own, variant);
	fflush(stdout);
	if (is_mode("crash"))
		raise(SIGKILL);
	if (!end)
		end = "status 0";
	if (!strcmp(end, "mute"))
		hang();
	if (!strcmp(end, "lacks")) {
		say("kernel %u count name=enosys call=fork nr=57 value=2", sequence++);
		end = "status 1";
	}
	sscanf(end, "status %d", &status);
	if (sscanf(end, "signal %79s", how) == 1) {
		say("kernel %u fault what=%%23PF ip=401000 sp=7ff0 error=6 address=0", sequence++);
		say("kernel %u program line=0 status=0 signal=%s error=", sequence++, how);
	} else {
		say("kernel %u program line=0 status=%d signal= error=", sequence++, status);
	}
	*ok = !strncmp(end, "status 0", 8);
	printf("entrybench: a remark of the kernel\n");
	return sequence;
}

static void run_program(const struct program *program)
{
	unsigned k = program->stream, cost = cost_of(program);
	char body[100];

	if (is_mode("wrong-bench"))
		say("%u 0 begin bench=other param= harness=1", k);
	else
		say("%u 0 begin bench=%s param=%s harness=1", k, program->name, program->param);
	if (is_mode("hang") || (is_mode("hang-second") && k == 1))
		hang();
	if (is_mode("crash"))
		raise(SIGKILL);
	if (is_mode("flood"))
		flood(k);
	/* What QEMU does with -no-reboot. */
	if (is_mode("reset"))
		exit(0);
	if (is_mode("reboots"))
		reboot_for_ever(k);
	if (is_mode("panic") && k == 1) {
		say("kernel 1 exit records=2 status=panic reason=page%%20fault programs=1 "
		    "failed=0");
		exit(END_PANIC);
	}
	if (is_mode("noise"))
		printf("[ 0.1] some text @EB1 that is no record");
	snprintf(body, sizeof(body), "%u 1 clock step=1 min=6 backwards=0", k);
	if (is_mode("damage") && k == 0)
		say_damaged(body);
	else if (!is_mode("lose") || k != 0)
		say("%s", body);
	if (is_mode("repeat") && k == 0)
		say("%s", body);
	say_batches(k, cost);
	say("%u 6 window of=crossing hist=%u:%u%s", k, cost + 7, program->windows,
	    is_mode("uneven") ? ",1000:1" : "");
	say("%u 7 window of=empty_window hist=6:%u", k, program->windows);
	if (is_mode("cut") && k == 0)
		return;
	if (is_mode("killed") && k == 1)
		return;
	if (is_mode("unsupported-program"))
		say("%u 8 end records=9 status=unsupported reason=not%%20here", k);
	else
		say("%u 8 end records=9 status=ok reason=", k);
}

/* "bench/NAME [PARAM] --stream K ... --windows W ..." */
static void read_line(char *line)
{
	struct program *program = &programs[program_count++];
	char *word = strtok(line, " "), *last = "";

	snprintf(program->name, sizeof(program->name), "%s", word + strlen("bench/"));
	for (word = strtok(NULL, " "); word; word = strtok(NULL, " ")) {
		if (!strcmp(last, "--stream"))
			program->stream = (unsigned)atoi(word);
		else if (!strcmp(last, "--windows"))
			program->windows = (unsigned)atoi(word);
		else if (!last[0] && word[0] != '-')
			snprintf(program->param, sizeof(program->param), "%s", word);
		last = word;
	}
}

/* The plan is the last file of the last archive, so the text behind its name. */
static void read_plan(const char *path)
{
	static char data[1 << 20];
	FILE *file = fopen(path, "r");
	size_t size = file ? fread(data, 1, sizeof(data) - 1, file) : 0;
	char *at = data;

	if (file)
		fclose(file);
	for (size_t i = 0; i + 6 < size; i++)
		if (!memcmp(data + i, "plan\0", 5))
			at = data + i + 5;
	while (!*at && at < data + size)
		at++;
	for (char *save, *line = strtok_r(at, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (!strncmp(line, "bench/", 6)) {
			char copy[500];

			snprintf(copy, sizeof(copy), "%s", line);
			read_line(copy);
		} else if (!strncmp(line, "program/", 8)) {
			snprintf(programs[program_count++].own, sizeof(programs->own), "%s", line);
		}
}

static int boot_own(void)
{
	unsigned sequence;
	bool ok;

	if (is_mode("panic")) {
		say("kernel 1 start line=0");
		printf("words before the panic\n");
		say("kernel 2 exit records=3 status=panic reason=page%%20fault programs=0 "
		    "failed=0");
		return END_PANIC;
	}
	printf("what the kernel says before\n");
	sequence = run_own(&programs[0], 1, &ok);
	say("kernel %u exit records=%u status=%s reason= programs=1 failed=%d", sequence,
	    sequence + 1, ok ? "ok" : "failed", !ok);
	printf("what the emulator says at the end\n");
	return ok ? END_OK : END_FAILED;
}

static int boot(void)
{
	const char *claimed = is_mode("wrong-image") ? "other" : variant;

	if (is_mode("refuse")) {
		printf("fake: machine is on fire\n");
		return 1;
	}
	if (is_mode("mute"))
		hang();
	say_boot(claimed);
	if (is_mode("unsupported")) {
		say("kernel 1 exit records=2 status=unsupported reason=no%%20umip programs=0 "
		    "failed=0");
		return END_UNSUPPORTED;
	}
	if (programs[0].own[0])
		return boot_own();
	for (int i = 0; i < program_count; i++)
		run_program(&programs[i]);
	if (is_mode("no-exit"))
		return END_OK;
	if (is_mode("killed")) {
		say("kernel 1 program line=1 status=0 signal=SIGSEGV error=");
		say("kernel 2 exit records=3 status=failed reason= programs=%d failed=1",
		    program_count);
		return END_FAILED;
	}
	if (is_mode("program-named")) {
		say("kernel 1 count name=enosys call=fork nr=57 value=2");
		say("kernel 2 program line=1 status=3 signal= error=");
		say("kernel 3 program line=2 status=0 signal= error=");
		say("kernel 4 exit records=5 status=failed reason= programs=%d failed=1",
		    program_count);
		return END_FAILED;
	}
	if (is_mode("program-fails")) {
		say("kernel 1 exit records=2 status=failed reason=status%%203 programs=%d failed=1",
		    program_count);
		return END_FAILED;
	}
	say("kernel 1 exit records=2 status=ok reason= programs=%d failed=0", program_count);
	return is_mode("lies") ? END_FAILED : END_OK;
}

int main(int argc, char **argv)
{
	const char *sleep_ms = getenv("FAKE_SLEEP_MS");

	if (argc == 2 && !strcmp(argv[1], "--version"))
		return puts(getenv("FAKE_VERSION") ?: "fake guest 1") == EOF;
	for (int i = 1; i + 1 < argc; i++) {
		if (!strcmp(argv[i], "-initrd"))
			read_plan(argv[i + 1]);
		if (!strcmp(argv[i], "-kernel"))
			snprintf(variant, sizeof(variant), "%s", basename(argv[i + 1]));
	}
	variant[strcspn(variant, ".")] = 0;
	note_process();
	start_number = count_start();
	mode = find_mode();
	if (sleep_ms)
		usleep((useconds_t)atoi(sleep_ms) * 1000);
	return boot();
}
