/* The table of a program's readings. */
#include "guest/guest.h"

#include "entrybench/record.h"

static struct series *find(const struct series *all, size_t count, const char *type, const char *of,
			   uint64_t n)
{
	for (size_t i = 0; i < count; i++)
		if (all[i].n == n && !strcmp(all[i].of, of) && !strcmp(all[i].type, type))
			return (struct series *)&all[i];
	return NULL;
}

struct series *series_get(struct series *all, size_t *count, const char *type, const char *of,
			  uint64_t n)
{
	struct series *series = find(all, *count, type, of, n);

	if (series || *count == SERIES_MAX)
		return series;
	series = &all[*count];
	if (strlen(type) >= sizeof(series->type) || strlen(of) >= sizeof(series->of))
		return NULL;
	series->readings = histogram_new();
	if (!series->readings)
		return NULL;
	strcpy(series->type, type);
	strcpy(series->of, of);
	series->n = n;
	(*count)++;
	return series;
}

const struct histogram *series_readings(const struct series *all, size_t count, const char *type,
					const char *of, uint64_t n)
{
	const struct series *series = find(all, count, type, of, n);

	return series ? series->readings : NULL;
}

bool series_batch(const struct series *all, size_t count, const char *of, struct batch *batch)
{
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		const struct series *once = &all[i], *twice;

		if (!once->n || strcmp(once->of, of) || (found && (int64_t)once->n > batch->n))
			continue;
		twice = find(all, count, EB_TYPE_BATCH, of, 2 * once->n);
		if (!twice)
			continue;
		*batch = (struct batch){(int64_t)once->n, once->readings, twice->readings};
		found = true;
	}
	return found;
}

double series_cost(const struct series *all, size_t count, const char *of)
{
	struct batch batch;

	return series_batch(all, count, of, &batch) ? batch_cost(&batch, 0) : NAN;
}
