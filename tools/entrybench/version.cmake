# Writes run/version.h of the build folder, anew only where it changes: cmake -DSOURCE= -DOUT= -DVERSION= -P
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12
  OUTPUT_VARIABLE git OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT
"/* Made by version.cmake: which tool this is. */
#define ENTRYBENCH_VERSION \"${VERSION}\"
#define ENTRYBENCH_GIT	   \"${git}\"
")
