/*
 * A datum is declared once, in fields/OBJECT.def; its member of the struct, its first value, its release, its reading from
 * and writing to JSON and its line of the published schema all come from there. To add one, add a line.
 *
 *	FIELD(KIND, name, "about", ...)        a member of that kind
 *	PART(shape, name, "about", ...)        a member that is an object itself, struct SHAPE
 *	LIST(shape, name, count, "about", ...) an array of objects and how many they are
 *	INTERVAL(name, "key", "about", ...)    an estimate, called KEY in JSON, with its 95 % interval
 *
 * What may follow are members of struct field: .key, .later, .rule.
 *
 * A string is owned and never NULL ("" where there is nothing). A number that was not measured is NAN in memory and null
 * in JSON. Unknown keys are ignored, missing ones leave the first value.
 */
#ifndef MODEL_FIELDS_H
#define MODEL_FIELDS_H

#include <jansson.h>

#include "base/base.h"

enum field_kind {
	FIELD_TEXT,
	FIELD_NAME,    /* a text that is not empty */
	FIELD_TIME,    /* ISO 8601, UTC, or empty */
	FIELD_NUMBER,  /* double */
	FIELD_WHOLE,   /* double without a fraction */
	FIELD_SECONDS, /* double, above 0; 0 in memory is null */
	FIELD_SMALL,   /* unsigned, at most FIELD_SMALL_MAX */
	FIELD_COUNT,   /* uint64_t */
	FIELD_INTEGER, /* int64_t */
	FIELD_BOOL,
	FIELD_CLASS, /* enum machine_class; JSON has the unit beside it */
	FIELD_STATUS,
	FIELD_STRINGS,
	FIELD_PAIRS,
	FIELD_COSTS,
	FIELD_FLAGS,
	FIELD_INTERVAL,
	FIELD_PART,
	FIELD_LIST,
};

#define FIELD_SMALL_MAX 1000000

/* The C type of each kind. */
#define FIELD_TYPE_TEXT	   char *
#define FIELD_TYPE_NAME	   char *
#define FIELD_TYPE_TIME	   char *
#define FIELD_TYPE_NUMBER  double
#define FIELD_TYPE_WHOLE   double
#define FIELD_TYPE_SECONDS double
#define FIELD_TYPE_SMALL   unsigned
#define FIELD_TYPE_COUNT   uint64_t
#define FIELD_TYPE_INTEGER int64_t
#define FIELD_TYPE_BOOL	   bool
#define FIELD_TYPE_CLASS   enum machine_class
#define FIELD_TYPE_STATUS  enum cell_status
#define FIELD_TYPE_STRINGS struct strings
#define FIELD_TYPE_PAIRS   struct pairs
#define FIELD_TYPE_COSTS   struct costs
#define FIELD_TYPE_FLAGS   struct flags

struct shape;

struct field {
	enum field_kind kind;
	const char *name; /* of the member */
	size_t offset, count_offset;
	const struct shape *shape; /* of PART and LIST */
	const char *estimate;	   /* INTERVAL: key of the estimate */
	const char *about;
	const char *key;  /* in JSON; NULL: the member's name */
	bool later;	  /* files of older tools lack it */
	bool required;	  /* a file without it is refused */
	const char *rule; /* what else the schema says, with ' for " */
};

/* A struct that fields describe. */
struct shape {
	const char *name, *about;
	size_t size;
	const struct field *fields;
	size_t count;
	bool null_if_zero; /* JSON has null for one whose first field, a COUNT, is 0 */
};

/* First values. The object need not be zeroed. */
void fields_init(const struct shape *shape, void *object);

/* Frees what the object owns; it is all zero then. */
void fields_free(const struct shape *shape, void *object);

/* A new reference, never NULL. A host's text may be anything: what is no UTF-8 becomes "". */
json_t *fields_write(const struct shape *shape, const void *object);

/*
 * Reads what JSON holds into an object that was initialised; where: its place for messages ("cells[3]"). 0, or -1 with
 * error: "PLACE.KEY: what Jansson found".
 */
int fields_read(const struct shape *shape, void *object, const json_t *json, const char *where,
		struct error *error);

/* The list of that name gets one more item, initialised: a pointer, good until the next one. */
void *fields_append(const struct shape *shape, void *object, const char *list);

/* Frees the items of the list of that name; it is empty then. */
void fields_clear(const struct shape *shape, void *object, const char *list);

/* The published schema of a shape and all that it is made of (JSON Schema 2020-12). A new reference. */
json_t *fields_schema(const struct shape *shape, const char *title);

#endif
