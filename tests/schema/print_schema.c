/* Prints the JSON Schema of run.json, as results/schema/run.schema.json holds it. */
#include <stdio.h>

#include "model/model.h"

int main(void)
{
	json_t *schema = fields_schema(run_shape(), RUN_SCHEMA);

	json_dumpf(schema, stdout, JSON_INDENT(1));
	json_decref(schema);
	return putchar('\n') == EOF;
}
