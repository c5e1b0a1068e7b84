/* The machines there are; each is defined in a file of its own. */
#ifndef MACHINE_REGISTRY_H
#define MACHINE_REGISTRY_H

#include "machine/machine.h"

extern const struct machine machine_kvm, machine_tcg, machine_bochs, machine_linux,
    machine_linux_kvm, machine_native;

#endif
