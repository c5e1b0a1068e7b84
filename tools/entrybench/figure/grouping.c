/* How cells of one figure are told apart. */
#include "figure/grouping.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define OTHER  "other"
#define UNSAFE "unsafe" /* set apart: not to be taken for a variant with the same features */

static size_t find(const struct strings *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->at[i], text))
			return i;
	return list->count;
}

static void add_once(struct strings *list, const char *text)
{
	if (find(list, text) == list->count)
		strings_add(list, text);
}

static const char *value_of(const struct cell *cell, const char *feature)
{
	const char *value = feature ? pairs_get(&cell->features, feature) : NULL;

	return value ? value : "";
}

/* Cells without any feature do not make a feature a difference, nor do unsafe ones. */
static bool differs(const struct selection *selection, const char *feature)
{
	const char *first = NULL;

	for (size_t i = 0; i < selection->count; i++) {
		const char *value = value_of(selection->at[i]->cell, feature);

		if (!selection->at[i]->cell->features.count || !selection->at[i]->cell->safe)
			continue;
		if (first && strcmp(first, value))
			return true;
		first = value;
	}
	return false;
}

static void find_features(struct look *look, const struct selection *selection)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct pairs *features = &selection->at[i]->cell->features;

		for (size_t j = 0; j < features->count; j++)
			if (differs(selection, features->at[j].name))
				add_once(&look->features, features->at[j].name);
	}
}

/* The preferred feature where it is one that differs, else the first that is not `taken`; NULL: none. */
static const char *choose(const struct look *look, const char *prefer, const char *taken)
{
	size_t at = prefer ? find(&look->features, prefer) : look->features.count;

	if (at < look->features.count && (!taken || strcmp(look->features.at[at], taken)))
		return look->features.at[at];
	for (size_t i = 0; i < look->features.count; i++)
		if (!taken || strcmp(look->features.at[i], taken))
			return look->features.at[i];
	return NULL;
}

static void put_value(FILE *out, const char *feature, const char *value)
{
	bool needs_name = !strcmp(value, "on") || !strcmp(value, "off");

	if (*value)
		fprintf(out, "%s%s%s%s", ftell(out) ? ", " : "", needs_name ? feature : "",
			needs_name ? " " : "", value);
}

static char *group_name(const struct look *look, const struct cell *cell)
{
	const char *value = value_of(cell, look->group);

	if (!cell->safe)
		return memory_copy(UNSAFE);
	return *value ? memory_format("%s %s", look->group, value) : memory_copy(OTHER);
}

/* Of a cell, or of one like it with another hue. */
static char *colour_name(const struct look *look, const struct cell *cell, const char *hue)
{
	struct text text;
	FILE *out;

	if (!cell->safe)
		return memory_copy(UNSAFE);
	out = text_open(&text);
	if (look->hue)
		put_value(out, look->hue, hue);
	for (size_t i = 0, told = 0; i < look->features.count && told < look->telling; i++) {
		const char *feature = look->features.at[i];

		if (feature == look->group || feature == look->hue)
			continue;
		put_value(out, feature, value_of(cell, feature));
		told++;
	}
	char *name = text_take(&text);

	if (*name)
		return name;
	free(name);
	return memory_copy(OTHER);
}

/* Colours in an order in which the hue changes fastest, so that a pair stands side by side in the palette. */
static void name_colours(struct look *look, const struct selection *selection)
{
	struct strings hues = {0}, present = {0};

	for (size_t i = 0; i < selection->count; i++) {
		const struct cell *cell = selection->at[i]->cell;
		char *name = colour_name(look, cell, value_of(cell, look->hue));

		add_once(&hues, value_of(cell, look->hue));
		add_once(&present, name);
		free(name);
	}
	for (size_t i = 0; i < selection->count; i++)
		for (size_t hue = 0; hue < hues.count; hue++) {
			char *name = colour_name(look, selection->at[i]->cell, hues.at[hue]);

			if (find(&present, name) < present.count)
				add_once(&look->colours, name);
			free(name);
		}
	strings_free(&hues);
	strings_free(&present);
}

void look_fill(struct look *look, const struct selection *selection, const char *prefer)
{
	*look = (struct look){0};
	find_features(look, selection);
	look->group = choose(look, prefer, NULL);
	look->hue = choose(look, "exit", look->group);
	for (size_t i = 0; i < selection->count; i++) {
		char *name = group_name(look, selection->at[i]->cell);

		add_once(&look->groups, name);
		free(name);
	}
	look->telling = look->features.count;
	name_colours(look, selection);
	while (look->colours.count > LOOK_COLOURS && look->telling) {
		/* From all to one to none: which of several to keep would be arbitrary. */
		look->telling = look->telling > 1 ? 1 : 0;
		strings_free(&look->colours);
		name_colours(look, selection);
	}
}

void look_free(struct look *look)
{
	strings_free(&look->groups);
	strings_free(&look->colours);
	strings_free(&look->features);
}

size_t look_group(const struct look *look, const struct cell *cell)
{
	char *name = group_name(look, cell);
	size_t at = find(&look->groups, name);

	free(name);
	return at;
}

size_t look_colour(const struct look *look, const struct cell *cell)
{
	char *name = colour_name(look, cell, value_of(cell, look->hue));
	size_t at = find(&look->colours, name);

	free(name);
	return at;
}

char *look_others(const struct cell *cell, const char *but)
{
	struct text text;
	FILE *out = text_open(&text);

	for (size_t i = 0; i < cell->features.count; i++)
		if (strcmp(cell->features.at[i].name, but))
			fprintf(out, "%s%s=%s", ftell(out) ? " " : "", cell->features.at[i].name,
				cell->features.at[i].value);
	return text_take(&text);
}

struct selection selection_of(const struct rows *rows, const char *machine, const char *group)
{
	struct selection selection = {memory_new(rows->count + 1, sizeof(*selection.at)), 0};

	for (size_t i = 0; i < rows->count; i++)
		if (!strcmp(rows->at[i].cell->machine, machine) &&
		    (!group || !strcmp(rows->at[i].group, group)))
			selection.at[selection.count++] = &rows->at[i];
	return selection;
}
