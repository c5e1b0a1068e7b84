/* One guest's life. The judgement over it is in verdict.c. */
#include "guest/guest.h"

#include <errno.h>

/* The end of an overlong console is kept: an emulator that fails says why there. */
#define CONSOLE_END 256

struct guest *guest_new(const struct machine *machine, const struct variant *variant,
			double timeout)
{
	struct guest *guest = g_new0(struct guest, 1);

	guest->machine = machine;
	guest->timeout = timeout;
	guest->request = (struct guest_request){.variant = variant, .cpu = -1};
	guest->process.output = -1;
	guest->console = g_string_new(NULL);
	guest->reason = g_strdup("");
	return guest;
}

void guest_add_program(struct guest *guest, const char *name, const char *param)
{
	guest->programs = g_renew(struct guest_program, guest->programs, guest->program_count + 1);
	program_init(&guest->programs[guest->program_count++], name, param);
}

/* How many streams there may be, beside the kernel's: records on any other are somebody's text. */
static int count_streams(const struct guest *guest)
{
	int count = guest->program_count;

	while (count && !guest->programs[count - 1].name)
		count--;
	return count;
}

/* A record that came undamaged, but may still lack what its type needs. */
static void deliver(void *context, int stream, const struct record *record)
{
	struct guest *guest = context;
	const char *wrong;

	if (guest->watch)
		guest->watch(guest->watch_context, stream, record);
	if (stream == STREAM_KERNEL)
		wrong = kernel_take(guest, record);
	else if (guest->programs[stream].name)
		wrong = program_take(&guest->programs[stream], record);
	else
		wrong = "its program sends no records";
	if (wrong)
		decoder_refuse(guest->decoder, stream, "%s", wrong);
}

/* A reader that has seen enough is no error (cli/main.c looks for those at the end). */
static void flush(FILE *to)
{
	if (fflush(to) && errno == EPIPE)
		clearerr(to);
}

/* What is no record belongs to the program that runs, or else to its kernel. */
static void take_text(void *context, const char *bytes, size_t size)
{
	struct guest *guest = context;

	FILE *to = guest->pass_on[guest->kernel.to_error];

	if (guest->kernel.running && to) {
		fwrite(bytes, 1, size, to);
		flush(to);
	}
	if (guest->kernel.running && guest->printed && guest->printed->len <= CONSOLE_MAX)
		g_string_append_len(guest->printed, bytes, (gssize)size);
}

void guest_make_decoder(struct guest *guest)
{
	guest->decoder = decoder_new(count_streams(guest), deliver, take_text, guest);
}

int guest_start(struct guest *guest, struct error *error)
{
	struct launch command = {.cpu = -1, .timeout = guest->timeout + 1};
	int result = guest->machine->prepare(guest->machine, &guest->request, &command, error);

	if (result == 0) {
		guest_make_decoder(guest);
		guest->started = clock_seconds();
		guest->deadline = guest->started + guest->timeout;
		result = process_start(&guest->process, &command, error);
	}
	strings_free(&command.argv);
	if (result == 0 && guest->machine->started)
		guest->machine->started(&guest->request, &guest->process);
	return result;
}

void guest_take_output(struct guest *guest, const char *bytes, size_t size)
{
	GString *console = guest->console;

	decoder_feed(guest->decoder, bytes, size);
	g_string_append_len(console, bytes, (gssize)size);
	if (console->len > CONSOLE_MAX + CONSOLE_END)
		g_string_erase(console, CONSOLE_MAX,
			       (gssize)(console->len - CONSOLE_MAX - CONSOLE_END));
}

bool guest_read(struct guest *guest)
{
	char bytes[65536];
	ssize_t size = process_read(&guest->process, bytes, sizeof(bytes));

	if (size > 0)
		guest_take_output(guest, bytes, (size_t)size);
	return size > 0;
}

bool guest_over(struct guest *guest)
{
	if (process_ended(&guest->process))
		return true;
	guest->timed_out = clock_seconds() >= guest->deadline;
	return guest->timed_out;
}

void guest_finish(struct guest *guest)
{
	/* Its last words may still be in the pipe. An orphan that talks on must not hold us. */
	for (int reads = 0; reads < 1024 && guest_read(guest); reads++)
		;
	process_finish(&guest->process);
	guest->ended = clock_seconds();
	decoder_finish(guest->decoder);
	guest->end =
	    guest->timed_out ? GUEST_BROKEN : machine_end(guest->machine, guest->process.status);
	verdict_fill(guest);
}

int guest_write_log(const struct guest *guest, const char *dir, const char *name,
		    struct error *error)
{
	static const char cut[] = "\n[the rest of this console is cut off]\n";
	GString *console = guest->console;

	if (console->len > CONSOLE_MAX) {
		g_string_truncate(console, CONSOLE_MAX);
		g_string_append(console, cut);
	}
	return file_replace(dir, name, console->str, console->len, error);
}

void guest_show_printed(const struct guest *guest, FILE *to)
{
	const GString *printed = guest->printed;

	fwrite(printed->str, 1, printed->len, to);
	if (printed->len > CONSOLE_MAX)
		fputs("\n[the rest is cut off]\n", to);
	else if (printed->len && printed->str[printed->len - 1] != '\n')
		fputc('\n', to);
	flush(to);
}

void guest_free(struct guest *guest)
{
	if (!guest)
		return;
	if (guest->process.pid)
		process_finish(&guest->process);
	if (guest->request.folder)
		folder_remove(guest->request.folder);
	for (int i = 0; i < guest->program_count; i++)
		program_clear(&guest->programs[i]);
	if (guest->printed)
		g_string_free(guest->printed, TRUE);
	g_string_free(guest->console, TRUE);
	g_free(guest->programs);
	g_free(guest->reason);
	g_free((char *)guest->request.folder);
	g_free((char *)guest->request.initrd);
	g_free((char *)guest->request.line);
	g_free((char *)guest->request.image);
	decoder_free(guest->decoder);
	fields_clear(pair_shape(), &guest->kernel.missing);
	g_free(guest);
}
