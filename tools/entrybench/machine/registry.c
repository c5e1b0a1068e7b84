/* The table of machines. */
#include "machine/machine.h"

#include <sys/wait.h>

#define ADDRESS(name) &machine_##name,
const struct machine *const machines[] = {MACHINES(ADDRESS)};

const size_t machine_count = G_N_ELEMENTS(machines);

const struct machine *machine_find(const char *name)
{
	for (size_t i = 0; i < machine_count; i++)
		if (!strcmp(machines[i]->name, name))
			return machines[i];
	return NULL;
}

const struct machine *machine_of_words(const char *words, const char **variant)
{
	g_auto(GStrv) parts = g_strsplit(words, ":", 2);

	*variant = parts[0] && parts[1] ? words + strlen(parts[0]) + 1 : NULL;
	return machine_find(parts[0] ?: "");
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

int manifest_open(struct manifest *manifest, const char *path, struct error *error)
{
	int result = manifest_load(manifest, path, error);

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
	return result;
}

enum guest_end machine_end(const struct machine *machine, int status)
{
	const struct exit_meaning *exit = machine->exits;

	if (!WIFEXITED(status))
		return GUEST_BROKEN;
	while (exit->status != EXIT_ANY && exit->status != WEXITSTATUS(status))
		exit++;
	return exit->end;
}

const char *program_name(const struct needed_program *program)
{
	const char *choice = program->variable ? getenv(program->variable) : NULL;

	return choice && choice[0] ? choice : program->name;
}

bool program_found(const struct needed_program *program)
{
	g_autofree char *path = g_find_program_in_path(program_name(program));

	return path;
}
