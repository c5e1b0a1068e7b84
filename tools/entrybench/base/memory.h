/* Allocation that does not return without memory: the tool ends with one line instead. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Zeroed. Release with free(). */
void *memory_new(size_t count, size_t size);

/* Room for one more item at the end of an array of count items; the new item is zeroed. */
void *memory_grow(void *array, size_t count, size_t size);

char *memory_copy(const char *text);
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A NULL-terminated list of strings, which owns them. */
struct strings {
	char **at;
	size_t count;
};

void strings_add(struct strings *list, const char *text);
void strings_addf(struct strings *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Up to a NULL. */
void strings_add_all(struct strings *list, const char *const *texts);

bool strings_have(const struct strings *list, const char *text);
void strings_free(struct strings *list);

#endif
