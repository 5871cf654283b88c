# What many files include, compiled once. The presets `coverage` (for gcc) and `clang` (for clang and
# clang-tidy) go without, so that a file that forgets an include is found there (scripts/sanitize runs the
# latter); asan, which every change runs, is too slow without.
option(ASSAY_PCH "Precompile the headers that many files include" ON)

set(assay_pch_headers <fmt/format.h> <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory>
  <optional> <set> <span> <stdexcept> <string> <string_view> <tl/expected.hpp> <utility> <variant> <vector>)
set(assay_pch_check_headers "${CMAKE_SOURCE_DIR}/harness/check/selftest.h"
  "${CMAKE_SOURCE_DIR}/harness/check/runner.h" "${CMAKE_SOURCE_DIR}/harness/net/loop.h")

# assay_precompile(TARGET [TESTS] [CHECK] [ALSO header...]) : TESTS where GoogleTest is linked, CHECK in
# harness/check and the rooms above it. Targets of a kind share one precompiled header; a target that
# names headers of its own gets its own.
function(assay_precompile target)
  cmake_parse_arguments(PCH "TESTS;CHECK" "" "ALSO" ${ARGN})
  if(NOT ASSAY_PCH)
    return()
  endif()
  set(shared assay_pch)
  set(headers ${assay_pch_headers})
  set(library)
  if(PCH_CHECK)
    string(APPEND shared _check)
    list(APPEND headers ${assay_pch_check_headers})
  endif()
  if(PCH_TESTS)
    string(APPEND shared _tests)
    list(APPEND headers <gtest/gtest.h>)
    set(library GTest::gtest)
  endif()
  if(PCH_ALSO)
    target_precompile_headers(${target} PRIVATE ${headers} ${PCH_ALSO})
    return()
  endif()
  if(NOT TARGET ${shared})
    # A precompiled header belongs to a target with a source; this source has nothing to add.
    set(unit ${CMAKE_BINARY_DIR}/${shared}.cpp)
    file(CONFIGURE OUTPUT ${unit} CONTENT "" @ONLY)
    add_library(${shared} OBJECT ${unit})
    target_link_libraries(${shared} PRIVATE assay_options ${library})
    target_precompile_headers(${shared} PRIVATE ${headers})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${shared})
endfunction()
