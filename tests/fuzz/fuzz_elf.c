/* libFuzzer target: the loader on any bytes. What it accepts must be loaded as its headers say. */
#include "memory/vm.h"
#include "mm/mm.h"
#include "program/program.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const struct file file = {data, size};
	struct program program;
	const char *error = elf_load(&file, &program);

	if (!error && (!vm_area_at(program.entry) || program.brk > USER_END || !program.phnum))
		__builtin_trap();
	vm_reset();
	return 0;
}
