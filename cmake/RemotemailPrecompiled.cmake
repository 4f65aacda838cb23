# What nearly every file includes is compiled once, for builds that are made from nothing, as those of tests/run; the
# others prove that each file includes what it uses.
find_package(fmt REQUIRED)
file(CONFIGURE OUTPUT precompiled.cpp CONTENT "")

# remotemail_precompiled(NAME [LINK targets...] FOR targets...)
# A precompiled header fits only where it was made with the same definitions: LINK is what FOR links, and fmt.
function(remotemail_precompiled name)
  cmake_parse_arguments(ARG "" "" "LINK;FOR" ${ARGN})
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(${name} PRIVATE remotemail_compiler fmt::fmt ${ARG_LINK})
  target_compile_options(${name} PRIVATE -fpch-preprocess) # the compiler cache needs it
  target_precompile_headers(${name} PRIVATE
    <fmt/format.h> <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set> <span>
    <string> <string_view> <utility> <variant> <vector>)
  get_target_property(fmt_definitions fmt::fmt INTERFACE_COMPILE_DEFINITIONS)
  foreach(target ${ARG_FOR})
    if(TARGET ${target})
      target_precompile_headers(${target} REUSE_FROM ${name})
      target_compile_definitions(${target} PRIVATE ${fmt_definitions})
    endif()
  endforeach()
endfunction()

remotemail_precompiled(remotemail_precompiled
  FOR remotemail remotemail_sqlite remotemail_testing remotemail_testing_sqlite remotemail_testing_mailhost remotemail_mailhost_parts
    remotemaild_documents)
if(REMOTEMAIL_POCO)
  find_package(Poco REQUIRED COMPONENTS Foundation Net)
  remotemail_precompiled(remotemail_precompiled_poco LINK Poco::Net
    FOR remotemail_stream remotemail_web remotemaild_parts)
endif()
