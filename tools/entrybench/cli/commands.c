/* The table of commands. */
#include "cli/command.h"

const struct command commands[] = {
    {"doctor", "[OPTION]...", "what can be measured here, on which machine, and why not",
     doctor_options, main_doctor},
    {"list", "[OPTION]...", "variants, benchmarks, machines", list_options, main_list},
    {"run", "[OPTION]... [-- QEMU ARGS]", "boot, measure, store", run_options, main_run},
    {0},
};
