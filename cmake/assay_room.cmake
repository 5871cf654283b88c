# assay_room(NAME SOURCES a.cpp... TESTS a_test.cpp... NEEDS room... LINKS library...
#            TEST_NEEDS room... PRECOMPILE header...)
# One folder of the house: the library assay_NAME and, with TESTS, the binary NAME_test, registered
# with CTest as "unit.NAME". NEEDS are rooms below; LINKS are third parties. PRECOMPILE names headers
# that the whole room includes, to be precompiled beside those of everybody.
function(assay_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;TESTS;NEEDS;LINKS;TEST_NEEDS;PRECOMPILE" ${ARGN})
  set(level)
  if(TARGET assay_check OR name STREQUAL "check")
    set(level CHECK)
  endif()
  add_library(assay_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(assay_${name} PUBLIC assay_options)
  foreach(need IN LISTS ROOM_NEEDS)
    target_link_libraries(assay_${name} PUBLIC assay_${need})
  endforeach()
  target_link_libraries(assay_${name} PUBLIC ${ROOM_LINKS})
  assay_precompile(assay_${name} ${level} ALSO ${ROOM_PRECOMPILE})
  if(ROOM_TESTS)
    add_executable(${name}_test ${ROOM_TESTS})
    target_link_libraries(${name}_test PRIVATE assay_${name} GTest::gtest_main)
    foreach(need IN LISTS ROOM_TEST_NEEDS)
      target_link_libraries(${name}_test PRIVATE assay_${need})
    endforeach()
    assay_precompile(${name}_test TESTS ${level})
    assay_test(unit.${name} COMMAND ${name}_test)
  endif()
endfunction()

# assay_test(NAME COMMAND ...) registers a GoogleTest run; one that ran nothing has failed.
function(assay_test name)
  add_test(NAME ${name} ${ARGN})
  set_tests_properties(${name} PROPERTIES FAIL_REGULAR_EXPRESSION "Running 0 tests" TIMEOUT 300)
endfunction()
