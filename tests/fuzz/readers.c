/* Calls the core's readers for the tests. */
#include "readers.h"

#include "file/cpio.h"
#include "memory/vm.h"
#include "mm/mm.h"
#include "program/program.h"

const char *readers_load(const uint8_t *bytes, size_t size, struct loaded *loaded)
{
	const struct file file = {bytes, size};
	struct program program = {0};
	const char *said = elf_load(&file, &program);

	*loaded = (struct loaded){program.entry, program.phdr, program.phnum, program.brk,
				  standin_areas()};
	return said;
}

const uint8_t *readers_byte(uint64_t address)
{
	return standin_byte(address);
}

void readers_unload(void)
{
	vm_reset();
}

const char *readers_archive(const uint8_t *bytes, size_t size, const uint8_t **plan,
			    size_t *plan_size)
{
	const char *error = cpio_check(bytes, size);
	struct file file = {0};

	if (!error && !cpio_find(bytes, size, "plan", &file))
		error = "initrd: no file \"plan\"";
	*plan = file.data;
	*plan_size = file.size;
	return error;
}
