/* Judgement over a boot and its programs. */
#include "guest/guest.h"

#include <stdarg.h>
#include <sys/wait.h>

/* The last line of the console that says something; "" if there is none. */
static void last_words(const struct guest *guest, char *words, size_t size)
{
	size_t end = guest->tail_size, start, used = 0;

	while (end && (unsigned char)guest->tail[end - 1] <= ' ')
		end--;
	for (start = end; start && guest->tail[start - 1] != '\n';)
		start--;
	for (; start < end && used + 1 < size; start++) {
		char c = guest->tail[start];

		if (c >= ' ' && c <= '~')
			words[used++] = c;
	}
	words[used] = 0;
	if (strstr(words, EB_RECORD_MAGIC))
		words[0] = 0;
}

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

/* The emulator ended in a way that no guest asks for. */
static void judge_broken(struct guest *guest)
{
	const char *name = guest->machine->programs->name;
	const char *program = name ? name : "init";
	int status = guest->process.status;
	char words[200];

	last_words(guest, words, sizeof(words));
	if (WIFSIGNALED(status))
		judge(guest, STATUS_FAILED, "%s was killed by signal %d (%s)%s%s", program,
		      WTERMSIG(status), strsignal(WTERMSIG(status)), words[0] ? ": " : "", words);
	else
		judge(guest, STATUS_FAILED, "%s ended with status %d%s%s", program,
		      WEXITSTATUS(status), words[0] ? ": " : "", words);
}

static bool exit_says(const struct guest *guest, const char *status)
{
	return !strcmp(guest->kernel.status, status);
}

/* What the boot record must call itself. A stock kernel knows nothing of our names and says its release. */
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

	if (guest->timed_out)
		judge(guest, STATUS_TIMEOUT, "no end within %g s", guest->timeout);
	else if (exit_says(guest, "panic") || guest->end == GUEST_PANICKED)
		judge(guest, STATUS_PANICKED, "kernel panic: %s",
		      kernel->reason[0] ? kernel->reason : "see the log");
	else if (guest->request.variant &&
		 strings_have(&guest->request.variant->needs, kernel->reason))
		judge(guest, STATUS_SKIPPED,
		      "the CPU of this machine lacks %s, which the variant needs", kernel->reason);
	else if (exit_says(guest, "unsupported") || guest->end == GUEST_UNSUPPORTED)
		judge(guest, STATUS_SKIPPED, "the kernel does not run here: %s",
		      kernel->reason[0] ? kernel->reason : "see the log");
	else if (guest->end == GUEST_BROKEN)
		judge_broken(guest);
	else if (problem)
		judge(guest, STATUS_FAILED, "kernel stream: %s", problem);
	else if (variant[0] && strcmp(variant, kernel->variant))
		judge(guest, STATUS_FAILED, "the image of %s says that it is %s", variant,
		      kernel->variant);
	else if (exit_says(guest, "ok") ? guest->end == GUEST_FAILED : guest->end == GUEST_OK)
		judge(guest, STATUS_FAILED, "exit record (%s) and exit status disagree",
		      kernel->status);
	else
		judge(guest, STATUS_OK, "%s", "");
}

/* "the program was killed by SIGSYS; the core lacks what it asked for: fork (2)"; NULL: it ended well. Free it. */
static char *describe_end(const struct guest *guest, int number)
{
	const struct program_end *end = kernel_program_end(&guest->kernel, (uint64_t)number);
	GString *text;

	if (!end || !end->how[0])
		return NULL;
	text = g_string_new(NULL);
	g_string_printf(text, "the program %s", end->how);
	for (size_t i = 0; i < end->missing.count; i++)
		g_string_append_printf(text, "%s%s (%s)",
				       i ? ", " : "; the core lacks what it asked for: ",
				       end->missing.at[i].name, end->missing.at[i].value);
	return g_string_free(text, FALSE);
}

/* What is wrong with all that was heard of the program; NULL: nothing. */
static const char *problem_of(const struct guest *guest, int number)
{
	if (guest->programs[number].collector)
		return decoder_problem(guest->decoder, number);
	return kernel_program_end(&guest->kernel, (uint64_t)number)
		   ? NULL
		   : "the kernel does not say how it ended";
}

static bool has_begun(const struct guest *guest, int number)
{
	return kernel_started(&guest->kernel, (uint64_t)number) ||
	       (guest->programs[number].collector && decoder_began(guest->decoder, number));
}

static void judge_program(struct guest *guest, int number)
{
	struct guest_program *program = &guest->programs[number];
	const char *problem = problem_of(guest, number);
	g_autofree char *end = describe_end(guest, number), *reason = NULL;

	program->begun = has_begun(guest, number);
	program->status = STATUS_OK;
	if (!problem && !end)
		return;
	/* It was running when the boot went wrong, or never came to its turn. */
	program->status = guest->status == STATUS_OK || !problem ? STATUS_FAILED : guest->status;
	if (guest->status != STATUS_OK && problem)
		reason = g_strdup(guest->reason);
	else if (end)
		reason = g_strconcat(end, problem ? "; stream: " : NULL, problem, NULL);
	else if (guest->kernel.reason[0] && !program->begun)
		reason = g_strdup_printf("%s; stream: %s", guest->kernel.reason, problem);
	else
		reason = g_strdup_printf("stream: %s", problem);
	run_set(&program->reason, reason);
}

static void fail_program(struct guest_program *program, const char *reason)
{
	if (program->status != STATUS_OK)
		return;
	program->status = STATUS_FAILED;
	run_set(&program->reason, reason);
}

static bool has_failed(const struct guest_program *program)
{
	return program->status == STATUS_FAILED ||
	       (program->collector && collector_status(program->collector) == STATUS_FAILED);
}

/*
 * A program may fail after its last record. A kernel that says how each one ended has named it; where it
 * only counts more failed programs than are known, no figure can be trusted.
 */
static void judge_exit_statuses(struct guest *guest)
{
	g_autofree char *reason = NULL;
	uint64_t failed = 0;

	for (int i = 0; i < guest->program_count; i++)
		failed += has_failed(&guest->programs[i]);
	if (guest->kernel.failed <= failed)
		return;
	reason = g_strdup_printf("%" PRIu64 " programs failed, one after its last record%s%s",
				 guest->kernel.failed, guest->kernel.reason[0] ? ": " : "",
				 guest->kernel.reason);
	for (int i = 0; i < guest->program_count; i++)
		fail_program(&guest->programs[i], reason);
}

void verdict_fill(struct guest *guest)
{
	judge_boot(guest);
	for (int i = 0; i < guest->program_count; i++)
		judge_program(guest, i);
	/* A damaged kernel stream may have lost just the word that a program failed. */
	for (int i = 0; i < guest->program_count; i++)
		if (guest->status == STATUS_FAILED && guest->end != GUEST_BROKEN)
			fail_program(&guest->programs[i], guest->reason);
	judge_exit_statuses(guest);
}
