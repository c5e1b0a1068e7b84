/* What every layer uses: errors, texts, files, processes, signals. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <glib.h>
#include <inttypes.h>
#include <locale.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* For g_auto(NAME_t): a struct that its function clears when it goes out of scope. */
#define AUTO_CLEAR(name, clear)                                                                    \
	typedef struct name name##_t;                                                              \
	G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(name##_t, clear)

/* One line that says what is wrong and how to mend it, passed up to whoever prints it. */
struct error {
	char text[1024];
};

/* Always -1, so that a failing function can return it. error may be NULL. */
int error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a list looks like to code that serves them all: items, and how many. */
struct list {
	void *at;
	size_t count;
} __attribute__((may_alias));

/* One more item, zeroed, at the end of a list of any items; a zeroed one stands behind it. */
void *list_grow(void *list, size_t size);

/* Goes through a list of so many items, which must not move meanwhile; and through a GArray's. */
#define for_each(type, item, list, count)                                                          \
	for (type *item = (list); item && item < (list) + (count); item++)
#define for_each_in(type, item, array)                                                             \
	for_each(type, item, (type *)(void *)(array)->data, (array)->len)

/* Gives up the room for more, and the zeroed item: one of many lists that will hardly grow. */
void list_trim(void *list, size_t size);

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
void strings_copy(struct strings *to, const struct strings *from); /* appends */

bool strings_have(const struct strings *list, const char *text);
void strings_free(struct strings *list);

AUTO_CLEAR(strings, strings_free)

/* A copy in which what is unprintable or no UTF-8 shows as "\x1b", "\u{202e}". Free it. */
char *text_visible(const char *text);

/* UTF-8, whatever the user's locale, or ASCII where the C library's files lack it. */
locale_t text_utf8(void);

/* The one copy of a text, kept for good; NULL of NULL. (LeakSanitizer reports GLib's own.) */
const char *intern(const char *text);

/* What a word that nobody knows may have meant. */

/* "; did you mean a, b?" or "", from those of the names that are near to the word. g_free() it. */
char *did_you_mean(const char *word, const struct strings *names);

/* Signals as something to poll: the end of children, and the user's wish to stop. */

/* From here on the end of a child, or a signal to end the tool, makes signals_fd() readable. */
void signals_open(void);
int signals_fd(void);

/* Takes what has arrived. */
void signals_take(void);

/* The user wants to stop. */
bool signals_interrupted(void);

/* Files that are there whole or not at all, and folders. */

/* A path that starts from the folder of this executable. Free it. */
char *path_of_tool(const char *relative);

/*
 * A name for a file from texts up to a NULL, with dots between them; another one for every other
 * list of texts: letters, digits and "_=+:-" stay, the rest becomes %XX; where it would be too
 * long, its end becomes a checksum. Free it.
 */
char *path_safe_parts(const char *text, ...) __attribute__((sentinel));

/* Makes DIR and the folders above it where they are missing. */
int folder_make(const char *dir, struct error *error);

/* Removes a folder with all that is in it; what is not there is no error. */
void folder_remove(const char *dir);

/* Takes a folder for this process until it ends. -1 with error names its holder; 0 if no locks. */
int folder_lock(const char *dir, struct error *error);

/* A new folder below one for all temporary files, in $TMPDIR or /tmp. NULL with error. Free it. */
char *scratch_new(struct error *error);

/* Removes everything; main() calls it at exit. */
void scratch_remove(void);

/*
 * Writes DIR/NAME by a new file and rename(): readers see the old or the new one whole. put: false
 * with errno where it fails.
 */
typedef bool file_writer(FILE *file, const void *what);
int file_write(const char *dir, const char *name, file_writer *put, const void *what,
	       struct error *error);
int file_replace(const char *dir, const char *name, const void *data, size_t size,
		 struct error *error);

/* The same with the content of another file. */
int file_copy(const char *dir, const char *name, const char *from, struct error *error);

/* A whole regular file with a NUL behind it. NULL with error. Free it. size may be NULL. */
char *file_read(const char *path, size_t *size, struct error *error);

/* The file's SHA-256 in hexadecimal. NULL with error. Free it. */
char *file_sum(const char *path, struct error *error);

/* The same to read piece by piece. */
FILE *file_open(const char *path, struct error *error);

/* A child in a process group of its own, whose output comes through a pipe or a pseudo-terminal. */
struct launch {
	struct strings argv;
	bool terminal;	/* the program wants a terminal: give it a pseudo-terminal */
	int cpu;	/* run on this CPU only; -1: wherever the tool runs */
	bool realtime;	/* ahead of everything else on its CPU, where the tool may ask for that */
	double timeout; /* seconds of CPU time after which the kernel ends a realtime program */
};

struct process {
	pid_t pid;  /* also its group's; 0: none */
	int output; /* non-blocking; -1: closed */
	int status; /* of waitpid(), once finished */
};

/* Orphans of a guest become the tool's children, so that none stays behind as a zombie. */
void process_adopt_orphans(void);

/* 0, or -1 with error and nothing started. stdin is /dev/null, stderr goes with stdout. */
int process_start(struct process *process, const struct launch *command, struct error *error);

/* Bytes read; 0: nothing now; -1: the output is at its end, and closed. */
ssize_t process_read(struct process *process, void *buffer, size_t size);

/* True once the child itself has ended; never waits. */
bool process_ended(struct process *process);

/* Kills what there is of the group, reaps it, closes the output. */
void process_finish(struct process *process);

/* Pins a thread (0: this one); *before: where it could run, if not NULL. False: not allowed. */
bool cpu_pin(pid_t thread, int cpu, cpu_set_t *before);

/* CLOCK_MONOTONIC. */
double clock_seconds(void);

#endif
