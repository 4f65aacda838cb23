# What nearly every file of the libraries includes is compiled once, for builds that are made from nothing, as those of
# tests/run; the others prove that each file includes what it uses. Not for what sees Poco's definitions: a precompiled
# header has to be made with the same.
find_package(fmt REQUIRED)
file(CONFIGURE OUTPUT precompiled.cpp CONTENT "")
add_library(remotemail_precompiled OBJECT ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp)
target_link_libraries(remotemail_precompiled PRIVATE remotemail_compiler fmt::fmt)
target_compile_options(remotemail_precompiled PRIVATE -fpch-preprocess) # the compiler cache needs it
target_precompile_headers(remotemail_precompiled PRIVATE
  <fmt/format.h> <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set> <span>
  <string> <string_view> <utility> <variant> <vector>)
get_target_property(fmt_definitions fmt::fmt INTERFACE_COMPILE_DEFINITIONS)
foreach(target remotemail remotemail_sqlite remotemail_testing remotemail_testing_sqlite)
  if(TARGET ${target})
    target_precompile_headers(${target} REUSE_FROM remotemail_precompiled)
    target_compile_definitions(${target} PRIVATE ${fmt_definitions})
  endif()
endforeach()
