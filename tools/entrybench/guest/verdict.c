/* Judgement over a boot and its programs. */
#include "guest/guest.h"

#include <sys/wait.h>

__attribute__((format(printf, 3, 4))) static void
judge(struct guest *guest, enum cell_status status, const char *format, ...)
{
	va_list arguments;
	char *old = guest->reason;

	va_start(arguments, format);
	guest->reason = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_free(old);
	guest->status = status;
}

/* ": " and the last line of the console that says something; "" if there is none. Free it. */
static char *last_words(const struct guest *guest)
{
	size_t from = MAX(guest->console->len, 256) - 256;
	g_autofree char *end = g_strndup(guest->console->str + from, guest->console->len - from);
	const char *line;
	char *to;

	/* A NUL ends the text before; what is no ASCII goes. */
	g_strchomp(end);
	line = strrchr(end, '\n') ? strrchr(end, '\n') + 1 : end;
	if (strstr(line, EB_RECORD_MAGIC))
		return g_strdup("");
	to = end;
	for (; *line; line++)
		if (g_ascii_isprint(*line))
			*to++ = *line;
	*to = 0;
	return g_strconcat(end[0] ? ": " : "", end, NULL);
}

/* The emulator ended in a way that no guest asks for. */
static void judge_broken(struct guest *guest)
{
	const char *program = guest->machine->programs->name ?: "init";
	int status = guest->process.status;
	g_autofree char *words = last_words(guest);

	if (WIFSIGNALED(status))
		judge(guest, STATUS_FAILED, "%s was killed by signal %d (%s)%s", program,
		      WTERMSIG(status), strsignal(WTERMSIG(status)), words);
	else
		judge(guest, STATUS_FAILED, "%s ended with status %d%s", program,
		      WEXITSTATUS(status),
		      status || words[0] ? words : ": the guest reset or switched itself off");
}

/* What was collected from a stick ends with the reason for being cut short (run/keep.c). */
static void judge_damaged(struct guest *guest, const char *problem)
{
	g_autofree char *words = guest->request.stream ? last_words(guest) : g_strdup("");

	judge(guest, STATUS_FAILED, "kernel stream: %s%s", problem, words);
}

/* What the boot record must say. A stock kernel knows no names of ours and gives its release. */
static const char *expected_name(const struct variant *variant)
{
	bool stock = variant && variant->machine[0] && variant->image[0];

	return variant && !stock ? variant->name : "";
}

static void judge_boot(struct guest *guest)
{
	const struct kernel_facts *kernel = &guest->kernel;
	const char *problem = decoder_problem(guest->decoder, STREAM_KERNEL);
	const char *variant = expected_name(guest->request.variant);
	const char *said = kernel->reason[0] ? kernel->reason : "see the log";

	if (guest->timed_out)
		judge(guest, STATUS_TIMEOUT, "no end within %g s", guest->timeout);
	else if (!strcmp(kernel->status, "panic") || guest->end == GUEST_PANICKED)
		judge(guest, STATUS_PANICKED, "kernel panic: %s", said);
	else if (guest->request.variant &&
		 strings_have(&guest->request.variant->needs, kernel->reason))
		judge(guest, STATUS_SKIPPED,
		      "the CPU of this machine lacks %s, which the variant needs", kernel->reason);
	else if (!strcmp(kernel->status, "unsupported") || guest->end == GUEST_UNSUPPORTED)
		judge(guest, STATUS_SKIPPED, "the kernel does not run here: %s", said);
	else if (guest->end == GUEST_BROKEN)
		judge_broken(guest);
	else if (problem)
		judge_damaged(guest, problem);
	else if (variant[0] && strcmp(variant, kernel->variant))
		judge(guest, STATUS_FAILED, "the image of %s says that it is %s", variant,
		      kernel->variant);
	else if (guest->end == (!strcmp(kernel->status, "ok") ? GUEST_FAILED : GUEST_OK))
		judge(guest, STATUS_FAILED, "exit record (%s) and exit status disagree",
		      kernel->status);
}

static void fail(struct guest_program *program, enum cell_status status, const char *reason)
{
	program->boot.status = status;
	run_set(&program->boot.reason, reason);
}

/* What the program said of itself stands unless its stream, its end or the boot says otherwise. */
static void judge_program(struct guest *guest, int number)
{
	struct guest_program *program = &guest->programs[number];
	const char *problem = program->name    ? decoder_problem(guest->decoder, number)
			      : program->ended ? NULL
					       : "the kernel does not say how it ended";
	g_autofree char *reason = NULL;

	program->begun |= program->name && decoder_began(guest->decoder, number);
	/* It was running when the boot went wrong, or never came to its turn. */
	if (problem && guest->status != STATUS_OK) {
		fail(program, guest->status, guest->reason);
		return;
	}
	if (program->how && problem)
		reason = g_strdup_printf("%s; stream: %s", program->how, problem);
	else if (program->how)
		reason = g_strconcat(program->how, program->boot.reason[0] ? ": " : NULL,
				     program->boot.reason, NULL);
	else if (problem && guest->kernel.reason[0] && !program->begun)
		reason = g_strdup_printf("%s; stream: %s", guest->kernel.reason, problem);
	else if (problem)
		reason = g_strdup_printf("stream: %s", problem);
	if (reason)
		fail(program, STATUS_FAILED, reason);
}

static void fail_all(struct guest *guest, const char *reason)
{
	for (int i = 0; i < guest->program_count; i++)
		if (guest->programs[i].boot.status <= STATUS_SKIPPED)
			fail(&guest->programs[i], STATUS_FAILED, reason);
}

void verdict_fill(struct guest *guest)
{
	const struct kernel_facts *kernel = &guest->kernel;
	uint64_t failed = 0;

	judge_boot(guest);
	for (int i = 0; i < guest->program_count; i++) {
		bool says_so = guest->programs[i].boot.status == STATUS_FAILED;

		judge_program(guest, i);
		failed += says_so || guest->programs[i].boot.status == STATUS_FAILED;
	}
	/* A damaged kernel stream may have lost just the word that a program failed. */
	if (guest->status == STATUS_FAILED && guest->end != GUEST_BROKEN)
		fail_all(guest, guest->reason);
	/*
	 * A program may fail after its last record. A kernel that says how each one ended has named
	 * it; where it only counts more failed programs than are known, no figure can be trusted.
	 */
	if (kernel->failed > failed) {
		g_autofree char *reason =
		    g_strdup_printf("%" PRIu64 " programs failed, one after its last record%s%s",
				    kernel->failed, kernel->reason[0] ? ": " : "", kernel->reason);

		fail_all(guest, reason);
	}
}
