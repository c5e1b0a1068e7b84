/* Output of a guest's programs. */
#include "guest/guest.h"

#include <errno.h>

void printed_pass_on(struct printed *printed, FILE *to)
{
	*printed = (struct printed){.to = to};
}

void printed_keep(struct printed *printed)
{
	*printed = (struct printed){.keeps = true};
	printed->to = open_memstream(&printed->text, &printed->size);
	if (!printed->to)
		abort();
}

/* A reader that has seen enough is no error (cli/main.c looks for those at the end). */
static void send(FILE *to)
{
	if (fflush(to) && errno == EPIPE)
		clearerr(to);
}

void printed_add(struct printed *printed, const char *bytes, size_t size)
{
	if (!printed->to || (printed->keeps && ftello(printed->to) > PRINTED_MAX))
		return;
	fwrite(bytes, 1, size, printed->to);
	if (!printed->keeps)
		send(printed->to);
}

void printed_show(struct printed *printed, FILE *to)
{
	static const char cut[] = "\n[the rest is cut off]\n";

	if (!printed->keeps)
		return;
	fflush(printed->to);
	fwrite(printed->text, 1, printed->size, to);
	if (printed->size > PRINTED_MAX)
		fwrite(cut, 1, sizeof(cut) - 1, to);
	else if (printed->size && printed->text[printed->size - 1] != '\n')
		fputc('\n', to);
	send(to);
}

void printed_free(struct printed *printed)
{
	if (printed->keeps)
		fclose(printed->to);
	free(printed->text);
	*printed = (struct printed){0};
}
