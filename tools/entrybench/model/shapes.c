/* The shapes of a run's objects. */
#include "model/model.h"
#include "model/shapes.h"

#define OBJECT struct quantiles
static const struct field quantiles_fields[] = {
#include "model/fields/quantiles.def"
};
#undef OBJECT
const struct shape quantiles_shape = {.name = "window",
				      .about = "single-shot windows of one boot",
				      .size = sizeof(struct quantiles),
				      .fields = quantiles_fields,
				      .count = G_N_ELEMENTS(quantiles_fields),
				      .null_if_zero = true};

#define OBJECT struct controls
static const struct field controls_fields[] = {
#include "model/fields/controls.def"
};
#undef OBJECT
SHAPE(controls, "controls", "what the harness costs, an iteration");

#define OBJECT struct clock_facts
static const struct field clock_facts_fields[] = {
#include "model/fields/clock.def"
};
#undef OBJECT
SHAPE(clock_facts, "clock", "how a guest's clock behaved");

#define OBJECT struct boot
static const struct field boot_fields[] = {
#include "model/fields/boot.def"
};
#undef OBJECT
SHAPE(boot, "boot", "one start of the machine: the replicate of every statistic");

#define OBJECT struct run_level
static const struct field run_level_fields[] = {
#include "model/fields/level.def"
};
#undef OBJECT
SHAPE(run_level, "level", "some of a cell's boots that lie together, apart from all others");

#define OBJECT struct summary
static const struct field summary_fields[] = {
#include "model/fields/summary.def"
};
#undef OBJECT
SHAPE(summary, "summary", "what the boots of a cell say together");

#define OBJECT struct cell
static const struct field cell_fields[] = {
#include "model/fields/cell.def"
};
#undef OBJECT
SHAPE(cell, "cell", "machine x variant x benchmark");

#define OBJECT struct run_machine
static const struct field run_machine_fields[] = {
#include "model/fields/machine.def"
};
#undef OBJECT
SHAPE(run_machine, "machine", "a machine as it was when the run began");

#define OBJECT struct host_facts
static const struct field host_facts_fields[] = {
#include "model/fields/host.def"
};
#undef OBJECT
SHAPE(host_facts, "host", "the computer that the tool ran on");

#define OBJECT struct run_options
static const struct field run_options_fields[] = {
#include "model/fields/options.def"
};
#undef OBJECT
SHAPE(run_options, "options", "what was asked for: enough to resume the run");

#define OBJECT struct tool
static const struct field tool_fields[] = {
#include "model/fields/tool.def"
};
#undef OBJECT
SHAPE(tool, "tool", "which entrybench this was");

#define OBJECT struct run
static const struct field run_fields[] = {
#include "model/fields/run.def"
};
#undef OBJECT
SHAPE(run, "run",
      "run.json of a results folder: one run of entrybench; costs are in the unit of their cell, "
      "null: not measured");
