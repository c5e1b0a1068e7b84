# The features that a variant may have, each with all its values; where a variant names none it has the first.
# Entry code and kernel/entry/variant.c see FEATURE_<feature>_<value> as 0 or 1 for each line's values
# (docs/adding-a-variant.md says where each acts).
set(entry_features
  entry=idt,fred
  exit=iret,sysret,floor,eretu
  kpti=off,on,pcid
  erase=off,on
  choice=asm,c
  dispatch=c,asm,switch,lean
  clear=on,off
  lfence=off,idt,all
  retpoline=off,on
  ibrs=off,on
  ibpb=off,entry
  return_thunk=off,retbleed,srso
  call_depth=off,on
  its=off,on
  ibt=off,on
  kcfi=off,on
  verw=off,mds,rfds,tsa
  divider=off,on
  vmscape=off,on
  kstack_offset=off,on,rdtsc
  int80=asm,c
  rseq=off,on
  shstk=off,on
  rsb=off,on
  bhb=off,loop,long,dis_s
  paranoid=rdmsr,fsgsbase
  espfix=off,on
  la57=off,on)

# entry_feature_definitions(OUT VARIANT feature=value...): the definitions for these; an error for what is not in the list.
function(entry_feature_definitions out variant)
  set(names)
  foreach(row IN LISTS entry_features)
    string(REGEX MATCH "^([a-z0-9_]+)=(.*)$" row "${row}")
    set(name ${CMAKE_MATCH_1})
    list(APPEND names ${name})
    string(REPLACE "," ";" values_${name} "${CMAKE_MATCH_2}")
    list(GET values_${name} 0 chosen_${name})
  endforeach()

  set(given)
  foreach(feature IN LISTS ARGN)
    if(NOT feature MATCHES "^([a-z0-9_]+)=([a-z0-9_]+)$")
      message(FATAL_ERROR "entry_variant ${variant}: \"${feature}\" is not feature=value")
    endif()
    set(name ${CMAKE_MATCH_1})
    set(value ${CMAKE_MATCH_2})
    if(NOT name IN_LIST names)
      list(JOIN names ", " known)
      message(FATAL_ERROR "entry_variant ${variant}: unknown feature ${name}; known are ${known}")
    endif()
    if(NOT value IN_LIST values_${name})
      list(JOIN values_${name} ", " known)
      message(FATAL_ERROR "entry_variant ${variant}: ${name} has no value ${value}; known are ${known}")
    endif()
    if(name IN_LIST given)
      message(FATAL_ERROR "entry_variant ${variant}: ${name} is given twice")
    endif()
    list(APPEND given ${name})
    set(chosen_${name} ${value})
  endforeach()

  set(definitions)
  foreach(name IN LISTS names)
    foreach(value IN LISTS values_${name})
      if(value STREQUAL chosen_${name})
        list(APPEND definitions FEATURE_${name}_${value}=1)
      else()
        list(APPEND definitions FEATURE_${name}_${value}=0)
      endif()
    endforeach()
  endforeach()
  set(${out} ${definitions} PARENT_SCOPE)
endfunction()
