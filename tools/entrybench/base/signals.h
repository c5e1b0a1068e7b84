/* Signals as something to poll: the end of children, and the user's wish to stop. */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <stdbool.h>

/* From now on the end of a child and all signals by which one ends a program only make signals_fd() readable. */
void signals_open(void);
int signals_fd(void);

/* Takes what has arrived. */
void signals_take(void);

/* The user wants to stop. */
bool signals_interrupted(void);

#endif
