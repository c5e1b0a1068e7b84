# Ring-3 programs: freestanding static x86-64 Linux ELF files, and their lines in the manifest.

include_guard()

# Code as the timed text needs it: nothing that a C library, the FPU or a sanitizer would have to be there for.
set(ring3_compile_options
  -O2 -ffreestanding -fno-pie -mgeneral-regs-only -fno-stack-protector -fno-sanitize=all
  -fcf-protection=none -fno-asynchronous-unwind-tables -fno-unwind-tables
  $<$<C_COMPILER_ID:Clang>:-fno-integrated-as>) # the timed text counts its own bytes, which only GNU as does in C

# Two segments (code, data), a plain low address, no stack that runs, no build id: the same file in every build.
set(ring3_link_options
  -nostdlib -static -fno-sanitize=all
  -Wl,--build-id=none -Wl,--strip-debug -Wl,-Ttext-segment=0x400000
  -Wl,-z,max-page-size=4096 -Wl,-z,noseparate-code -Wl,-z,noexecstack)

# ring3_program(NAME SOURCE...): build/bench/NAME, with nothing but its own sources and the harness library.
function(ring3_program name)
  add_executable(bench_${name} ${ARGN})
  set_target_properties(bench_${name} PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench POSITION_INDEPENDENT_CODE OFF)
  target_link_libraries(bench_${name} PRIVATE bench_harness)
  install(TARGETS bench_${name} DESTINATION ${ENTRYBENCH_DATA}/bench)
endfunction()

# entry_benchmark(NAME n [SOURCE file] [PARAMS p...] [REFERENCE p] CLASSES silicon|deterministic...|none ABOUT text)
# builds the benchmark from bench/NAME.c and adds it to the manifest. docs/adding-a-benchmark.md explains.
function(entry_benchmark)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;SOURCE;REFERENCE;ABOUT" "PARAMS;CLASSES")
  foreach(needed NAME CLASSES ABOUT)
    if(NOT arg_${needed})
      message(FATAL_ERROR "entry_benchmark(${arg_NAME}): ${needed} is missing")
    endif()
  endforeach()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "entry_benchmark(${arg_NAME}): unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  foreach(class IN LISTS arg_CLASSES)
    if(NOT class MATCHES "^(silicon|deterministic|none)$")
      message(FATAL_ERROR "entry_benchmark(${arg_NAME}): class ${class} is neither silicon nor deterministic nor none")
    endif()
  endforeach()
  if(arg_REFERENCE AND NOT arg_REFERENCE IN_LIST arg_PARAMS)
    message(FATAL_ERROR "entry_benchmark(${arg_NAME}): the reference ${arg_REFERENCE} is none of its parameters")
  endif()
  if(NOT arg_SOURCE)
    set(arg_SOURCE ${arg_NAME}.c)
  endif()

  ring3_program(${arg_NAME} ${arg_SOURCE})

  manifest_string(name "${arg_NAME}")
  manifest_strings(params ${arg_PARAMS})
  list(REMOVE_ITEM arg_CLASSES none)
  manifest_strings(classes ${arg_CLASSES})
  manifest_string(about "${arg_ABOUT}")
  manifest_string(reference "${arg_REFERENCE}")
  string(CONCAT json "{\"name\": ${name}, \"program\": \"bench/${arg_NAME}\", \"params\": ${params}, "
    "\"classes\": ${classes}, \"reference\": ${reference}, \"about\": ${about}}")
  manifest_add(benchmarks "${json}")
endfunction()

# The harness, built once for all programs.
add_library(bench_harness STATIC
  ${CMAKE_SOURCE_DIR}/bench/harness/compat.c
  ${CMAKE_SOURCE_DIR}/bench/harness/controls.c
  ${CMAKE_SOURCE_DIR}/bench/harness/adds.c
  ${CMAKE_SOURCE_DIR}/bench/harness/core_clock.c
  ${CMAKE_SOURCE_DIR}/bench/harness/fault_pages.c
  ${CMAKE_SOURCE_DIR}/bench/harness/options.c
  ${CMAKE_SOURCE_DIR}/bench/harness/placement.c
  ${CMAKE_SOURCE_DIR}/bench/harness/pmu.c
  ${CMAKE_SOURCE_DIR}/bench/harness/probe.c
  ${CMAKE_SOURCE_DIR}/bench/harness/report.c
  ${CMAKE_SOURCE_DIR}/bench/harness/run.c
  ${CMAKE_SOURCE_DIR}/bench/harness/samples.c
  ${CMAKE_SOURCE_DIR}/bench/harness/signal.c
  ${CMAKE_SOURCE_DIR}/bench/harness/start.S
  ${CMAKE_SOURCE_DIR}/bench/harness/stream.c
  ${CMAKE_SOURCE_DIR}/bench/harness/sys.c
  ${CMAKE_SOURCE_DIR}/bench/harness/text.c
  ${CMAKE_SOURCE_DIR}/bench/harness/verdict.c)
target_include_directories(bench_harness PUBLIC ${CMAKE_SOURCE_DIR}/bench ${CMAKE_SOURCE_DIR}/include)
target_compile_options(bench_harness PUBLIC ${ring3_compile_options})
target_link_options(bench_harness INTERFACE ${ring3_link_options})
