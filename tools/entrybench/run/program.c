/* `run --program`: a program of the user's in place of the benchmarks. */
#include "run/run.h"

#include <sys/stat.h>
#include <unistd.h>

/* What core and init take in a line of the plan: kernel/include/proc.h, bench/init/plan.c. */
#define WORDS_MAX 256
#define BYTES_MAX 8192

/* The program's path in the initrd and its arguments, each with the byte that ends it. */
static int check_size(const struct strings *words, struct error *error)
{
	const char *slash = strrchr(words->at[0], '/');
	size_t bytes = strlen("program/") + strlen(slash ? slash + 1 : words->at[0]) + 1;

	for (size_t i = 1; i < words->count; i++)
		bytes += strlen(words->at[i]) + 1;
	if (words->count > WORDS_MAX)
		return error_set(error, "--program: %zu words are more than the %d that fit",
				 words->count, WORDS_MAX);
	if (bytes > BYTES_MAX)
		return error_set(error,
				 "--program: its words have %zu bytes, more than the %d that fit",
				 bytes, BYTES_MAX);
	return 0;
}

int program_add(struct manifest *manifest, const struct strings *words, struct error *error)
{
	struct strings arguments;
	struct stat facts;

	if (!words->count)
		return 0;
	arguments = (struct strings){words->at + 1, words->count - 1};
	if (stat(words->at[0], &facts) || access(words->at[0], R_OK))
		return error_set(error, "--program %s: %m", words->at[0]);
	if (!S_ISREG(facts.st_mode))
		return error_set(error, "--program %s: it is no regular file", words->at[0]);
	if (check_size(words, error))
		return -1;
	manifest_add_program(manifest, words->at[0], &arguments);
	return 0;
}
