# The build manifest: entry_variant() and entry_benchmark() add to it, the host tool reads it (docs/architecture.md).

# manifest_string(OUT TEXT): TEXT as a JSON string.
function(manifest_string out text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  set(${out} "\"${text}\"" PARENT_SCOPE)
endfunction()

# manifest_strings(OUT ITEM...): a JSON array of strings.
function(manifest_strings out)
  set(items)
  foreach(item IN LISTS ARGN)
    manifest_string(quoted "${item}")
    list(APPEND items "${quoted}")
  endforeach()
  list(JOIN items ", " items)
  set(${out} "[${items}]" PARENT_SCOPE)
endfunction()

# manifest_add(variants|benchmarks OBJECT): OBJECT is the entry as JSON text.
function(manifest_add kind object)
  # A semicolon in a text must not part the list of objects.
  string(REPLACE ";" "\\;" object "${object}")
  set_property(GLOBAL APPEND PROPERTY manifest_${kind} "${object}")
endfunction()

# manifest_init(PROGRAM): what runs a plan on Linux, relative to the manifest.
function(manifest_init program)
  set_property(GLOBAL PROPERTY manifest_init "${program}")
endfunction()

# manifest_write(FILE): writes what was added, and fails where it is no JSON.
function(manifest_write file)
  foreach(kind variants benchmarks)
    get_property(objects GLOBAL PROPERTY manifest_${kind})
    list(JOIN objects ",\n    " ${kind})
  endforeach()
  get_property(init GLOBAL PROPERTY manifest_init)
  manifest_string(init "${init}")
  string(CONCAT text "{\n  \"manifest\": \"entrybench-manifest/1\",\n  \"init\": ${init},\n"
    "  \"variants\": [\n    ${variants}\n  ],\n  \"benchmarks\": [\n    ${benchmarks}\n  ]\n}\n")
  string(JSON type ERROR_VARIABLE error GET "${text}" manifest)
  if(error)
    message(FATAL_ERROR "manifest is no JSON: ${error}\n${text}")
  endif()
  file(CONFIGURE OUTPUT ${file} CONTENT "${text}" @ONLY)
endfunction()
