/* Runs the initrd's plan, a program a line, and says how each one ended. */
#include <entrybench/record.h>

#include "boot/boot.h"
#include "file/cpio.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "program/program.h"
#include "signal/signal.h"
#include "syscall/syscall.h"
#include "task/task.h"

static struct arguments arguments;

static int hex_digit(u8 c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static const char *add_byte(char byte)
{
	if (arguments.length == sizeof(arguments.text))
		return "plan: a line is too long";
	arguments.text[arguments.length++] = byte;
	return NULL;
}

/* The byte that %XX at `at` stands for, or -1. */
static int escaped(const struct file *plan, u64 at)
{
	if (plan->size - at < 3)
		return -1;
	int high = hex_digit(plan->data[at + 1]), low = hex_digit(plan->data[at + 2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Reads the word at *at, up to a space or the line's end. NULL, or what is wrong. */
static const char *read_word(const struct file *plan, u64 *at)
{
	const char *error = NULL;
	if (arguments.count == MAX_ARGUMENTS)
		return "plan: a line has too many words";
	arguments.word[arguments.count++] = arguments.length;
	for (; !error && *at < plan->size && plan->data[*at] != ' ' && plan->data[*at] != '\n';
	     ++*at) {
		int byte = plan->data[*at];
		if (byte == '%') {
			byte = escaped(plan, *at);
			*at += 2;
		}
		if (byte <= 0)
			return "plan: a word holds a zero byte or a bad %XX";
		error = add_byte(byte);
	}
	return error ? error : add_byte(0);
}

/* Reads the line at *at and goes behind it. */
static const char *read_line(const struct file *plan, u64 *at)
{
	const char *error;
	arguments.length = arguments.count = 0;
	for (;;) {
		error = read_word(plan, at);
		if (error || *at == plan->size)
			return error;
		if (plan->data[(*at)++] == '\n')
			return NULL;
	}
}

/*
 * The ledger counts what is executed from one reading of this clock to the next (docs/ledger.md),
 * so it has a name and an address of its own. On tcg a tick is an instruction.
 */
static __attribute__((noinline)) u64 plan_clock(void)
{
	u32 low, high;
	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (u64)high << 32 | low;
}

/* Tells host and reader how the program of plan line `line` ended; true if well. */
static bool report(u64 line, const struct program_end *end, u64 ticks, u64 idle)
{
	const char *signal = end->signal ? signal_name(end->signal) : "";
	missing_report();
	record_begin(EB_TYPE_PROGRAM);
	record_number("line", line);
	record_number("status", end->status);
	record_number("ticks", ticks);
	record_number("idle", idle);
	record_text("signal", signal);
	record_text("error", end->error ? end->error : "");
	record_end();
	if (end->error)
		kprintf("entrybench: %s: %s\n", arguments.text, end->error);
	else if (end->signal)
		kprintf("entrybench: %s: killed by signal %d (%s)\n", arguments.text, end->signal,
			signal);
	else if (end->status)
		kprintf("entrybench: %s: exit status %d\n", arguments.text, end->status);
	return !end->error && !end->signal && !end->status;
}

struct plan_result plan_run(void)
{
	struct plan_result result = {0};
	struct file plan;
	const u8 *archive = phys_to_virt(boot_info.initrd_start);
	u64 size = boot_info.initrd_size;
	result.error = cpio_check(archive, size);
	if (!result.error && !cpio_find(archive, size, "plan", &plan))
		result.error = "initrd: no file \"plan\"";
	for (u64 at = 0; !result.error && at < plan.size;) {
		result.error = read_line(&plan, &at);
		if (result.error)
			break;
		record_begin(EB_TYPE_START);
		record_number("line", result.programs);
		record_end();
		u64 idle = idle_ticks, began = plan_clock();
		struct program_end end = program_run(&arguments);
		u64 ticks = plan_clock() - began;
		result.failed += !report(result.programs++, &end, ticks, idle_ticks - idle);
	}
	return result;
}
