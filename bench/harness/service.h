/*
 * How a program reaches a core whose SYSCALL does not dispatch (variant `floor`): by this software interrupt, with the
 * registers of SYSCALL. The core says so by this entry of the auxiliary vector, whose value is the vector.
 */
#ifndef BENCH_SERVICE_H
#define BENCH_SERVICE_H

#define SERVICE_VECTOR	  0x81
#define AT_SERVICE_VECTOR 0x4542

#endif
