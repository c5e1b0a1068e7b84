# `cmake --install build`, and a Debian package by `cpack -G DEB` in the build folder: the tool, its data, man pages, completions.
install(FILES ${CMAKE_BINARY_DIR}/manifest.json DESTINATION ${ENTRYBENCH_DATA})
install(FILES README.md LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")

# entrybench(1), and entrybench-COMMAND(1) for each command: what --help says, so that no option is described twice.
find_program(HELP2MAN help2man)
if(HELP2MAN AND NOT ENTRYBENCH_SANITIZE)
  set(man ${CMAKE_BINARY_DIR}/man)
  add_custom_command(OUTPUT ${man}/entrybench.1 VERBATIM
    COMMAND ${CMAKE_SOURCE_DIR}/cmake/man_pages $<TARGET_FILE:entrybench> ${man} ${CMAKE_SOURCE_DIR}/docs/man.h2m ${PROJECT_VERSION}
    DEPENDS entrybench ${CMAKE_SOURCE_DIR}/cmake/man_pages ${CMAKE_SOURCE_DIR}/docs/man.h2m)
  add_custom_target(man ALL DEPENDS ${man}/entrybench.1)
  install(DIRECTORY ${man}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
else()
  message(STATUS "no help2man: no man pages")
endif()

install(FILES completions/entrybench.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME entrybench)
install(FILES completions/entrybench.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _entrybench)
install(FILES completions/entrybench.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "entrybench")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "measures what it costs to cross into an x86-64 kernel and back")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "qemu-system-x86")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gnuplot-nox")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bochs, bochs-term, bochsbios, vgabios, grub-pc-bin, grub-common, xorriso, mtools")
include(CPack)
