/* A program of the user's: see program.h. */
#include "run/program.h"

#include <sys/stat.h>
#include <unistd.h>

int program_add(struct manifest *manifest, const struct strings *words, struct error *error)
{
	struct strings arguments;
	struct stat facts;

	if (!words->count)
		return 0;
	arguments = (struct strings){words->at + 1, words->count - 1};
	if (stat(words->at[0], &facts) || access(words->at[0], R_OK))
		return error_set(error, "--program %s: %m", words->at[0]);
	if (!S_ISREG(facts.st_mode))
		return error_set(error, "--program %s: it is no regular file", words->at[0]);
	manifest_add_program(manifest, words->at[0], &arguments);
	return 0;
}

static bool has_program(const struct session *session)
{
	return session->run.options.program.count;
}

bool program_speaks_at_once(const struct session *session)
{
	return has_program(session) && session->work_count == 1;
}

void program_listen(const struct session *session, struct guest *guest)
{
	if (program_speaks_at_once(session))
		printed_pass_on(&guest->printed, stdout);
	else if (has_program(session))
		printed_keep(&guest->printed);
}

void program_show(const struct session *session, struct guest *guest)
{
	const struct work *work = &session->work[guest->tag];

	if (!guest->printed.keeps)
		return;
	progress_clear(session);
	printf("==> %s %s, boot %u <==\n", guest->machine->name, guest->request.variant->name,
	       work->number);
	printed_show(&guest->printed, stdout);
}

void program_say_ends(const struct session *session)
{
	for (size_t i = 0; i < session->run.cell_count; i++) {
		const struct cell *cell = &session->run.cells[i];

		session_say(session, "%s %s: %s%s%s", cell->machine, cell->variant,
			    status_name(cell->status), cell->reason[0] ? ": " : "", cell->reason);
	}
}
