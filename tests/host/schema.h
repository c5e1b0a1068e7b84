/*
 * A validator of JSON Schema 2020-12, as far as results/schema/ uses it: type, const, enum, required, properties,
 * additionalProperties, items, minItems, maxItems, minimum, maximum, minLength, pattern, anyOf, $ref to #/$defs/NAME.
 * Any other keyword is an error, so that a schema never says what nobody checks.
 */
#ifndef TESTS_SCHEMA_H
#define TESTS_SCHEMA_H

#include <stdbool.h>

#include <jansson.h>

struct schema_error {
	char where[200]; /* "/cells/3/unit" */
	char what[200];
};

/* False with *error where `value` is not what `schema` asks for, or the schema asks for what is not supported. */
bool schema_accepts(const json_t *schema, const json_t *value, struct schema_error *error);

#endif
