/* Makes guests: initrd with programs and plan in a folder of its own, ready to start. */
#ifndef RUN_INITRD_H
#define RUN_INITRD_H

#include <glib.h>

#include "guest/guest.h"
#include "run/select.h"
#include "host/pmu.h"

/* How much each program measures; docs/architecture.md, "Options of every benchmark program". */
struct sample_sizes {
	uint64_t batch, repeats, windows, warmup;
	bool core_clock; /* also time what tells core cycles */
};

/* Thousands on silicon, a few dozen where every sample is equal. windows 0: the class's own. */
struct sample_sizes sizes_for(enum machine_class class, uint64_t windows);

/* The programs' part of every initrd. */
struct kit {
	GByteArray *programs;		 /* a cpio archive */
	const struct strings *extras;	 /* QEMU arguments of the user */
	const struct pmu_events *events; /* to be counted; NULL: none */
	bool symbols;			 /* init is to send its kernel's symbols first */
};

/* init: the manifest's. 0, or -1 with error set: a program cannot be read. */
int kit_open(struct kit *kit, const char *init, const struct bench_case *cases, size_t count,
	     const struct strings *extras, struct error *error);
void kit_close(struct kit *kit);

/*
 * Fills in a guest that runs the cases, numbers into `all`, in that order. -1 with error set; free the
 * guest in both cases.
 */
int kit_guest(const struct kit *kit, struct guest *guest, const struct bench_case *all,
	      const size_t *cases, size_t count, struct sample_sizes sizes, struct error *error);

#endif
