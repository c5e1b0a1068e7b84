/* The table of machines. */
#include "machine/registry.h"
#include "machine/qemu.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct machine *const machines[] = {
    &machine_kvm, &machine_tcg, &machine_bochs, &machine_linux, &machine_linux_kvm, &machine_native,
};

const size_t machine_count = sizeof(machines) / sizeof(machines[0]);

const struct machine *machine_find(const char *name)
{
	for (size_t i = 0; i < machine_count; i++)
		if (!strcmp(machines[i]->name, name))
			return machines[i];
	return NULL;
}

const struct machine *machine_of_words(const char *words, const char **variant)
{
	const char *colon = strchr(words, ':');
	char *name = colon ? memory_format("%.*s", (int)(colon - words), words) : NULL;
	const struct machine *machine = machine_find(name ? name : words);

	*variant = colon ? colon + 1 : NULL;
	free(name);
	return machine;
}

bool machine_has(const struct machine *machine, const struct variant *variant)
{
	const char *owner = machine->variants_of ? machine->variants_of : machine->name;

	return variant->machine[0] ? !strcmp(variant->machine, owner)
				   : !machine->variants && !machine->variants_of;
}

bool machine_takes_kernels(const struct machine *machine)
{
	const struct machine *owner =
	    machine->variants_of ? machine_find(machine->variants_of) : machine;

	return owner->variants && owner->image;
}

bool machine_is_qemu(const struct machine *machine)
{
	return machine->programs == qemu_programs;
}

void machine_add_variants(struct manifest *manifest)
{
	for (size_t i = 0; i < machine_count; i++) {
		const struct own_variant *own = machines[i]->variants;

		for (; own && own->name; own++)
			manifest_add_variant(manifest, &(struct new_variant){
							   .machine = machines[i]->name,
							   .name = own->name,
							   .about = own->about,
							   .image = machines[i]->image,
							   .line = own->line,
						       });
	}
}

const char *program_name(const struct needed_program *program)
{
	const char *choice = program->variable ? getenv(program->variable) : NULL;

	return choice && choice[0] ? choice : program->name;
}

/* As execvp() would look for it. */
bool program_found(const struct needed_program *program)
{
	const char *name = program_name(program), *path = getenv("PATH");
	bool found = false;

	if (strchr(name, '/'))
		return !access(name, X_OK);
	for (const char *at = path; at && *at && !found; at += at[0] == ':') {
		size_t size = strcspn(at, ":");
		char *file = memory_format("%.*s/%s", (int)size, at, name);

		found = !access(file, X_OK);
		free(file);
		at += size;
	}
	return found;
}
