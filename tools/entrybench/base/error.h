/* One line that says what is wrong and how to mend it, passed up to whoever prints it. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

struct error {
	char text[1024];
};

/* Always -1, so that a failing function can return it. error may be NULL. */
int error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
