/*
 * Where the timed text runs: see placement.h.
 */
#include "placement.h"
#include "sys.h"
#include "text.h"

/* The linker's, round the section. */
extern const char __start_timed_text[], __stop_timed_text[];

enum { ROOM = 8 * PLACEMENT_PAGE, MPROTECT = 10, READ_WRITE_EXECUTE = 7 };

/* Below 4 GiB, for 32-bit code among the timed text. */
static char room[ROOM] __attribute__((aligned(PLACEMENT_PAGE)));
static char *copy; /* NULL: as linked */

bool placement_move(uint64_t place)
{
	const size_t size = (size_t)__stop_timed_text - (size_t)__start_timed_text;
	const uint64_t offset = place * PLACEMENT_STEP % PLACEMENT_PAGE;

	copy = NULL;
	if (place == 0)
		return true;
	if (size + offset > ROOM ||
	    sys_call(MPROTECT, (long)room, ROOM, READ_WRITE_EXECUTE, 0, 0, 0) < 0)
		return false;
	copy = room + offset;
	memcpy(copy, __start_timed_text, size);
	return true;
}

window_fn *placement_of(window_fn *window)
{
	const char *at = (const char *)window;

	if (copy == NULL || at < __start_timed_text || at >= __stop_timed_text)
		return window;
	return (window_fn *)(copy + (at - __start_timed_text));
}
