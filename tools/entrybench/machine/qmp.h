/* The little of QEMU's machine protocol that is needed here: who runs the vCPU, and go. */
#ifndef MACHINE_QMP_H
#define MACHINE_QMP_H

#include "base/process.h"

/*
 * Connects to a QEMU that was started with -S, pins the thread of its first vCPU to a CPU of the host (-1:
 * does not), and lets the guest run. False if QEMU ends or does not answer within two seconds.
 */
bool qmp_pin_and_go(const char *socket_path, struct process *process, int cpu);

#endif
