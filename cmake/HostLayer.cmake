# host_layer(NAME [ON layer...] [LIBRARIES library...]): the sources of NAME/ as the static library entrybench-NAME, which
# may call what is in the layers it stands on, and in those below them.
#
# The build also links each layer whole with nothing but these, so that a call upwards is an undefined symbol.
include_guard()

function(host_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "ON;LIBRARIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "host_layer(${name}): unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(library entrybench-${name})
  file(GLOB sources CONFIGURE_DEPENDS ${name}/*.c)
  add_library(${library} STATIC ${sources})
  target_include_directories(${library} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
  target_compile_definitions(${library} PUBLIC _GNU_SOURCE)
  list(TRANSFORM arg_ON PREPEND entrybench-)
  target_link_libraries(${library} PUBLIC ${arg_ON} ${arg_LIBRARIES})

  set(main ${CMAKE_CURRENT_BINARY_DIR}/layer_main.c)
  if(NOT EXISTS ${main})
    file(WRITE ${main} "int main(void)\n{\n\treturn 0;\n}\n")
  endif()
  add_executable(layer-${name} ${main})
  target_link_libraries(layer-${name} PRIVATE -Wl,--whole-archive $<TARGET_FILE:${library}> -Wl,--no-whole-archive ${library})
  add_dependencies(layer-${name} ${library})
endfunction()
