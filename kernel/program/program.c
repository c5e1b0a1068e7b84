/* One program from its file to its end: a fresh address space, a fresh process, ring 3. */
#include "boot/boot.h"
#include "cpu/cpu.h"
#include "cpu/selectors.h"
#include "file/cpio.h"
#include "file/open_file.h"
#include "lib/lib.h"
#include "memory/vm.h"
#include "mm/mm.h"
#include "program/program.h"
#include "task/process.h"
#include "task/task.h"

struct process process;

static void process_reset(const struct program *program, const struct file *file, const char *name)
{
	process = (struct process){
	    .name = name,
	    .file = *file,
	    .umask = 022,
	    .dumpable = 1,
	    .brk_start = program->brk,
	    .brk = program->brk,
	    .random = 0x656e747279ull,
	};
	limits_reset();
	files_reset();
}

static const char *load(const struct arguments *arguments, struct file *file,
			struct program *program, u64 *sp)
{
	u32 prot = VM_READ | VM_WRITE;
	if (!cpio_find(phys_to_virt(boot_info.initrd_start), boot_info.initrd_size, arguments->text,
		       file))
		return "no such file in the initrd";
	vm_reset();
	const char *error = elf_load(file, program);
	if (error)
		return error;
	if (program->stack_runs)
		prot |= VM_EXEC;
	if (vm_map(USER_STACK_TOP - USER_STACK_SIZE, USER_STACK_SIZE, prot) ||
	    vm_populate(USER_STACK_TOP - 4 * PAGE_SIZE, 4 * PAGE_SIZE))
		return "no memory for its stack";
	*sp = stack_make(arguments, program);
	return *sp ? NULL : "no memory for its stack";
}

struct program_end program_run(const struct arguments *arguments)
{
	struct program_end end = {0};
	struct program program;
	struct file file;
	struct pt_regs start = {.cs = USER_CS, .flags = FLAG_IF | FLAG_FIXED, .ss = USER_DS};
	end.error = load(arguments, &file, &program, &start.sp);
	if (end.error)
		return end;
	process_reset(&program, &file, arguments->text);
	start.ip = program.entry;
	int status = run_user(&start);
	if (status >= TASK_KILLED)
		end.signal = status - TASK_KILLED;
	else
		end.status = status;
	return end;
}
