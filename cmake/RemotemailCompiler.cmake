# Language level, warnings and hardening for our own targets: link `remotemail_compiler` privately.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
include(CheckCXXCompilerFlag)
include(CheckLinkerFlag)
include(CheckPIESupported)
check_pie_supported()

option(REMOTEMAIL_WERROR "Warnings are errors (our own presets)" OFF)
find_program(REMOTEMAIL_CCACHE ccache)
if(REMOTEMAIL_CCACHE AND PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Shared by all build folders and worktrees; precompiled headers need the two sloppinesses.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
    CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${REMOTEMAIL_CCACHE})
endif()

add_library(remotemail_compiler INTERFACE)
foreach(flag
    -Wall -Wextra -Wpedantic -Wformat=2 -Wconversion -Wsign-conversion -Wimplicit-fallthrough -Wnon-virtual-dtor
    -Woverloaded-virtual -Wcast-qual -Werror=format-security -Wtrampolines -Wbidi-chars=any
    -fstack-clash-protection -fstack-protector-strong -fcf-protection=full -fno-delete-null-pointer-checks
    -fno-strict-overflow -fstrict-flex-arrays=3 -ftrivial-auto-var-init=zero)
  string(MAKE_C_IDENTIFIER "REMOTEMAIL_HAS${flag}" has)
  check_cxx_compiler_flag(${flag} ${has})
  if(${has})
    target_compile_options(remotemail_compiler INTERFACE ${flag})
  endif()
endforeach()
target_compile_definitions(remotemail_compiler INTERFACE _GLIBCXX_ASSERTIONS)
if(REMOTEMAIL_WERROR)
  target_compile_options(remotemail_compiler INTERFACE -Werror)
endif()
if(REMOTEMAIL_SANITIZE)
  target_compile_options(remotemail_compiler INTERFACE -fsanitize=${REMOTEMAIL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    # g++ 12 takes fmt's buffers for uninitialised when it instruments them
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> -Wno-uninitialized)
  if(REMOTEMAIL_SANITIZE MATCHES "undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # A check at each access to a member: a third of the time to compile. A null pointer ends the program under the
    # address sanitizer as well; the fuzz targets, which clang builds, have both checks.
    target_compile_options(remotemail_compiler INTERFACE -fno-sanitize=null,alignment)
  endif()
  target_link_options(remotemail_compiler INTERFACE -fsanitize=${REMOTEMAIL_SANITIZE})
else()
  # Fortify needs optimisation and does not go with sanitizers.
  target_compile_options(remotemail_compiler INTERFACE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
                                                       $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
endif()
foreach(flag -Wl,-z,nodlopen -Wl,-z,noexecstack -Wl,-z,relro -Wl,-z,now -Wl,--as-needed -Wl,--no-copy-dt-needed-entries)
  string(MAKE_C_IDENTIFIER "REMOTEMAIL_LINKS${flag}" links)
  check_linker_flag(CXX ${flag} ${links})
  if(${links})
    target_link_options(remotemail_compiler INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:${flag}>)
  endif()
endforeach()
