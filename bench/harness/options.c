/*
 * The arguments of a benchmark program (docs/architecture.md).
 */
#include "bench.h"
#include "placement.h"
#include "text.h"

enum { STDERR = 2, USAGE_STATUS = 2, MESSAGE_MAX = 400 };

#define COUNT_MAX 1000000000

static const struct {
	const char *name;
	size_t field;
	uint64_t min, max;
} numbers[] = {
    {"--stream", offsetof(struct options, stream), 0, COUNT_MAX},
    {"--batch", offsetof(struct options, batch), 1, 1000000},
    {"--repeats", offsetof(struct options, repeats), 1, COUNT_MAX},
    {"--windows", offsetof(struct options, windows), 1, COUNT_MAX},
    {"--warmup", offsetof(struct options, warmup), 0, COUNT_MAX},
    {"--stretches", offsetof(struct options, stretches), 1, STRETCHES_MAX},
    {"--layout", offsetof(struct options, layout), 0, PLACEMENTS - 1},
};

/* The message in parts, up to NULL; too long a part is cut. */
static _Noreturn void usage_error(const char *const *parts)
{
	static char line[MESSAGE_MAX + 1];
	size_t used = 0;

	for (; *parts != NULL; parts++)
		for (const char *from = *parts; *from != '\0' && used < MESSAGE_MAX; from++)
			line[used++] = *from;
	line[used++] = '\n';
	sys_write_all(STDERR, line, used);
	sys_exit(USAGE_STATUS);
}

#define USAGE_ERROR(...) usage_error((const char *const[]){__VA_ARGS__, NULL})

static void read_param(struct options *options, const struct benchmark *bench, const char *text)
{
	char min[TEXT_NUMBER_MAX], max[TEXT_NUMBER_MAX];

	options->param = text;
	for (size_t i = 0; i < bench->param_count; i++) {
		if (text_equal(text, bench->params[i].text)) {
			options->param = bench->params[i].text;
			options->value = bench->params[i].value;
			return;
		}
	}
	if (bench->param_count > 0)
		USAGE_ERROR(bench->name, ": no parameter '", text, "'; the first is '",
			    bench->params[0].text, "', 'entrybench list' has them all");
	text_from_unsigned(min, bench->param_min);
	text_from_unsigned(max, bench->param_max);
	if (!text_to_number(text, bench->param_max, &options->value) ||
	    options->value < bench->param_min)
		USAGE_ERROR(bench->name, ": parameter '", text, "' is not a number from ", min,
			    " to ", max);
}

static void read_number(struct options *options, const char *program, const char *name,
			const char *text)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char min[TEXT_NUMBER_MAX], max[TEXT_NUMBER_MAX];
		uint64_t value;

		if (!text_equal(name, numbers[i].name))
			continue;
		text_from_unsigned(min, numbers[i].min);
		text_from_unsigned(max, numbers[i].max);
		if (!text_to_number(text, numbers[i].max, &value) || value < numbers[i].min)
			USAGE_ERROR(program, ": ", name, " needs a number from ", min, " to ", max,
				    ", not '", text, "'");
		*(uint64_t *)((char *)options + numbers[i].field) = value;
		return;
	}
	USAGE_ERROR(program, ": unknown argument '", name,
		    "'; known are --stream K, --batch N, --repeats R, --windows W, --warmup K, "
		    "--stretches S, --layout L, --raw, --say, --core-clock, --pmu WHAT");
}

void options_read(struct options *options, const struct benchmark *bench, int argc, char **argv)
{
	bool has_param = bench->param_count > 0 || bench->param_max > 0;
	int next = 1;

	*options = (struct options){.param = "",
				    .batch = 64,
				    .repeats = 200,
				    .windows = 10000,
				    .warmup = 1000,
				    .stretches = 1,
				    .layout = LAYOUT_EACH,
				    .pmu = ""};
	if (has_param && (argc < 2 || text_starts(argv[1], "--")))
		USAGE_ERROR(bench->name, ": needs a parameter as its first argument");
	if (has_param)
		read_param(options, bench, argv[next++]);
	for (; next < argc; next++) {
		if (text_equal(argv[next], "--raw")) {
			options->raw = true;
			continue;
		}
		if (text_equal(argv[next], "--say")) {
			options->say = true;
			continue;
		}
		if (text_equal(argv[next], "--core-clock")) {
			options->core_clock = true;
			continue;
		}
		if (text_equal(argv[next], "--pmu") && next + 1 < argc) {
			options->pmu = argv[++next];
			continue;
		}
		read_number(options, bench->name, argv[next],
			    next + 1 < argc ? argv[next + 1] : "");
		next++;
	}
}
