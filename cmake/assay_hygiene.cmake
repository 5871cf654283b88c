# What every change is held to beside its tests: includes go down only, headers stand alone, scripts are
# clean. Included once from the root, after every add_subdirectory.

# Each header must compile by itself. Where x.cpp stands beside x.h, scripts/check_includes sees to it that
# x.cpp includes x.h first, so compiling x.cpp has shown it; the other headers get a unit of their own.
function(assay_self_contained_headers)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
    ${CMAKE_SOURCE_DIR}/harness/*.h ${CMAKE_SOURCE_DIR}/clients/*.h ${CMAKE_SOURCE_DIR}/reference_server/*.h
    ${CMAKE_SOURCE_DIR}/suites/*.h ${CMAKE_SOURCE_DIR}/reports/*.h)
  list(FILTER headers EXCLUDE REGEX "_test\\.h$") # of one test alone, with its definitions
  set(units)
  foreach(header IN LISTS headers)
    string(REGEX REPLACE "\\.h$" ".cpp" sibling ${header})
    if(EXISTS ${CMAKE_SOURCE_DIR}/${sibling})
      continue()
    endif()
    set(unit ${CMAKE_BINARY_DIR}/header_checks/${sibling})
    # Twice: a header without #pragma once fails too.
    file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\n#include \"${header}\"\n" @ONLY)
    list(APPEND units ${unit})
  endforeach()
  if(units)
    add_library(header_checks OBJECT ${units})
    target_link_libraries(header_checks PRIVATE assay_options)
  endif()
endfunction()

# Judged where warnings are errors; sanitizers have nothing to say about declarations.
if(BUILD_TESTING AND ASSAY_WERROR AND NOT ASSAY_SANITIZE)
  assay_self_contained_headers()
endif()

add_test(NAME hygiene.includes COMMAND ${CMAKE_SOURCE_DIR}/scripts/check_includes)
add_test(NAME hygiene.includes_finds_each_violation COMMAND ${CMAKE_SOURCE_DIR}/cmake/check_includes_test.sh)
add_test(NAME hygiene.scripts COMMAND ${CMAKE_SOURCE_DIR}/scripts/check_scripts)
set_tests_properties(hygiene.includes hygiene.includes_finds_each_violation hygiene.scripts
  PROPERTIES LABELS hygiene TIMEOUT 60 SKIP_RETURN_CODE 77)
