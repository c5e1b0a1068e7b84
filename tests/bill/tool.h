/* Runs the host tool and takes its JSON. */
#ifndef BILL_TOOL_H
#define BILL_TOOL_H

#include <jansson.h>

/*
 * What `entrybench ARGUMENTS` prints, and its exit status in *status; NULL where that is no JSON.
 * Free with json_decref().
 */
json_t *tool_json(int *status, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
