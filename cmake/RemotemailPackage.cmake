# Debian packages: `cpack` in a build folder makes remotemaild and libremotemail-dev. Who gives them away says who maintains
# them: -DREMOTEMAIL_MAINTAINER="Name <address>".
if(BUILD_SHARED_LIBS)
  return() # each library would want a package of its own
endif()
set(REMOTEMAIL_MAINTAINER "The authors of remotemail <remotemail@localhost.localdomain>" CACHE STRING "Maintainer of the packages")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME remotemail)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "copier that answers mail") # of both packages
set(CPACK_PACKAGE_CONTACT ${REMOTEMAIL_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_COMPONENTS_ALL dev)
if(TARGET remotemaild)
  list(APPEND CPACK_COMPONENTS_ALL remotemaild)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# What belongs to Debian's ways alone is added to the staged files.
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/packaging/debian_files.cmake)
set(CPACK_REMOTEMAIL_SOURCE ${PROJECT_SOURCE_DIR})

set(packaging ${PROJECT_SOURCE_DIR}/cmake/packaging)
set(CPACK_DEBIAN_REMOTEMAILD_PACKAGE_NAME remotemaild)
set(CPACK_DEBIAN_REMOTEMAILD_PACKAGE_SECTION mail)
set(CPACK_COMPONENT_REMOTEMAILD_DESCRIPTION
"A customer engineer mails a copier a keyword, with a password as the Subject.
The service fetches the mail from the copier's mailbox by POP3 or IMAP, reads
the wanted list (counters, jams, settings) from the machine and mails it back
by SMTP. Nothing is lost and nothing executed twice, whatever happens to power,
disk and network.

The service is started, and waits until E-mail notification is enabled.")
set(CPACK_DEBIAN_REMOTEMAILD_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_REMOTEMAILD_PACKAGE_DEPENDS
  "ca-certificates, init-system-helpers (>= 1.54~), systemd | systemd-standalone-sysusers | systemd-sysusers, tzdata")
set(CPACK_DEBIAN_REMOTEMAILD_PACKAGE_CONTROL_EXTRA
  ${packaging}/postinst ${packaging}/prerm ${packaging}/postrm ${packaging}/conffiles)

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libremotemail-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_DEV_DESCRIPTION
"Headers, static libraries, CMake and pkg-config files of libremotemail, with
which a firmware or a service fetches command mails and answers them.")
set(dev_depends libssl-dev libfmt-dev)
if(TARGET remotemail_stream)
  list(APPEND dev_depends libpoco-dev libc-ares-dev pkg-config)
endif()
if(TARGET remotemail_sqlite)
  list(APPEND dev_depends libsqlite3-dev)
endif()
if(REMOTEMAIL_TIME_ZONES)
  list(APPEND dev_depends libhowardhinnant-date-dev)
endif()
list(JOIN dev_depends ", " CPACK_DEBIAN_DEV_PACKAGE_DEPENDS)
include(CPack)
