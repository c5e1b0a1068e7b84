/* Named kernels. */
#include "run/run.h"

#include <unistd.h>

#define MACHINE "linux"

/* COMMAND_LINE_SIZE of x86 is 2048, and the machine has words of its own. */
#define LINE_MAX_BYTES 1900

/* Linux hands unknown words to init as arguments; unknown NAME=VALUE does no harm. */
static int check_line(const char *line, struct error *error)
{
	static const char *const known[] = {"debug",	  "quiet", "ignore_loglevel", "ro", "rw",
					    "threadirqs", NULL};
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	if (strlen(line) > LINE_MAX_BYTES)
		return error_set(error,
				 "--append: %zu bytes are more than the %d that a kernel takes",
				 strlen(line), LINE_MAX_BYTES);
	for (char **word = words; *word; word++)
		if (**word && !strchr(*word, '=') && !g_str_has_prefix(*word, "no") &&
		    !g_strv_contains(known, *word))
			return error_set(error,
					 "--append \"%s\": \"%s\" is neither NAME=VALUE nor a word "
					 "that kernels know, and would reach init",
					 line, *word);
	return 0;
}

static int add_variant(struct manifest *manifest, const char *name, const char *image,
		       const char *line, struct error *error)
{
	g_autofree char *full =
	    g_strconcat(name, name[0] ? "/" : "", line[0] ? line : "default", NULL);

	g_strdelimit(full, " ", '+');
	if (manifest_find_variant(manifest, full))
		return error_set(
		    error,
		    "two variants would be called \"%s\": give each --linux a name, FILE=NAME",
		    full);
	manifest_add_variant(manifest, &(struct new_variant){
					   .machine = MACHINE,
					   .name = full,
					   .about = "a Linux kernel that the user named",
					   .image = image,
					   .line = line,
				       });
	return 0;
}

/* A kernel with each line; no lines: those that the machine brings along. */
static int add_lines(struct manifest *manifest, const char *name, const char *image,
		     const struct strings *lines, struct error *error)
{
	const struct own_variant *own = machine_find(MACHINE)->variants;
	int status = 0;

	for (size_t i = 0; i < lines->count && status == 0; i++)
		status = add_variant(manifest, name, image, lines->at[i], error);
	for (; own->name && lines->count == 0 && status == 0; own++)
		status = add_variant(manifest, name, image, own->line, error);
	return status;
}

/* "FILE[=NAME]"; the file becomes absolute, so that --resume finds it from anywhere. */
static int add_kernel(struct manifest *manifest, const char *words, const struct strings *lines,
		      struct error *error)
{
	const char *equals = strrchr(words, '=');
	const char *name = equals ? equals + 1 : "";
	g_autofree char *file =
	    equals ? g_strndup(words, (size_t)(equals - words)) : g_strdup(words);
	g_autofree char *image = realpath(file, NULL);

	if (!image || access(image, R_OK))
		return error_set(error, "--linux %s: cannot read %s: %m", words, file);
	if (equals && (!name[0] || strpbrk(name, "/: ")))
		return error_set(error, "--linux %s: \"%s\" is no name: use letters and digits",
				 words, name);
	return add_lines(manifest, name, image, lines, error);
}

int kernels_add(struct manifest *manifest, const struct strings *files, const struct strings *lines,
		struct error *error)
{
	int status = 0;

	for (size_t i = 0; i < lines->count; i++)
		if (check_line(lines->at[i], error))
			return -1;
	if (files->count == 0 && lines->count == 0)
		return 0;
	manifest_drop_variants(manifest, MACHINE);
	if (files->count == 0)
		return add_lines(manifest, "", machine_find(MACHINE)->image, lines, error);
	for (size_t i = 0; i < files->count && status == 0; i++)
		status = add_kernel(manifest, files->at[i], lines, error);
	return status;
}
