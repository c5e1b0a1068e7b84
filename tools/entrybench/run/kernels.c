/* Named kernels: see kernels.h. */
#include "run/kernels.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/machine.h"

#define MACHINE "linux"

struct kernel {
	char *file; /* NULL: the machine's own */
	char *name; /* "": unnamed */
};

static void kernel_free(struct kernel *kernel)
{
	free(kernel->file);
	free(kernel->name);
}

/* "FILE[=NAME]"; the file becomes absolute, so that --resume finds it from anywhere. */
static int kernel_parse(struct kernel *kernel, const char *words, struct error *error)
{
	const char *equals = strrchr(words, '=');
	size_t size = equals ? (size_t)(equals - words) : strlen(words);
	char *file = memory_format("%.*s", (int)size, words);
	int status = 0;

	kernel->name = memory_copy(equals ? equals + 1 : "");
	kernel->file = realpath(file, NULL);
	if (!kernel->file || access(kernel->file, R_OK))
		status = error_set(error, "--linux %s: cannot read %s: %m", words, file);
	else if (equals && (!equals[1] || strpbrk(equals + 1, "/: ")))
		status = error_set(error, "--linux %s: \"%s\" is no name: use letters and digits",
				   words, equals + 1);
	free(file);
	return status;
}

static char *variant_name(const struct kernel *kernel, const char *line)
{
	char *name = memory_format("%s%s%s", kernel->name, kernel->name[0] ? "/" : "",
				   line[0] ? line : "default");

	for (char *at = name; *at; at++)
		if (*at == ' ')
			*at = '+';
	return name;
}

static int add_variant(struct manifest *manifest, const struct machine *machine,
		       const struct kernel *kernel, const char *line, struct error *error)
{
	char *name = variant_name(kernel, line);
	int status = 0;

	for (size_t i = 0; i < manifest->variant_count; i++)
		if (!strcmp(manifest->variants[i].name, name))
			status = error_set(error,
					   "two variants would be called \"%s\": give each --linux "
					   "a name, FILE=NAME",
					   name);
	if (status == 0)
		manifest_add_variant(manifest,
				     &(struct new_variant){
					 .machine = machine->name,
					 .name = name,
					 .about = "a Linux kernel that the user named",
					 .image = kernel->file ? kernel->file : machine->image,
					 .line = line,
				     });
	free(name);
	return status;
}

static int add_lines(struct manifest *manifest, const struct kernel *kernel,
		     const struct strings *lines, struct error *error)
{
	const struct machine *machine = machine_find(MACHINE);
	int status = 0;

	for (size_t i = 0; i < lines->count && status == 0; i++)
		status = add_variant(manifest, machine, kernel, lines->at[i], error);
	for (const struct own_variant *own = machine->variants;
	     own->name && lines->count == 0 && status == 0; own++)
		status = add_variant(manifest, machine, kernel, own->line, error);
	return status;
}

int kernels_add(struct manifest *manifest, const struct strings *files, const struct strings *lines,
		struct error *error)
{
	struct kernel own = {.name = ""};
	int status = 0;

	if (files->count == 0 && lines->count == 0)
		return 0;
	manifest_drop_variants(manifest, MACHINE);
	if (files->count == 0)
		return add_lines(manifest, &own, lines, error);
	for (size_t i = 0; i < files->count && status == 0; i++) {
		struct kernel kernel;

		status = kernel_parse(&kernel, files->at[i], error);
		if (status == 0)
			status = add_lines(manifest, &kernel, lines, error);
		kernel_free(&kernel);
	}
	return status;
}
