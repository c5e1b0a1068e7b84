/* The loop that runs guests: see executor.h. */
#include "guest/executor.h"
#include "base/signals.h"

#include <poll.h>
#include <stdlib.h>

#define TICK_MS 100

struct slots {
	struct guest **guests;
	struct pollfd *polls; /* one a slot, and the signals' */
	unsigned count;
};

static unsigned fill_slots(const struct executor *executor, struct slots *slots)
{
	unsigned running = 0;

	for (unsigned i = 0; i < slots->count; i++) {
		if (!slots->guests[i])
			slots->guests[i] = executor->next(executor->context, i);
		running += slots->guests[i] != NULL;
	}
	return running;
}

static void wait_for_news(struct slots *slots)
{
	for (unsigned i = 0; i < slots->count; i++) {
		struct guest *guest = slots->guests[i];

		slots->polls[i] = (struct pollfd){guest ? guest->process.output : -1, POLLIN, 0};
	}
	slots->polls[slots->count] = (struct pollfd){signals_fd(), POLLIN, 0};
	poll(slots->polls, slots->count + 1, TICK_MS);
	if (slots->polls[slots->count].revents)
		signals_take();
}

/* False: a callee wants to stop. */
static bool take_news(const struct executor *executor, struct slots *slots)
{
	for (unsigned i = 0; i < slots->count; i++) {
		struct guest *guest = slots->guests[i];

		if (!guest)
			continue;
		if (slots->polls[i].revents)
			guest_read(guest);
		if (!guest_over(guest))
			continue;
		guest_finish(guest);
		slots->guests[i] = NULL;
		if (!executor->done(executor->context, guest))
			return false;
	}
	return true;
}

static void kill_all(struct slots *slots)
{
	for (unsigned i = 0; i < slots->count; i++) {
		if (slots->guests[i])
			guest_free(slots->guests[i]);
		free(slots->guests[i]);
	}
}

enum executor_end executor_run(const struct executor *executor)
{
	enum executor_end end = EXECUTOR_DONE;
	struct slots slots = {.count = executor->slots};

	signals_open();
	slots.guests = memory_new(slots.count, sizeof(*slots.guests));
	slots.polls = memory_new(slots.count + 1, sizeof(*slots.polls));
	while (end == EXECUTOR_DONE) {
		signals_take();
		if (signals_interrupted()) {
			end = EXECUTOR_INTERRUPTED;
			break;
		}
		if (!fill_slots(executor, &slots))
			break;
		wait_for_news(&slots);
		if (!take_news(executor, &slots))
			end = EXECUTOR_STOPPED;
		if (executor->tick)
			executor->tick(executor->context);
	}
	kill_all(&slots);
	free(slots.guests);
	free(slots.polls);
	return end;
}

/* The queue of executor_run_one(). */
struct queue {
	struct guest *guest; /* NULL: started */
};

static struct guest *next_of_one(void *context, unsigned slot)
{
	struct queue *queue = context;
	struct guest *guest = queue->guest;

	(void)slot;
	queue->guest = NULL;
	return guest;
}

static bool keep_guest(void *context, struct guest *guest)
{
	(void)context;
	(void)guest;
	return true;
}

enum executor_end executor_run_one(struct guest *guest)
{
	struct queue queue = {.guest = guest};
	const struct executor executor = {
	    .slots = 1, .context = &queue, .next = next_of_one, .done = keep_guest};

	return executor_run(&executor);
}
