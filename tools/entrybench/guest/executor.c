/* The loop that runs guests. */
#include "guest/guest.h"

#include <glib-unix.h>

#define TICK_MS 100

struct slot {
	struct guest *guest; /* NULL: free */
	guint source;	     /* of its output; 0: none, or the output is at its end */
};

struct loop {
	const struct executor *executor;
	struct slot *slots;
	enum executor_end end;
	bool over;
};

static void stop(struct loop *loop, enum executor_end end)
{
	if (!loop->over)
		loop->end = end;
	loop->over = true;
}

static gboolean take_output(G_GNUC_UNUSED int fd, G_GNUC_UNUSED GIOCondition condition, void *data)
{
	struct slot *slot = data;

	guest_read(slot->guest);
	if (slot->guest->process.output >= 0)
		return G_SOURCE_CONTINUE;
	slot->source = 0;
	return G_SOURCE_REMOVE;
}

static void release(struct slot *slot)
{
	if (slot->source)
		g_source_remove(slot->source);
	*slot = (struct slot){0};
}

/* Guests into free slots; the end where there are none to run. */
static void fill_slots(struct loop *loop)
{
	const struct executor *executor = loop->executor;
	unsigned running = 0;

	for (unsigned i = 0; i < executor->slots; i++) {
		struct slot *slot = &loop->slots[i];

		if (!slot->guest && (slot->guest = executor->next(executor->context, i)))
			slot->source =
			    g_unix_fd_add(slot->guest->process.output, G_IO_IN, take_output, slot);
		running += slot->guest != NULL;
	}
	if (!running)
		stop(loop, EXECUTOR_DONE);
}

/* Guests that ended, or whose time is over, make room for others. */
static void look(struct loop *loop)
{
	const struct executor *executor = loop->executor;

	for (unsigned i = 0; i < executor->slots; i++) {
		struct guest *guest = loop->slots[i].guest;

		if (!guest || !guest_over(guest))
			continue;
		release(&loop->slots[i]);
		guest_finish(guest);
		if (!executor->done(executor->context, guest)) {
			stop(loop, EXECUTOR_STOPPED);
			return;
		}
	}
	fill_slots(loop);
	if (executor->tick)
		executor->tick(executor->context);
}

static gboolean take_tick(void *loop)
{
	look(loop);
	return G_SOURCE_CONTINUE;
}

static gboolean take_signals(G_GNUC_UNUSED int fd, G_GNUC_UNUSED GIOCondition condition, void *loop)
{
	signals_take();
	if (signals_interrupted())
		stop(loop, EXECUTOR_INTERRUPTED);
	else
		look(loop);
	return G_SOURCE_CONTINUE;
}

enum executor_end executor_run(const struct executor *executor)
{
	g_autofree struct slot *slots = g_new0(struct slot, executor->slots);
	struct loop loop = {.executor = executor, .slots = slots};
	guint tick = g_timeout_add(TICK_MS, take_tick, &loop), signals;

	signals_open();
	signals = g_unix_fd_add(signals_fd(), G_IO_IN, take_signals, &loop);
	/* One that came before any guest runs. */
	signals_take();
	if (signals_interrupted())
		stop(&loop, EXECUTOR_INTERRUPTED);
	else
		fill_slots(&loop);
	while (!loop.over)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(signals);
	g_source_remove(tick);
	for (unsigned i = 0; i < executor->slots; i++) {
		struct guest *guest = slots[i].guest;

		release(&slots[i]);
		guest_free(guest);
	}
	return loop.end;
}

static struct guest *take_one(void *one, G_GNUC_UNUSED unsigned slot)
{
	return g_steal_pointer((struct guest **)one);
}

static bool keep(G_GNUC_UNUSED void *context, G_GNUC_UNUSED struct guest *guest)
{
	return true;
}

enum executor_end executor_run_one(struct guest *guest)
{
	const struct executor executor = {
	    .slots = 1, .context = &guest, .next = take_one, .done = keep};
	enum executor_end end = executor_run(&executor);

	/* Interrupted before the first look. */
	guest_free(guest);
	return end;
}
