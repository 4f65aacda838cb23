# install() and export: find_package(remotemail) and pkg-config.
include(CMakePackageConfigHelpers)
install(TARGETS ${REMOTEMAIL_TARGETS} EXPORT remotemailTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include/remotemail DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
