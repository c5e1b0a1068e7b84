/* IRET to a stack segment of the LDT. */
#ifndef KERNEL_ESPFIX_H
#define KERNEL_ESPFIX_H

/* Maps the ministack's aliases, where the variant uses them. */
void espfix_init(void);

#endif
