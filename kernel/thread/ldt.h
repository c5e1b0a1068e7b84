/* The program's own segment descriptors. */
#ifndef KERNEL_LDT_H
#define KERNEL_LDT_H

void ldt_reset(void); /* before each program: none */

#endif
