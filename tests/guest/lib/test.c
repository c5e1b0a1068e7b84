/* Runs a conformance program's tests and prints their verdicts. */
#include <stdarg.h>

#include "harness/shadow_stack.h"
#include "test.h"

enum { STDOUT = 1, DETAILS_MAX = 5 };

const char *argument = "";
static unsigned wrongs; /* of the test that runs */
static char line[512];
static size_t used;

static void put(char c)
{
	if (used < sizeof(line))
		line[used++] = c;
}

static void put_text(const char *text)
{
	while (*text)
		put(*text++);
}

static void put_hex(uint64_t value)
{
	int shift = 60;

	while (shift > 0 && !(value >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		put("0123456789abcdef"[value >> shift & 15]);
}

static void put_decimal(int64_t value)
{
	char number[TEXT_NUMBER_MAX];

	text_from_signed(number, value);
	put_text(number);
}

/* %s, %d (int), %lx (64 bits). */
static void put_formatted(const char *format, va_list *arguments)
{
	for (; *format; format++) {
		if (*format != '%') {
			put(*format);
			continue;
		}
		format++;
		if (*format == 'l')
			format++;
		if (*format == 's')
			put_text(va_arg(*arguments, const char *));
		else if (*format == 'd')
			put_decimal(va_arg(*arguments, int));
		else if (*format == 'x')
			put_hex(va_arg(*arguments, uint64_t));
	}
}

static void send(void)
{
	put('\n');
	sys_write_all(STDOUT, line, used);
	used = 0;
}

void say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_formatted(format, &arguments);
	va_end(arguments);
	send();
}

void wrong(const char *format, ...)
{
	va_list arguments;

	if (++wrongs > DETAILS_MAX)
		return;
	put_text("\t");
	va_start(arguments, format);
	put_formatted(format, &arguments);
	va_end(arguments);
	send();
}

long audit(enum eb_audit_op op, uint64_t a, uint64_t b, uint64_t c)
{
	return sys_call(EB_AUDIT_NUMBER, (long)op, (long)a, (long)b, (long)c, 0, 0);
}

static char features[256];

bool has(const char *feature)
{
	for (const char *at = features; *at; at++) {
		const char *next = at + text_length(feature);

		if ((at == features || at[-1] == ' ') && text_starts(at, feature) &&
		    (*next == ' ' || *next == '\0'))
			return true;
	}
	return false;
}

uint64_t stack_gap(void)
{
	return has("kstack_offset=on") || has("kstack_offset=rdtsc") ? 0x3f0 : 0;
}

uint64_t phase(const char *name)
{
	return (uint64_t)audit(EB_AUDIT_PLACE, EB_PLACE_PHASE, (uint64_t)name, 0);
}

enum verdict { PASS, FAIL, SKIP };

static enum verdict run_test(const struct test *test)
{
	const char *why = test->skip ? test->skip() : NULL;

	wrongs = 0;
	if (why) {
		say("SKIP: %s: %s (%s)", program.name, test->name, why);
		return SKIP;
	}
	test->run();
	if (wrongs > DETAILS_MAX)
		say("\t... %d more", (int)wrongs - DETAILS_MAX);
	say("%s: %s: %s", wrongs ? "FAIL" : "PASS", program.name, test->name);
	return wrongs ? FAIL : PASS;
}

_Noreturn void harness_start(const long *stack);
_Noreturn void harness_start(const long *stack)
{
	int count[3] = {0};

	sys_init(stack);
	if (!program.shadow_stack)
		shadow_stack_end();
	if (stack[0] > 1)
		argument = (const char *)stack[2];
	if (audit(EB_AUDIT_FEATURES, (uint64_t)features, sizeof(features), 0) < 0) {
		say("FAIL: %s: no eb_audit here: put \"%s\" on the kernel's command line",
		    program.name, EB_AUDIT_WORD);
		sys_exit(1);
	}
	for (size_t i = 0; i < program.count; i++)
		count[run_test(&program.tests[i])]++;
	say("SUMMARY: %s: %d tests, %d failures, %d skipped", program.name, (int)program.count,
	    count[FAIL], count[SKIP]);
	sys_exit(count[FAIL] != 0);
}
