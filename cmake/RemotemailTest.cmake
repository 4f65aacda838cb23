# remotemail_test(NAME FILES... [LINK targets...] [LABELS labels...])
# One program a room, one ctest entry a file: "room/file". Programs link tests/support (doctest's main, doubles).
# A hang is what the time limit is for, also on a machine that does much beside. COST in a room's file: begun first.
# Label `threads`: also run under the thread sanitizer, which builds the target `threaded_tests` alone.
find_package(doctest REQUIRED)
add_custom_target(threaded_tests)

function(remotemail_test name)
  cmake_parse_arguments(ARG "" "" "FILES;LINK;LABELS" ${ARGN})
  add_executable(test_${name} ${ARG_FILES})
  target_link_libraries(test_${name} PRIVATE remotemail_test_support ${ARG_LINK})
  target_precompile_headers(test_${name} REUSE_FROM test_pch)
  if("threads" IN_LIST ARG_LABELS)
    add_dependencies(threaded_tests test_${name})
  endif()
  foreach(file ${ARG_FILES})
    get_filename_component(stem ${file} NAME_WE)
    add_test(NAME ${name}/${stem} COMMAND test_${name} --source-file=*/${file} --no-intro --no-version)
    set_tests_properties(${name}/${stem} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 1200
      # doctest says so when a file has no case left: a silent hole otherwise
      FAIL_REGULAR_EXPRESSION "test cases: 0 \\|")
  endforeach()
endfunction()
