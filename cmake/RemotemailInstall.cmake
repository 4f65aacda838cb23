# install() and export: find_package(remotemail) and pkg-config.
#   find_package(remotemail 0.1 REQUIRED)                       all that was built
#   find_package(remotemail 0.1 REQUIRED COMPONENTS sqlite)     the library and its store on SQLite: no Poco is looked for
#   pkg-config --static --cflags --libs remotemail-sqlite
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME dev) # of the packages

# For shared builds: until 1.0 a minor version may change what a program was compiled against.
set_target_properties(${REMOTEMAIL_TARGETS} PROPERTIES VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
install(TARGETS ${REMOTEMAIL_TARGETS} EXPORT remotemailTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})

# Headers of what was left out stay out, so that a missing option shows when compiling, not when linking.
set(without)
foreach(pair remotemail_stream=poco_connector.hpp remotemail_sqlite=sqlite_store.hpp remotemail_web=web remotemail_testing=testing
    remotemail_testing_sqlite=power_loss_vfs.hpp remotemail_testing_mailhost=memory_mail_host.hpp)
  string(REPLACE "=" ";" pair ${pair})
  list(GET pair 0 library)
  list(GET pair 1 header)
  if(NOT TARGET ${library})
    list(APPEND without PATTERN ${header} EXCLUDE)
  endif()
endforeach()
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include/remotemail DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${without})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# CMake
set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/remotemail)
install(EXPORT remotemailTargets NAMESPACE remotemail:: DESTINATION ${config_folder})
list(TRANSFORM REMOTEMAIL_TARGETS REPLACE "^remotemail_" "" OUTPUT_VARIABLE REMOTEMAIL_COMPONENTS)
get_target_property(type remotemail TYPE)
if(type STREQUAL STATIC_LIBRARY)
  set(REMOTEMAIL_STATIC ON)
endif()
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/remotemailConfig.cmake.in remotemailConfig.cmake
  INSTALL_DESTINATION ${config_folder} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(remotemailConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/remotemailConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/remotemailConfigVersion.cmake
  DESTINATION ${config_folder})

# pkg-config: a file a library. Paths are relative to the file, so that the tree can be moved.
set(pkgconfig_folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH PC_PREFIX /prefix/${pkgconfig_folder} /prefix)
function(remotemail_pkgconfig name library description)
  cmake_parse_arguments(ARG "" "" "REQUIRES;PRIVATE;LIBS" ${ARGN})
  set(PC_NAME ${name})
  set(PC_LIBRARY ${library})
  set(PC_DESCRIPTION ${description})
  list(JOIN ARG_REQUIRES " " PC_REQUIRES)
  list(JOIN ARG_PRIVATE " " PC_PRIVATE)
  list(JOIN ARG_LIBS " " PC_LIBS)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/remotemail.pc.in ${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc DESTINATION ${pkgconfig_folder})
endfunction()
set(zone_libraries)
if(REMOTEMAIL_TIME_ZONES)
  set(zone_libraries -ldate-tz)
endif()
remotemail_pkgconfig(remotemail remotemail ${PROJECT_DESCRIPTION} PRIVATE libcrypto fmt LIBS ${zone_libraries} -pthread)
if(TARGET remotemail_stream)
  remotemail_pkgconfig(remotemail-stream remotemail_stream "Sockets, TLS and name look-up for remotemail"
    REQUIRES remotemail PRIVATE libssl libcrypto libcares LIBS -lPocoNet -lPocoFoundation)
endif()
if(TARGET remotemail_web)
  remotemail_pkgconfig(remotemail-web remotemail_web "The pages of remotemail"
    REQUIRES remotemail PRIVATE libssl libcrypto fmt LIBS -lPocoNet -lPocoFoundation)
endif()
if(TARGET remotemail_sqlite)
  remotemail_pkgconfig(remotemail-sqlite remotemail_sqlite "The store of remotemail on SQLite" REQUIRES remotemail PRIVATE sqlite3)
endif()
if(TARGET remotemail_testing)
  remotemail_pkgconfig(remotemail-testing remotemail_testing "Doubles for tests of remotemail" REQUIRES remotemail PRIVATE fmt)
endif()
if(TARGET remotemail_testing_sqlite)
  remotemail_pkgconfig(remotemail-testing-sqlite remotemail_testing_sqlite "A disk that loses power beneath remotemail-sqlite"
    REQUIRES remotemail-sqlite PRIVATE sqlite3)
endif()
if(TARGET remotemail_testing_mailhost)
  remotemail_pkgconfig(remotemail-testing-mailhost remotemail_testing_mailhost "A mail host in memory, for tests of remotemail"
    REQUIRES remotemail PRIVATE libssl libcrypto LIBS -pthread)
endif()
