/*
 * From the records of one program to the figures of one boot: readings go into histograms as they come,
 * so that memory does not grow with their number.
 */
#ifndef GUEST_COLLECT_H
#define GUEST_COLLECT_H

#include "model/run.h"
#include "record/record.h"
#include "stats/histogram.h"
#include "stats/round_trip.h"

struct collector;

/* name and param as the plan has them; param "" if there is none. */
struct collector *collector_new(const char *name, const char *param);
void collector_free(struct collector *collector);

/* Takes a record. NULL, or what is wrong with it; the stream is broken then. */
const char *collector_take(struct collector *collector, const struct record *record);

/*
 * The stream is whole: fills status, reason, costs, quantiles, controls, clock, counts and flags. A boot
 * that lacks what every program sends is failed; so is one of a deterministic machine whose readings of
 * one kind differ. `interrupted`: the kernel's timer runs, so single readings may be longer; then most of them must be the
 * shortest, and a flag counts the others.
 */
void collector_finish(struct collector *collector, enum machine_class class, bool interrupted,
		      struct boot *boot);

/* How the program itself says that it ended; STATUS_OK until then. */
enum cell_status collector_status(const struct collector *collector);

/* The single-shot windows of the crossing; NULL: none. Good as long as the collector. */
const struct histogram *collector_windows(const struct collector *collector);

/* The windows of n and of 2n crossings of that kind. False: none. Good as long as the collector. */
bool collector_batch(const struct collector *collector, const char *of, struct batch *batch);

/* The smallest empty window; NAN: none. */
double collector_empty_window(const struct collector *collector);

#endif
