# entry_variant(NAME name FEATURES key=value... [SYSCALL_64 symbol SOURCES file.S...] [NEEDS cpu-feature...]
#   [UNSAFE] [EXTRA] ABOUT "...")
#
# One kernel image, build/kernels/NAME.elf: the core, the entry code assembled with its features (EntryFeatures.cmake),
# and the constant description that C reads. A variant with a SYSCALL entry of its own names its symbol and the SOURCES that
# take the place of kernel/entry/syscall_64.S. entry=fred has one entry for everything, kernel/entry/fred.S. UNSAFE marks a path
# that leaves out what a real kernel needs, EXTRA one that a run leaves out when neither variants nor benchmarks are chosen.
# Beside the image stand NAME.entry.dis, the disassembly of its entry code, and NAME.stamped.elf, whose phases take time stamps,
# for the bill.
include(EntryFeatures)
set(entry_sources iret.S exception.S interrupt.S return_fixup.S paranoid.S int80.S compat.S gates.S thunk.S return_thunk.S)
list(TRANSFORM entry_sources PREPEND ${CMAKE_SOURCE_DIR}/kernel/entry/)
set(entry_sources_fred fred.S thunk.S)
list(TRANSFORM entry_sources_fred PREPEND ${CMAKE_SOURCE_DIR}/kernel/entry/)
set(entry_syscall_source ${CMAKE_SOURCE_DIR}/kernel/entry/syscall_64.S)
set(entry_variant_c ${CMAKE_SOURCE_DIR}/kernel/entry/variant.c)
set(kernel_ld ${CMAKE_SOURCE_DIR}/kernel/kernel.ld.S)

set(entry_image_link_options -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack)

# entry_image(NAME CORE SCRIPT SOURCES DEFINITION...): build/kernels/NAME.elf from that kind of core and the entry code in
# SOURCES.
function(entry_image name core script sources)
  set(target kernel-${name})
  set(image ${CMAKE_BINARY_DIR}/kernels/${name}.elf)
  get_property(flags GLOBAL PROPERTY core_flags)
  get_property(more_flags GLOBAL PROPERTY ${core}_flags)
  get_property(core_definitions GLOBAL PROPERTY ${core}_definitions)
  get_property(includes GLOBAL PROPERTY core_includes)
  add_executable(${target} ${sources} ${entry_variant_c} $<TARGET_OBJECTS:${core}>)
  add_dependencies(${target} asm_offsets_header kernel_ld)
  target_compile_definitions(${target} PRIVATE ${ARGN} ${core_definitions})
  target_compile_options(${target} PRIVATE ${flags} ${more_flags})
  target_include_directories(${target} PRIVATE ${includes} ${CMAKE_SOURCE_DIR}/kernel/entry)
  target_link_options(${target} PRIVATE ${entry_image_link_options} -T ${script})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name}.elf RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/kernels
    LINK_DEPENDS ${script})
  install(TARGETS ${target} DESTINATION ${ENTRYBENCH_DATA}/kernels)
  add_custom_command(TARGET ${target} POST_BUILD VERBATIM
    COMMAND sh -c "${CMAKE_OBJDUMP} -d -j .entry.text \"$1\" > \"$2\"" sh ${image} ${CMAKE_BINARY_DIR}/kernels/${name}.entry.dis)
endfunction()

# entry_layouts(NAME CORE SCRIPT): target layouts-NAME (and `layouts`, of all variants) links the objects of image NAME once more
# for each place 1 to 15 of bench/harness/placement.h, into build/kernels/layouts/NAME.PLACE.elf: the entry code lies as far
# behind its usual place as the timed text of that layout does, but for its own alignment of 16 bytes.
function(entry_layouts name core script)
  set(images)
  foreach(place RANGE 1 15)
    math(EXPR shift "${place} * 2531 % 4096 / 16 * 16")
    set(image ${CMAKE_BINARY_DIR}/kernels/layouts/${name}.${place}.elf)
    add_custom_command(OUTPUT ${image} VERBATIM COMMAND_EXPAND_LISTS
      COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/kernels/layouts
      COMMAND ${CMAKE_C_COMPILER} ${entry_image_link_options} -T ${script} -Wl,--defsym=entry_shift=${shift}
        $<TARGET_OBJECTS:kernel-${name}> $<TARGET_OBJECTS:${core}> -o ${image}
      DEPENDS kernel-${name} ${script})
    list(APPEND images ${image})
  endforeach()
  add_custom_target(layouts-${name} DEPENDS ${images})
  if(NOT TARGET layouts)
    add_custom_target(layouts)
  endif()
  add_dependencies(layouts layouts-${name})
endfunction()

