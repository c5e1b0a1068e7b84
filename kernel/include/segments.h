/* Ring 3's segment registers. */
#ifndef KERNEL_SEGMENTS_H
#define KERNEL_SEGMENTS_H

#include "types.h"

void segments_reset(void); /* as a new program finds them; IRQs are off after it */

#endif
