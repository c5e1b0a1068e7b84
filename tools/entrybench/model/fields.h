/*
 * What fields.def declares, and the walks over it.
 *
 * A string is owned and never NULL ("" where there is nothing). A number that was not measured is
 * NAN in memory and null in JSON. Unknown keys are ignored, missing ones leave the first value: so
 * JSON of a sparse shape has only what is required or has another value.
 */
#ifndef MODEL_FIELDS_H
#define MODEL_FIELDS_H

#include <jansson.h>

#include "base/base.h"

/* The kinds, and the C type of each. */
#define FIELD_KINDS(KIND)                                                                          \
	KIND(TEXT, char *)                                                                         \
	KIND(NUMBER, double)                                                                       \
	KIND(WHOLE, double)   /* without a fraction */                                             \
	KIND(SMALL, unsigned) /* at most FIELD_SMALL_MAX */                                        \
	KIND(COUNT, uint64_t)                                                                      \
	KIND(INTEGER, int64_t)                                                                     \
	KIND(BOOL, bool)                                                                           \
	KIND(CLASS, enum machine_class) /* JSON has the unit beside it */                          \
	KIND(STATUS, enum cell_status)                                                             \
	KIND(STRINGS, struct strings)                                                              \
	KIND(PAIRS, struct pairs) /* an object in JSON, as are COSTS */                            \
	KIND(COSTS, struct costs)                                                                  \
	KIND(FLAGS, struct flags)

#define FIELD_SMALL_MAX 1000000

#define FIELD_KIND(kind, type) FIELD_##kind,
enum field_kind { FIELD_KINDS(FIELD_KIND) FIELD_INTERVAL, FIELD_PART, FIELD_LIST };
#undef FIELD_KIND

struct field {
	enum field_kind kind;
	const char *name; /* of the member */
	size_t offset;
	const struct shape *(*shape)(void); /* of a PART, and of the items of a LIST */
	const char *estimate;		    /* INTERVAL: key of the estimate */
	const char *about;
	const char *key;  /* in JSON; NULL: the member's name */
	bool later;	  /* files of older tools lack it; of no meaning in a sparse shape */
	bool required;	  /* a file without it is refused */
	bool filled;	  /* a text that must not be empty */
	const char *rule; /* what else the schema says, with ' for " */
};

/* A struct that fields describe. */
struct shape {
	const char *name, *about;
	size_t size;
	const struct field *fields;
	size_t count;
	bool null_if_zero; /* JSON has null for one whose first field, a COUNT, is 0 */
	bool sparse;
};

/* First values. The object need not be zeroed. */
void fields_init(const struct shape *shape, void *object);

/* Frees what the object owns; it is all zero then. */
void fields_free(const struct shape *shape, void *object);

/* A new reference, never NULL. A host's text may be anything: what is no UTF-8 becomes "". */
json_t *fields_write(const struct shape *shape, const void *object);

/* Reads JSON at `where` ("cells[3]") into an initialised object. -1 with error "PLACE.KEY: ...". */
int fields_read(const struct shape *shape, void *object, json_t *json, const char *where,
		struct error *error);

/* Appends an initialised item to a list (a pointer and its count); good until the next is added. */
void *fields_append(const struct shape *shape, void *list);

/* The item of that name, which its first field is. NULL: there is none. */
void *fields_find(const struct shape *shape, const void *list, const char *name);

/* Frees the items; the list is empty then. */
void fields_clear(const struct shape *shape, void *list);

/* The field's key in JSON; the shape of its items or part, or NULL. */
const char *field_key(const struct field *field);
const struct shape *field_shape(const struct field *field);

#endif
