/*
 * Where clock differences wait until they are sent: fixed memory, touched before the first reading.
 */
#include "samples.h"
#include "stream.h"
#include "text.h"

static int64_t memory[SAMPLES_MAX];

void samples_divide(struct series *series, size_t parts, size_t room)
{
	enum { PAGE = 4096 / sizeof(memory[0]) };

	for (size_t i = 0; i < parts; i++) {
		series[i].values = memory + i * room;
		series[i].count = 0;
	}
	for (size_t i = 0; i < parts * room; i += PAGE)
		*(volatile int64_t *)&memory[i] = 0;
	*(volatile int64_t *)&memory[parts * room - 1] = 0;
}

/* Lets the value at `root` sink to its place in the heap of `count` values. */
static void sink(int64_t *heap, size_t root, size_t count)
{
	int64_t value = heap[root];

	for (;;) {
		size_t child = 2 * root + 1;
		if (child >= count)
			break;
		if (child + 1 < count && heap[child + 1] > heap[child])
			child++;
		if (heap[child] <= value)
			break;
		heap[root] = heap[child];
		root = child;
	}
	heap[root] = value;
}

/* Heap sort: needs no further memory and no luck with its input. */
static void sort(int64_t *values, size_t count)
{
	for (size_t i = count / 2; i-- > 0;)
		sink(values, i, count);
	for (size_t end = count; end-- > 1;) {
		int64_t largest = values[0];
		values[0] = values[end];
		values[end] = largest;
		sink(values, 0, end);
	}
}

/* Adds one item of a list; where the record is full, sends it and goes on in the next. */
static void add_item(const char *key, const char *item, size_t size, bool *first,
		     void (*start)(const void *), const void *what)
{
	char text[2 * TEXT_NUMBER_MAX + 1];

	text[0] = ',';
	memcpy(text + 1, item, size);
	if (!*first && record_piece(text, size + 1))
		return;
	if (!*first)
		record_send();
	start(what);
	record_key(key);
	record_piece(item, size);
	*first = false;
}

void samples_send_histogram(struct series *series, void (*start)(const void *), const void *what)
{
	bool first = true;

	sort(series->values, series->count);
	for (size_t i = 0; i < series->count;) {
		char item[2 * TEXT_NUMBER_MAX];
		size_t next = i + 1;

		while (next < series->count && series->values[next] == series->values[i])
			next++;
		size_t size = text_from_signed(item, series->values[i]);
		item[size++] = ':';
		size += text_from_unsigned(item + size, next - i);
		add_item("hist", item, size, &first, start, what);
		i = next;
	}
	if (!first)
		record_send();
	series->count = 0;
}

void samples_send_raw(const struct series *series, void (*start)(const void *), const void *what)
{
	bool first = true;

	for (size_t i = 0; i < series->count; i++) {
		char item[TEXT_NUMBER_MAX];
		size_t size = text_from_signed(item, series->values[i]);
		add_item("raw", item, size, &first, start, what);
	}
	if (!first)
		record_send();
}
