/* What the machines on hardware KVM share: whether it is there, and a guest that waits until its vCPU is pinned. */
#ifndef MACHINE_KVM_H
#define MACHINE_KVM_H

#include "machine/machine.h"

/* Hardware needs some tens of ticks for an empty window; interception of RDTSC takes thousands. */
#define KVM_WINDOW_LIMIT 1000

/* NULL, or why this host has no KVM to measure with. */
const char *kvm_obstacle(bool *hopeless);

/* Arguments with which QEMU starts the guest only once kvm_pin() says so. */
void kvm_hold(const struct guest_request *request, struct strings *argv);

/* Pins the vCPU to the CPU of the request, if it has one, and lets the guest go. */
void kvm_pin(const struct guest_request *request, struct process *process);

#endif
