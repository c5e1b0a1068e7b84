/* What the state of a host means for figures from it, and what to do about it: the warnings of `doctor`. */
#ifndef HOST_WARNINGS_H
#define HOST_WARNINGS_H

#include "model/run.h"
#include "host/state.h"

/* The closed list; host_warning_code() has the names that JSON uses. */
enum host_warning_kind {
	WARN_ONE_CPU,
	WARN_NOT_ISOLATED,
	WARN_BUSY,
	WARN_SMT_BUSY,
	WARN_SHARED_CORE,
	WARN_STEAL,
	WARN_GOVERNOR,
	WARN_BOOST,
	WARN_TSC_NOT_INVARIANT,
	WARN_TSC_BACKWARDS,
	WARN_TSC_STEP,
	WARN_TSC_FREQUENCY,
	WARN_CLOCKSOURCE,
	WARN_MITIGATIONS,
	WARN_VIRTUAL,
	WARN_SOFTWARE_KVM,
	WARN_NO_REALTIME,
	WARN_NO_PMU,
	WARN_KINDS,
};

struct host_warning {
	enum host_warning_kind kind;
	char *text, *remedy; /* phrases without a dot */
};

struct host_warnings {
	struct host_warning *at;
	size_t count;
};

const char *host_warning_code(enum host_warning_kind kind);

/* At most one of a kind, in the order of the list. Appends; free with host_warnings_free(). */
void host_judge(const struct host_facts *facts, const struct host_state *state,
		struct host_warnings *warnings);
void host_warnings_free(struct host_warnings *warnings);

#endif
