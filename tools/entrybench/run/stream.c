/* What a machine that is away sent: recorded, cut into boots, and given to the plan. */
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#define BOOT_RECORD EB_RECORD_MAGIC EB_STREAM_KERNEL " 0 " EB_TYPE_BOOT " "
#define EXIT_RECORD " " EB_TYPE_EXIT " "

/* Which boot it is, by its first record; -1: of another plan, or none at all. */
static long number_of(const char *bytes, size_t size, const char *plan, unsigned boots)
{
	const char *line_end = memchr(bytes, '\n', size);
	g_autofree char *line = g_strndup(bytes, line_end ? (size_t)(line_end - bytes) : 0);
	g_autofree char *word = g_strdup_printf(" boot=%s:", plan);
	const char *at = strstr(line, word);
	unsigned number, of;
	char next;

	if (!at || sscanf(at + strlen(word), "%6u/%6u%c", &number, &of, &next) != 3 || next != ' ')
		return -1;
	return of == boots && number < boots ? (long)number : -1;
}

bool streams_cut(const char *bytes, size_t size, const char *plan, unsigned boots,
		 unsigned *foreign, stream_fn each, void *context)
{
	const char *end = bytes + size, *next;
	const char *at = memmem(bytes, size, BOOT_RECORD, strlen(BOOT_RECORD));

	*foreign = 0;
	for (; at; at = next) {
		const char *behind = at + strlen(BOOT_RECORD);
		long number = number_of(at, (size_t)(end - at), plan, boots);

		next = memmem(behind, (size_t)(end - behind), BOOT_RECORD, strlen(BOOT_RECORD));
		if (number < 0)
			++*foreign;
		else if (!each(context, (unsigned)number, at, (size_t)((next ?: end) - at)))
			return false;
	}
	return true;
}

static bool has_ended(const char *bytes, size_t size)
{
	const char *exit = g_strrstr_len(bytes, (gssize)size, EXIT_RECORD);

	return exit && memchr(exit, '\n', size - (size_t)(exit - bytes));
}

struct taker {
	const struct plan *plan;
	const char *folder;
	struct error *error;
};

/* A boot that was run again replaces one that did not end. */
static bool take(void *context, unsigned number, const char *bytes, size_t size)
{
	struct taker *taker = context;
	struct plan_boot *boot = taker->plan->boots->pdata[number];
	g_autofree char *name = g_strdup_printf("%u", number);

	if (boot->stream && !has_ended(bytes, size))
		return true;
	g_free(boot->stream);
	boot->stream = g_build_filename(taker->folder, name, NULL);
	return file_replace(taker->folder, name, bytes, size, taker->error) == 0;
}

/* The machine says what it is. Its clock is that of the figures, not this host's. */
static void take_facts(struct run *run, const char *bytes, size_t size)
{
	const char *end = memmem(bytes, size, " *", 2);
	g_autofree char *line = g_strndup(bytes, end ? (size_t)(end - bytes) : 0);
	struct run_machine *machine = run->machines; /* the only one of such a run */
	struct record record;
	uint64_t tsc_hz;
	char text[600];

	if (!run->machine_count || record_parse(line, strlen(line), &record))
		return;
	record_text(&record, "cpu", text, sizeof(text));
	run_set(&machine->cpu, text);
	fields_free(host_facts_shape(), &run->host);
	fields_init(host_facts_shape(), &run->host);
	run_set(&run->host.cpu, text);
	record_text(&record, "features", text, sizeof(text));
	run_set(&machine->features, text);
	if (record_number(&record, "tsc_hz", &tsc_hz) && tsc_hz)
		run->host.tsc_hz = (double)tsc_hz;
}

