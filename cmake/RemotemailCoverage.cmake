# Counts branches in the sources that tests/coverage/sources names, and only there: all else is compiled as ever, so that
# the compiler cache has most of it. Included behind the last target that has such sources.
file(STRINGS ${PROJECT_SOURCE_DIR}/tests/coverage/sources places)
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS tests/coverage/sources)
foreach(place IN LISTS places)
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${place})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${place}/*.cpp)
  else()
    set(sources ${PROJECT_SOURCE_DIR}/${place})
  endif()
  set_source_files_properties(${sources} TARGET_DIRECTORY remotemail remotemail_sqlite
    PROPERTIES COMPILE_OPTIONS "--coverage;-fprofile-abs-path;-fprofile-update=atomic")
endforeach()
target_link_options(remotemail INTERFACE --coverage)
