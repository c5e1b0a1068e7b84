/* What a boot is worth, from its records, its exit status and the clock together. */
#ifndef GUEST_VERDICT_H
#define GUEST_VERDICT_H

#include "guest/guest.h"

/* Fills status and reason of the guest and of its programs, and begun. */
void verdict_fill(struct guest *guest);

#endif
