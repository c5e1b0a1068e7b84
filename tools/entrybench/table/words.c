/* The title of a column of differences. */
#include "table/words.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "table/format.h"

char *table_delta_title(const struct rows *rows, const char *machine)
{
	const char *name = NULL;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->at[i];

		if (strcmp(row->cell->machine, machine) || !row->reference)
			continue;
		/* A case of the benchmark's own is no variant: no one name fits the column. */
		if (row->cell->reference_case[0] || (name && strcmp(name, row->reference->variant)))
			return g_strdup("vs reference");
		name = row->reference->variant;
	}
	return name ? g_strdup_printf("vs %s", name) : g_strdup("vs reference");
}

struct row_texts table_texts(const struct row *row)
{
	const struct summary *s = &row->cell->summary;
	struct row_texts texts = {.estimate =
				      format_cost(s->round_trip.estimate, row->cell->class)};
	bool open = row->cell->class == CLASS_SILICON && strcmp(s->verdict, "faster") &&
		    strcmp(s->verdict, "slower");

	if (row->reference == row->cell)
		texts.delta = g_strdup("reference");
	else if (!row->reference || !isfinite(s->vs_reference.estimate))
		texts.delta = g_strdup("-");
	else if (open)
		texts.delta = g_strdup("~");
	else
		texts.delta =
		    format_delta(s->vs_reference.estimate,
				 row->reference->summary.round_trip.estimate, row->cell->class);
	return texts;
}

void table_texts_free(struct row_texts *texts)
{
	g_free(texts->estimate);
	g_free(texts->delta);
}
