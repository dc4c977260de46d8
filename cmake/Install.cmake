# `make install`: the program, libbasin with its headers, and what the program writes about itself.
include(GNUInstallDirs)
if(BASIN_ENGINE_ONLY)
  return()
endif()

install(TARGETS basin RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# What other programs need, `cmake --install build/release --component library`: headers, both libraries, and how CMake
# and pkg-config find them.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Basin)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/BasinConfig.cmake.in ${PROJECT_BINARY_DIR}/BasinConfig.cmake
  INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/BasinConfigVersion.cmake COMPATIBILITY SameMinorVersion)
# The path from lib/<triplet>/pkgconfig back to the prefix, so that an installation can be moved.
file(RELATIVE_PATH BASIN_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${PROJECT_SOURCE_DIR}/cmake/basin.pc.in ${PROJECT_BINARY_DIR}/basin.pc @ONLY)
install(TARGETS libbasin libbasin_shared EXPORT BasinTargets COMPONENT library
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} NAMELINK_COMPONENT library)
install(EXPORT BasinTargets NAMESPACE basin:: DESTINATION ${package} COMPONENT library)
install(FILES ${PROJECT_BINARY_DIR}/BasinConfig.cmake ${PROJECT_BINARY_DIR}/BasinConfigVersion.cmake
  DESTINATION ${package} COMPONENT library)
install(FILES ${PROJECT_BINARY_DIR}/basin.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/basin DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Man pages and completions are made from the table of commands by the program itself.
install(CODE "
  set(root \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\")
  set(basin \"$<TARGET_FILE:basin>\")
  function(written_by_basin path)
    get_filename_component(folder \"\${root}/\${path}\" DIRECTORY)
    file(MAKE_DIRECTORY \"\${folder}\")
    execute_process(COMMAND \"\${basin}\" \${ARGN} OUTPUT_FILE \"\${root}/\${path}\" COMMAND_ERROR_IS_FATAL ANY)
    message(STATUS \"Installing: \${root}/\${path}\")
  endfunction()
  written_by_basin(share/bash-completion/completions/basin completions bash)
  written_by_basin(share/zsh/site-functions/_basin completions zsh)
  written_by_basin(share/fish/vendor_completions.d/basin.fish completions fish)
  file(MAKE_DIRECTORY \"\${root}/share/man/man1\")
  execute_process(COMMAND \"\${basin}\" manual --quiet --into \"\${root}/share/man/man1\" COMMAND_ERROR_IS_FATAL ANY)
")
