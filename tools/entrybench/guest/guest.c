/* One guest's life. The judgement over it is in verdict.c. */
#include "guest/guest.h"

void guest_init(struct guest *guest, const struct machine *machine, const struct variant *variant,
		double timeout)
{
	*guest = (struct guest){.machine = machine, .timeout = timeout};
	guest->request = (struct guest_request){.variant = variant, .cpu = -1};
	guest->process.output = -1;
	guest->reason = g_strdup("");
}

void guest_add_silent(struct guest *guest)
{
	guest->programs = g_renew(struct guest_program, guest->programs, guest->program_count + 1);
	guest->programs[guest->program_count++] = (struct guest_program){.reason = g_strdup("")};
}

void guest_add_program(struct guest *guest, const char *name, const char *param)
{
	guest_add_silent(guest);
	guest->programs[guest->program_count - 1].collector = collector_new(name, param);
}

/* How many streams there may be, beside the kernel's: records on any other are somebody's text. */
static int count_streams(const struct guest *guest)
{
	int count = guest->program_count;

	while (count && !guest->programs[count - 1].collector)
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
		wrong = kernel_take(&guest->kernel, record);
	else if (guest->programs[stream].collector)
		wrong = collector_take(guest->programs[stream].collector, record);
	else
		wrong = "its program sends no records";
	if (wrong)
		decoder_refuse(guest->decoder, stream, "%s", wrong);
}

/* What is no record belongs to the program that runs, or else to its kernel. */
static void take_text(void *context, const char *bytes, size_t size)
{
	struct guest *guest = context;

	if (guest->kernel.running)
		printed_add(&guest->printed, bytes, size);
}

int guest_start(struct guest *guest, const char *log_path, struct error *error)
{
	struct launch command = {.cpu = -1, .timeout = guest->timeout + 1};
	int result = -1;

	if (guest->machine->prepare(&guest->request, &command, error) == 0 &&
	    (!log_path || log_open(&guest->log, log_path, error) == 0)) {
		guest->decoder = decoder_new(count_streams(guest), deliver, guest);
		decoder_show_text(guest->decoder, take_text);
		guest->started = clock_seconds();
		guest->deadline = guest->started + guest->timeout;
		result = process_start(&guest->process, &command, error);
	}
	strings_free(&command.argv);
	if (result == 0 && guest->machine->started)
		guest->machine->started(&guest->request, &guest->process);
	return result;
}

/* The last bytes of the console, for the reason that an emulator gives when it fails. */
static void keep_tail(struct guest *guest, const char *bytes, size_t size)
{
	size_t room = sizeof(guest->tail), keep;

	if (size > room) {
		bytes += size - room;
		size = room;
	}
	keep = guest->tail_size + size > room ? room - size : guest->tail_size;
	memmove(guest->tail, guest->tail + guest->tail_size - keep, keep);
	memcpy(guest->tail + keep, bytes, size);
	guest->tail_size = keep + size;
}

bool guest_read(struct guest *guest)
{
	char bytes[65536];
	ssize_t size = process_read(&guest->process, bytes, sizeof(bytes));

	if (size <= 0)
		return false;
	decoder_feed(guest->decoder, bytes, (size_t)size);
	log_write(&guest->log, bytes, (size_t)size);
	keep_tail(guest, bytes, (size_t)size);
	return true;
}

bool guest_over(struct guest *guest)
{
	if (process_ended(&guest->process))
		return true;
	guest->timed_out = clock_seconds() >= guest->deadline;
	return guest->timed_out;
}

/* What the guest said last may still be in the pipe. An orphan of it that talks on must not hold us. */
static void drain(struct guest *guest)
{
	for (int reads = 0; reads < 1024 && guest_read(guest); reads++)
		;
}

void guest_finish(struct guest *guest)
{
	drain(guest);
	process_finish(&guest->process);
	guest->ended = clock_seconds();
	decoder_finish(guest->decoder);
	guest->end = guest->timed_out ? GUEST_BROKEN : guest->machine->end(guest->process.status);
	verdict_fill(guest);
}

void guest_free(struct guest *guest)
{
	if (guest->process.pid)
		process_finish(&guest->process);
	log_drop(&guest->log);
	printed_free(&guest->printed);
	if (guest->request.folder)
		folder_remove(guest->request.folder);
	for (int i = 0; i < guest->program_count; i++) {
		collector_free(guest->programs[i].collector);
		free(guest->programs[i].reason);
	}
	free(guest->programs);
	free(guest->reason);
	free((char *)guest->request.folder);
	free((char *)guest->request.initrd);
	free((char *)guest->request.line);
	decoder_free(guest->decoder);
	kernel_facts_free(&guest->kernel);
	*guest = (struct guest){0};
}