int streams_take(struct run_result *result, const struct run_request *request, struct error *error)
{
	GPtrArray *boots = result->plan.boots;
	g_autofree char *plan = image_plan_name(request->resume, error);
	g_autofree char *folder = scratch_new(error);
	struct taker taker = {&result->plan, folder, error};
	unsigned foreign, planned = boots->len;
	size_t size;
	g_autofree char *bytes = plan && folder ? file_read(request->stream, &size, error) : NULL;
	const char *first;

	if (!bytes || !streams_cut(bytes, size, plan, planned, &foreign, take, &taker))
		return -1;
	for (unsigned i = boots->len; i-- > 0;)
		if (!((struct plan_boot *)boots->pdata[i])->stream)
			g_ptr_array_remove_index(boots, i);
	first = memmem(bytes, size, BOOT_RECORD, strlen(BOOT_RECORD));
	if (!boots->len)
		return error_set(error, "%s holds no boot of this image%s", request->stream,
				 foreign ? ", but some of another plan" : "");
	if (foreign)
		remark("%s: %u boots are of another plan, or their first record is damaged: left "
		       "out",
		       request->stream, foreign);
	if (boots->len < planned)
		remark("%s: %u boots of %u are not there", request->stream, planned - boots->len,
		       planned);
	take_facts(&result->run, first, size - (size_t)(first - bytes));
	return 0;
}

/* What serial lines need, and nothing else has. */
static void set_line(int fd)
{
	struct termios line;

	if (tcgetattr(fd, &line))
		return;
	cfmakeraw(&line);
	cfsetspeed(&line, B115200);
	line.c_cflag |= CLOCAL | CREAD;
	tcsetattr(fd, TCSANOW, &line);
}

struct watch {
	unsigned last;
	bool over;
	unsigned seen;
	const char *at; /* where the last boot seen begins */
};

static bool look(void *context, unsigned boot, const char *bytes, size_t size)
{
	struct watch *watch = context;

	watch->seen++;
	watch->at = bytes;
	watch->over |= boot == watch->last && has_ended(bytes, size);
	return true;
}

/* 1: there was something; 0: nothing more comes; -1 with error. */
static int read_some(int fd, double timeout, GString *all, FILE *to, struct error *error)
{
	struct pollfd wait[] = {{.fd = fd, .events = POLLIN},
				{.fd = signals_fd(), .events = POLLIN}};
	char bytes[4096];
	int ready = poll(wait, 2, timeout > 0 ? (int)(1000 * timeout) : -1);
	ssize_t size = ready > 0 && wait[0].revents ? read(fd, bytes, sizeof(bytes)) : 0;

	signals_take();
	/* A child of ours ended, say. */
	if ((ready > 0 && !wait[0].revents) || (ready < 0 && errno == EINTR))
		return !signals_interrupted();
	/* The other end of a pseudo-terminal is closed. */
	if (size <= 0)
		return 0;
	g_string_append_len(all, bytes, size);
	if (fwrite(bytes, 1, (size_t)size, to) != (size_t)size || fflush(to))
		return error_set(error, "cannot write the stream: %s", strerror(errno));
	return !signals_interrupted();
}

int streams_record(const char *device, const char *plan, unsigned boots, double timeout,
		   const char *file, struct error *error)
{
	int fd = open(device, O_RDONLY | O_NOCTTY | O_CLOEXEC), code = 1;
	FILE *to = fd >= 0 ? fopen(file, "we") : NULL;
	g_autoptr(GString) all = g_string_new(NULL);
	struct watch watch = {.last = boots - 1};
	unsigned foreign, before = 0; /* boots that have ended */
	size_t from = 0;	      /* where the boot begins that goes on */

	if (!to) {
		error_set(error, "cannot open %s: %s", fd < 0 ? device : file, strerror(errno));
		code = -1;
	} else {
		set_line(fd);
	}
	while (code > 0 && !watch.over) {
		code = read_some(fd, timeout, all, to, error);
		watch.seen = 0;
		streams_cut(all->str + from, all->len - from, plan, boots, &foreign, look, &watch);
		progress_show(before + watch.seen, boots, 0);
		if (watch.seen) {
			from = (size_t)(watch.at - all->str);
			before += watch.seen - 1;
		}
	}
	progress_clear();
	if (to)
		fclose(to);
	if (fd >= 0)
		close(fd);
	return code < 0 ? -1 : 0;
}
