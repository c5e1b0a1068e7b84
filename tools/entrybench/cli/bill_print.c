/* Tables, listings, JSON and files of a bill. */
#include "cli/bill_print.h"

#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>

#include "cli/bill_figure.h"
#include "cli/command.h"
#include "run/select.h"

static int print_json(const struct bill_options *options, const struct billed *const bills[2])
{
	json_t *json = bill_json(&bills[0]->title, &bills[0]->bill, options->listing);

	if (bills[1]) {
		const struct bill *const both[2] = {&bills[0]->bill, &bills[1]->bill};

		json = bill_difference_json(
		    both, json, bill_json(&bills[1]->title, &bills[1]->bill, options->listing));
	}
	json_dumpf(json, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(json);
	return EXIT_OK;
}

static int print_text(const struct bill_options *options, const struct billed *const bills[2])
{
	if (bills[1]) {
		const struct bill_title titles[2] = {bills[0]->title, bills[1]->title};
		const struct bill *const both[2] = {&bills[0]->bill, &bills[1]->bill};

		bill_print_difference(stdout, options->quiet ? NULL : titles, both);
	} else {
		bill_print(stdout, options->quiet ? NULL : &bills[0]->title, &bills[0]->bill);
	}
	for (int i = 0; options->verbose && i < 2 && bills[i]; i++)
		printf("%s: CPU %s, kernel %s, program %s\n", bills[i]->title.variant,
		       bills[i]->cpu, bills[i]->image, bills[i]->file);
	for (int i = 0; options->listing && i < 2 && bills[i]; i++) {
		printf("\n%s, in order of execution:\n", bills[i]->title.variant);
		bill_print_listing(stdout, &bills[i]->bill);
	}
	return EXIT_OK;
}

static int write_folded(const char *path, const struct billed *const bills[2], struct error *error)
{
	FILE *file = fopen(path, "w");
	struct stat about = {0};
	bool failed;

	if (file)
		fstat(fileno(file), &about);
	else
		return error_set(error, "--folded: cannot write %s: %m", path);
	for (int i = 0; i < 2 && bills[i]; i++)
		bill_write_folded(file, bills[i]->title.variant, &bills[i]->bill);
	failed = ferror(file);
	if (fclose(file) != 0 || failed) {
		/* No half of a file; but /dev/stdout and its like stay. */
		if (S_ISREG(about.st_mode))
			remove(path);
		return error_set(error, "--folded: cannot write %s", path);
	}
	return 0;
}

int bill_put_out(const struct bill_options *options, const struct billed *const bills[2])
{
	struct error error;

	if (options->folded && write_folded(options->folded, bills, &error) != 0)
		return command_fail(EXIT_FAILED, "bill: %s", error.text);
	if (options->plot && bill_draw(bills, options->plot, &error) != 0)
		return command_fail(EXIT_FAILED, "bill: %s", error.text);
	return options->json ? print_json(options, bills) : print_text(options, bills);
}

static struct bill_title title_of(const struct stamped_request *request,
				  const struct stamped_bill *bill)
{
	return (struct bill_title){.machine = request->machine->name,
				   .variant = request->variant->name,
				   .bench = request->bare->label,
				   .unit = class_unit(request->machine->class),
				   .safe = request->variant->safe,
				   .class = class_name(request->machine->class),
				   .cpu = bill->cpu};
}

int bill_put_out_stamped(const struct bill_options *options, const struct stamped_request *requests,
			 const struct stamped_bill *bills, size_t count)
{
	struct bill_title titles[2];
	struct error error;

	for (size_t i = 0; i < count; i++)
		titles[i] = title_of(&requests[i], &bills[i]);
	if (options->plot && bill_draw_stamped(titles, bills, count, options->plot, &error) != 0)
		return command_fail(EXIT_FAILED, "bill: %s", error.text);
	if (options->json) {
		json_t *json = count > 1 ? stamped_difference_json(titles, bills)
					 : stamped_json(titles, bills);

		json_dumpf(json, stdout, JSON_INDENT(1));
		putchar('\n');
		json_decref(json);
		return EXIT_OK;
	}
	if (count > 1)
		stamped_print_difference(stdout, titles, bills, options->quiet);
	else
		stamped_print(stdout, titles, bills, options->quiet);
	for (size_t i = 0; options->verbose && i < count; i++)
		printf("%s: CPU %s, kernels %s and %s\n", titles[i].variant, bills[i].cpu,
		       requests[i].variant->image, requests[i].variant->stamped);
	return EXIT_OK;
}
