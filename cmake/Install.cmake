# `make install`: the program, libbasin with its headers, and what the program writes about itself.
include(GNUInstallDirs)
if(BASIN_ENGINE_ONLY)
  return()
endif()

install(TARGETS basin RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS libbasin ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/basin DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
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
