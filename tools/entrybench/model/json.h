/* Parts of a run as JSON values, for whoever prints them. */
#ifndef MODEL_JSON_H
#define MODEL_JSON_H

#include <jansson.h>

#include "model/run.h"

/* A new reference; never NULL. */
json_t *run_host_json(const struct host_facts *host);

#endif
