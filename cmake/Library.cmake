# libbasin: the engine for other programs (include/basin), as one archive with all its rooms in it and as a shared
# library that exports the C ABI and the public C++ interface alone (cmake/libbasin.map).
set(objects)
foreach(room ${BASIN_LIBRARY_ROOMS})
  list(APPEND objects $<TARGET_OBJECTS:basin_${room}>)
endforeach()

add_library(libbasin STATIC ${objects})
add_library(libbasin_shared SHARED $<TARGET_OBJECTS:basin_capi> $<TARGET_OBJECTS:basin_api>)
foreach(library libbasin libbasin_shared)
  set_target_properties(${library} PROPERTIES OUTPUT_NAME basin LINKER_LANGUAGE CXX)
  target_include_directories(${library} INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
endforeach()
set_target_properties(libbasin PROPERTIES EXPORT_NAME basin_static)
target_link_libraries(libbasin INTERFACE simdjson::simdjson)  # who reads request bodies; the rest of base is not needed

# Before 1.0 a minor version may change the interface.
set_target_properties(libbasin_shared PROPERTIES EXPORT_NAME basin VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/libbasin.map)
set(rooms ${BASIN_LIBRARY_ROOMS})
list(TRANSFORM rooms PREPEND basin_)
target_link_libraries(libbasin_shared PRIVATE ${rooms})
target_link_options(libbasin_shared PRIVATE
  LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/libbasin.map LINKER:--as-needed LINKER:--gc-sections)
if(NOT BASIN_SANITIZE)
  target_link_options(libbasin_shared PRIVATE LINKER:--no-undefined)
endif()
