/* Runs the plan: for each line an address space, a program, its arguments and auxiliary vector, and its end. */
#include "boot.h"
#include "cpu.h"
#include "lib.h"
#include "mm.h"
#include "proc.h"
#include "segment.h"
#include "task.h"

#define MAX_ARGS 64

/* Keys of the auxiliary vector (System V ABI 3.4.3, Linux). */
enum {
	AT_NULL = 0,
	AT_PHDR = 3,
	AT_PHENT = 4,
	AT_PHNUM = 5,
	AT_PAGESZ = 6,
	AT_ENTRY = 9,
	AT_UID = 11,
	AT_EUID = 12,
	AT_GID = 13,
	AT_EGID = 14,
	AT_HWCAP = 16,
	AT_CLKTCK = 17,
	AT_SECURE = 23,
	AT_RANDOM = 25,
	AT_EXECFN = 31,
};

struct line {
	char text[1024]; /* the words, each terminated */
	u64 length;
	unsigned count;
};

/* Splits the plan's line at `at` into words; the offset of the next line, or 0 when it is too long. */
static u64 read_line(const struct file *plan, u64 at, struct line *line)
{
	line->length = line->count = 0;
	for (; at < plan->size && plan->data[at] != '\n'; at++) {
		if (line->length + 1 >= sizeof(line->text))
			return 0;
		char c = plan->data[at];
		if (c == ' ')
			c = 0;
		if (c && (!line->length || !line->text[line->length - 1]))
			line->count++;
		line->text[line->length++] = c;
	}
	line->text[line->length++] = 0;
	return line->count <= MAX_ARGS ? at + 1 : 0;
}

/* A downward-growing image of ring 3's stack. */
static u64 user_sp;
static bool push_failed;

static void push_bytes(const void *bytes, u64 n)
{
	user_sp -= n;
	if (!copy_to_user(user_sp, bytes, n))
		push_failed = true;
}

static void push_word(u64 word)
{
	push_bytes(&word, sizeof(word));
}

static void push_aux(u64 key, u64 value)
{
	push_word(value);
	push_word(key);
}

static u64 hwcap(void)
{
	u32 r[4];
	cpuid(1, 0, r);
	return r[3];
}

/* Strings, auxiliary vector, environment (empty), argv, argc: as the ABI has them at a program's start. */
static bool make_stack(const struct line *line, const struct program *program)
{
	static const u8 random[16] =
	    "entrybench-rand"; /* the same in every boot: runs must not differ */
	user_sp = USER_STACK_TOP;
	push_failed = false;
	push_bytes(line->text, line->length);
	u64 text = user_sp;
	push_bytes(random, sizeof(random));
	u64 random_at = user_sp;
	u64 first = 0;
	while (!line->text[first] && first + 1 < line->length)
		first++;
	/* all that follows is words; their number decides how to align the end to 16 */
	unsigned aux = 15;
	user_sp = ALIGN_DOWN(user_sp, 16);
	if ((2 * aux + 1 + line->count + 1 + 1) % 2)
		push_word(0);
	push_aux(AT_NULL, 0);
	push_aux(AT_EXECFN, text + first);
	push_aux(AT_RANDOM, random_at);
	push_aux(AT_SECURE, 0);
	push_aux(AT_CLKTCK, 100);
	push_aux(AT_HWCAP, hwcap());
	push_aux(AT_EGID, 0);
	push_aux(AT_GID, 0);
	push_aux(AT_EUID, 0);
	push_aux(AT_UID, 0);
	push_aux(AT_ENTRY, program->entry);
	push_aux(AT_PAGESZ, PAGE_SIZE);
	push_aux(AT_PHNUM, program->phnum);
	push_aux(AT_PHENT, 56);
	push_aux(AT_PHDR, program->phdr);
	push_word(0); /* environment */
	push_word(0); /* end of argv */
	/* words from the last to the first */
	for (u64 at = line->length - 1; at-- > 0;)
		if (line->text[at] && (!at || !line->text[at - 1]))
			push_word(text + at);
	push_word(line->count);
	return !push_failed;
}

static void make_task(const struct line *line, const struct program *program)
{
	current->work = 0;
	current->fs_base = current->gs_base = 0;
	current->brk_start = current->brk = program->brk;
	current->name = line->text;
	current->start = (struct pt_regs){
	    .ip = program->entry,
	    .cs = USER_CS,
	    .flags = FLAG_IF | FLAG_FIXED,
	    .sp = user_sp,
	    .ss = USER_DS,
	};
}

/* NULL when the program ran and ended by exit(0), else why not. */
static const char *run_line(const struct line *line, const u8 *archive, u64 size)
{
	struct file file;
	struct program program;
	const char *error;
	if (!cpio_find(archive, size, line->text, &file))
		return "no such file in the initrd";
	vm_reset();
	error = elf_load(&file, &program);
	if (error)
		return error;
	if (vm_map(USER_STACK_TOP - USER_STACK_SIZE, USER_STACK_SIZE, VM_READ | VM_WRITE) ||
	    vm_populate(USER_STACK_TOP - 4 * PAGE_SIZE, 4 * PAGE_SIZE) ||
	    !make_stack(line, &program))
		return "no memory for its stack";
	make_task(line, &program);
	int status = run_user(current);
	if (status)
		kprintf("entrybench: %s: %s %d\n", line->text,
			status >= TASK_KILLED ? "killed by signal" : "exit status", status & 0xff);
	return status ? "failed" : NULL;
}

struct plan_result plan_run(void)
{
	static struct line line;
	struct plan_result result = {0};
	struct file plan;
	const u8 *archive = phys_to_virt(boot_info.initrd_start);
	u64 size = boot_info.initrd_size;
	result.error = cpio_check(archive, size);
	if (!result.error && !cpio_find(archive, size, "plan", &plan))
		result.error = "initrd: no file \"plan\"";
	if (result.error)
		return result;
	for (u64 at = 0; at < plan.size;) {
		at = read_line(&plan, at, &line);
		if (!at) {
			result.error = "plan: a line is too long";
			return result;
		}
		if (!line.count)
			continue;
		result.programs++;
		const char *error = run_line(&line, archive, size);
		if (error && strcmp(error, "failed"))
			kprintf("entrybench: %s: %s\n", line.text, error);
		result.failed += error != NULL;
	}
	return result;
}
