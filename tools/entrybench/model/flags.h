/* What flags mean, and the life of the small containers. */
#ifndef MODEL_FLAGS_H
#define MODEL_FLAGS_H

#include "model/run.h"

/* One phrase a reader understands; NULL: a flag of the guest's own, its text says it. */
const char *flag_about(const char *name);

void flags_free(struct flags *flags);
void costs_free(struct costs *costs);
void pairs_free(struct pairs *pairs);
void pairs_copy(struct pairs *to, const struct pairs *from); /* appends */

#endif
