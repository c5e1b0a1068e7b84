/* From boots to the status of a cell. */
#ifndef RUN_CELL_STATUS_H
#define RUN_CELL_STATUS_H

#include "model/run.h"

/*
 * Fills status, reason and flags from the boots there are. A cell without any is left as it is. A cell of
 * a deterministic machine is failed where two of its boots differ by anything at all.
 */
void judge_cell(struct cell *cell);

#endif
