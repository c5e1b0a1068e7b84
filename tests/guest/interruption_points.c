/* The list of instructions, from the file `points` that the host has made of the image. */
#include "interruption.h"

enum { SYS_OPEN = 2 };

struct point points[POINTS_MAX];
unsigned point_count;

static char file[256 * 1024];

/* A line: address in hex, the path's name. */
static const char *read_point(const char *at)
{
	struct point *point = &points[point_count];
	unsigned n = 0;

	for (; *at != ' '; at++)
		point->address =
		    point->address << 4 | (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
	for (at++; *at != '\n'; at++)
		if (n < NAME_MAX - 1)
			point->path[n++] = *at;
	point_count++;
	return at + 1;
}

bool read_points(void)
{
	long fd = sys_call(SYS_OPEN, (long)"points", 0, 0, 0, 0, 0);
	long n, size = 0;

	while ((n = sys_call(SYS_READ, fd, (long)file + size, (long)sizeof(file) - 1 - size, 0, 0,
			     0)) > 0)
		size += n;
	for (const char *at = file; at < file + size && point_count < POINTS_MAX;)
		at = read_point(at);
	return point_count > 60 && point_count < POINTS_MAX;
}
