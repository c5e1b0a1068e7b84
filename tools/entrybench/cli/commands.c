/* The table of commands. */
#include "cli/command.h"

const struct command commands[] = {
    {"doctor", "[OPTION]...", "what can be measured here, on which machine, and why not",
     doctor_options, main_doctor},
    {"list", "[OPTION]...", "variants, benchmarks, machines", list_options, main_list},
    {"run", "[OPTION]... [--program FILE [ARG]...] [-- QEMU ARGS]", "boot, measure, store",
     run_options, main_run},
    {"report", "[OPTION]... DIR", "table, plots and report of a results folder", report_options,
     main_report},
    {"export", "[OPTION]... DIR", "a results folder as CSV or JSON", export_options, main_export},
    {"bill", "[OPTION]... [linux:]VARIANT [[linux:]VARIANT]",
     "itemise one round trip, or compare two", bill_options, main_bill},
    {0},
};
