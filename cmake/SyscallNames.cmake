# syscall_names(FILE): writes the names of Linux' system calls as rows of a C table, [57] = "fork",
# from the compiler's own <asm/unistd_64.h>.
function(syscall_names file)
  file(WRITE ${file}.c "#include <asm/unistd_64.h>\n")
  execute_process(COMMAND ${CMAKE_C_COMPILER} -E -dM ${file}.c OUTPUT_VARIABLE defines COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "__NR_[a-z0-9_]+ [0-9]+" defines "${defines}")
  list(SORT defines COMPARE NATURAL)
  set(text "/* Made from <asm/unistd_64.h> by cmake/SyscallNames.cmake. */\n")
  foreach(define IN LISTS defines)
    string(REGEX MATCH "__NR_([a-z0-9_]+) ([0-9]+)" define "${define}")
    if(CMAKE_MATCH_2 LESS 512) # what comes after is x32's
      string(APPEND text "[${CMAKE_MATCH_2}] = \"${CMAKE_MATCH_1}\",\n")
    endif()
  endforeach()
  file(CONFIGURE OUTPUT ${file} CONTENT "${text}")
endfunction()
