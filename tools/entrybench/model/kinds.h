/* How one kind of field is handled; for fields.c, kinds.c and schema.c. */
#ifndef MODEL_KINDS_H
#define MODEL_KINDS_H

#include "model/fields.h"

/* The place of a value in the file, for messages. */
struct place {
	const char *object, *key;
	struct error *error;
};

struct kind {
	void (*init)(const struct field *field, void *object); /* NULL: zero */
	void (*free)(const struct field *field, void *object); /* NULL: it owns nothing */
	json_t *(*write)(const struct field *field, const void *object);
	int (*read)(const struct field *field, void *object, const json_t *json,
		    const struct place *place);
	const char *schema; /* with ' for ", %s for the key of the estimate; NULL: of its shape */
};

extern const struct kind field_kinds[]; /* by enum field_kind */

static inline void *field_member(const struct field *field, const void *object)
{
	return (char *)object + field->offset;
}

static inline const char *field_key(const struct field *field)
{
	return field->key ? field->key : field->name;
}

/* The member that a function with `field` and `object` is about. */
#define AT(type) (*(type *)field_member(field, object))

/* -1, with "PLACE: what" in the place's error. */
int field_wrong(const struct place *place, const char *what);

/* Jansson's unpacking of one value, with its words for what is wrong. */
int field_unpack(const json_t *json, const struct place *place, const char *format, void *to);

/* A host's text may be anything: "" where it is no UTF-8. null where a number is not finite. */
json_t *field_string(const char *text);
json_t *field_number(double value);

/* In fields.c: what is an object itself, or several. */

void fields_init_part(const struct field *field, void *object);
void fields_free_part(const struct field *field, void *object);
json_t *fields_write_part(const struct field *field, const void *object);
int fields_read_part(const struct field *field, void *object, const json_t *json,
		     const struct place *place);
void fields_free_list(const struct field *field, void *object);
json_t *fields_write_list(const struct field *field, const void *object);
int fields_read_list(const struct field *field, void *object, const json_t *json,
		     const struct place *place);

/* In containers.c. */
#define FIELD_CONTAINER(name)                                                                      \
	void field_free_##name(const struct field *field, void *object);                           \
	json_t *field_write_##name(const struct field *field, const void *object);                 \
	int field_read_##name(const struct field *field, void *object, const json_t *json,         \
			      const struct place *place)
FIELD_CONTAINER(strings);
FIELD_CONTAINER(pairs);
FIELD_CONTAINER(costs);
FIELD_CONTAINER(flags);

#endif