# core_of_features(CORE SCRIPT FEATURE...): which kind of core the features want (kernel/CMakeLists.txt), and its linker script;
# empty where the compiler cannot make it.
function(core_of_features core script)
  set(kind core)
  set(ld kernel)
  if("call_depth=on" IN_LIST ARGN)
    set(kind core_call_depth)
  elseif("its=on" IN_LIST ARGN OR "return_thunk=retbleed" IN_LIST ARGN OR "return_thunk=srso" IN_LIST ARGN)
    set(kind core_return_thunk)
  endif()
  if("ibt=on" IN_LIST ARGN)
    string(APPEND kind _ibt)
  endif()
  if("kcfi=on" IN_LIST ARGN)
    string(APPEND kind _kcfi)
  endif()
  if("return_thunk=srso" IN_LIST ARGN)
    set(ld kernel_srso)
  elseif(NOT kind MATCHES "^core(_ibt)?(_kcfi)?$")
    set(ld kernel_thunks)
  endif()
  if(NOT TARGET ${kind})
    set(kind)
  endif()
  set(${core} "${kind}" PARENT_SCOPE)
  set(${script} ${CMAKE_BINARY_DIR}/kernel/${ld}.ld PARENT_SCOPE)
endfunction()

function(entry_variant)
  cmake_parse_arguments(PARSE_ARGV 0 v "UNSAFE;EXTRA" "NAME;ABOUT;SYSCALL_64" "FEATURES;SOURCES;NEEDS")
  if(NOT v_NAME OR NOT v_ABOUT OR NOT v_FEATURES OR v_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "entry_variant(NAME ... FEATURES ... ABOUT ...): missing or unknown argument: ${v_UNPARSED_ARGUMENTS}")
  endif()
  get_property(names GLOBAL PROPERTY entry_variant_names)
  if(v_NAME IN_LIST names)
    message(FATAL_ERROR "entry_variant: two variants are named ${v_NAME}")
  endif()
  core_of_features(core script ${v_FEATURES})
  if(NOT core)
    message(STATUS "no variant ${v_NAME}: this compiler cannot make its core")
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY entry_variant_names ${v_NAME})
  if("entry=fred" IN_LIST v_FEATURES)
    list(APPEND v_SOURCES ${entry_sources_fred})
  else()
    list(APPEND v_SOURCES ${entry_sources})
    if(NOT v_SYSCALL_64)
      set(v_SYSCALL_64 entry_syscall_64)
      list(APPEND v_SOURCES ${entry_syscall_source})
    endif()
  endif()

  entry_feature_definitions(definitions ${v_NAME} ${v_FEATURES})
  set(features_json)
  foreach(feature IN LISTS v_FEATURES)
    string(REGEX REPLACE "^(.*)=(.*)$" "\"\\1\": \"\\2\"" member "${feature}")
    list(APPEND features_json "${member}")
  endforeach()
  list(JOIN v_FEATURES " " features_text)
  list(JOIN v_NEEDS " " needs_text)
  list(JOIN features_json ", " features_json)

  set(definitions ${definitions} VARIANT_SYSCALL_64=${v_SYSCALL_64} VARIANT_NAME="${v_NAME}" VARIANT_FEATURES="${features_text}"
    VARIANT_NEEDS="${needs_text}")
  entry_image(${v_NAME} ${core} ${script} "${v_SOURCES}" STAMPED=0 ${definitions})
  entry_layouts(${v_NAME} ${core} ${script})
  entry_image(${v_NAME}.stamped ${core} ${script} "${v_SOURCES}" STAMPED=1 ${definitions})

  set(safe true)
  if(v_UNSAFE)
    set(safe false)
  endif()
  set(extra false)
  if(v_EXTRA)
    set(extra true)
    set_property(GLOBAL APPEND PROPERTY entry_variant_extras ${v_NAME})
  endif()
  manifest_string(about "${v_ABOUT}")
  manifest_strings(needs ${v_NEEDS})
  string(CONCAT json
    "{\"name\": \"${v_NAME}\", \"image\": \"kernels/${v_NAME}.elf\", \"stamped\": \"kernels/${v_NAME}.stamped.elf\", "
    "\"features\": {${features_json}}, \"safe\": ${safe}, \"extra\": ${extra}, \"needs\": ${needs}, \"about\": ${about}}")
  manifest_add(variants "${json}")
endfunction()

# The linker script, through the preprocessor for layout.h: for every variant, with room for return thunks, and for SRSO's pair.
# linker_script(NAME DEFINITION...)
function(linker_script name)
  set(out ${CMAKE_BINARY_DIR}/kernel/${name}.ld)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_C_COMPILER} -E -P -x assembler-with-cpp -I${CMAKE_SOURCE_DIR}/kernel ${ARGN} ${kernel_ld} -o ${out}
    DEPENDS ${kernel_ld} ${CMAKE_SOURCE_DIR}/kernel/mm/layout.h VERBATIM)
  set_property(GLOBAL APPEND PROPERTY linker_scripts ${out})
endfunction()
linker_script(kernel)
linker_script(kernel_thunks -DRETURN_THUNKS=1)
linker_script(kernel_srso -DRETURN_THUNKS=1 -DSRSO_PAIR=1)
get_property(linker_scripts GLOBAL PROPERTY linker_scripts)
add_custom_target(kernel_ld DEPENDS ${linker_scripts})
