/* What a cell is compared with. */
#ifndef MODEL_REFERENCE_H
#define MODEL_REFERENCE_H

#include "model/run.h"

/*
 * The feature that `with` has and `without` has not, where that is all in which they differ: "kpti" for sysret-kpti against
 * sysret. A feature is not there where its value is absent or "off"; `exit` is not there where it is iret. NULL: they differ
 * in more, in nothing, or the other way round.
 */
const char *feature_added(const struct pairs *without, const struct pairs *with);

/*
 * The benchmark's own reference case, where it has one; else the variant that --reference named; else the same variant
 * without one feature: the last one of its list, but the exit's choice only where nothing else can be taken away; else, on a
 * machine whose variants have no features, the first of its variants. NULL: nothing, or the cell itself is that.
 */
const struct cell *run_reference_of(const struct run *run, const struct cell *cell);

#endif
