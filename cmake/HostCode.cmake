# host_code(): everything below this folder runs on the host, so the sanitizers watch it where ENTRYBENCH_SANITIZE is on.
macro(host_code)
  if(ENTRYBENCH_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
  endif()
endmacro()
