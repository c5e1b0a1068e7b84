/* Names of classes, units and statuses as they stand in run.json and in tables. */
#include "model/model.h"

static const char *const class_names[] = {
    [CLASS_SILICON] = "silicon",
    [CLASS_DETERMINISTIC] = "deterministic",
};

static const char *const class_units[] = {
    [CLASS_SILICON] = "cycles",
    [CLASS_DETERMINISTIC] = "instructions",
};

static const char *const status_names[] = {
    [STATUS_OK] = "ok",		  [STATUS_SKIPPED] = "skipped",	  [STATUS_FAILED] = "failed",
    [STATUS_TIMEOUT] = "timeout", [STATUS_PANICKED] = "panicked",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int find(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return (int)i;
	return -1;
}

const char *class_name(enum machine_class class)
{
	return class_names[class];
}

const char *class_unit(enum machine_class class)
{
	return class_units[class];
}

bool class_parse(const char *name, enum machine_class *class)
{
	int found = find(class_names, COUNT(class_names), name);

	if (found >= 0)
		*class = (enum machine_class)found;
	return found >= 0;
}

const char *status_name(enum cell_status status)
{
	return status_names[status];
}

bool status_parse(const char *name, enum cell_status *status)
{
	int found = find(status_names, COUNT(status_names), name);

	if (found >= 0)
		*status = (enum cell_status)found;
	return found >= 0;
}
