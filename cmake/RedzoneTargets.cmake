# SPDX-License-Identifier: GPL-2.0-only
#
# What a family or target says about itself; all else is derived from the name.
#
#   redzone_kernel(SOURCES a.c ...)
#   redzone_port(NAME net SOURCES a.c ... [PORTS lower ...])
#   redzone_target(NAME net_ipv6 FAMILY net PORTS net FORM frame MAX_LEN 4096
#                  [SOURCES net_ipv6.c] [MUTATOR mutators/net_ipv6.c] [TEST_ONLY])
#   redzone_test(NAME test_skbuff SOURCES c/test_skbuff.c [PORTS ...])

set(redzone_includes
  ${CMAKE_SOURCE_DIR}/parsers/kernel/include
  ${CMAKE_SOURCE_DIR}/parsers/guard/include
  ${CMAKE_BINARY_DIR}/generated/include)

# Code that an engine is not to see, where the caller's CFLAGS instrument everything.
function(redzone_no_edges library)
  if(REDZONE_ENGINE STREQUAL external AND CMAKE_C_FLAGS MATCHES "fuzzer-no-link")
    target_compile_options(${library} PRIVATE -fno-sanitize=fuzzer-no-link)
  endif()
endfunction()

function(redzone_kernel)
  cmake_parse_arguments(arg "" "" "SOURCES" ${ARGN})
  add_library(redzone_kernel STATIC ${arg_SOURCES})
  target_include_directories(redzone_kernel PUBLIC ${redzone_includes})
  # No edges: its tables hash addresses, and equal inputs must give equal edges.
  target_link_libraries(redzone_kernel PUBLIC redzone_flavour redzone_guard)
  redzone_no_edges(redzone_kernel)
endfunction()

function(redzone_port)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;PORTS" ${ARGN})
  add_library(port_${arg_NAME} STATIC ${arg_SOURCES})
  target_link_libraries(port_${arg_NAME} PRIVATE redzone_edges
                        PUBLIC redzone_kernel redzone_guard)
  foreach(lower ${arg_PORTS})
    target_link_libraries(port_${arg_NAME} PUBLIC port_${lower})
  endforeach()
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${CMAKE_SOURCE_DIR}
             OUTPUT_VARIABLE folder)
  list(TRANSFORM arg_SOURCES PREPEND ${folder}/)
  set_property(GLOBAL PROPERTY redzone_port_${arg_NAME} "${arg_SOURCES}")
endfunction()

# The engine's side of a target, in trees that have one.
function(redzone_engine_binary name)
  cmake_parse_arguments(arg "" "" "SOURCES;PORTS;MUTATOR" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  if(REDZONE_SANITIZER MATCHES address)
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/harnesses/common/asan_options.c)
  endif()
  target_link_libraries(${name} PRIVATE redzone_edges redzone_harness ${arg_PORTS})
  if(REDZONE_ENGINE STREQUAL libfuzzer)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    if(arg_MUTATOR)
      target_link_libraries(${name} PRIVATE redzone_mutator_${name})
      # The engine refers to its hooks weakly: that alone takes nothing from an archive.
      target_link_options(${name} PRIVATE -Wl,--undefined=LLVMFuzzerCustomMutator
                          -Wl,--undefined=LLVMFuzzerCustomCrossOver)
    endif()
  elseif(REDZONE_ENGINE STREQUAL external)
    separate_arguments(engine UNIX_COMMAND "${REDZONE_LIB_FUZZING_ENGINE}")
    set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
    target_link_libraries(${name} PRIVATE ${engine})
    # Only libFuzzer knows the hook for mutators by name.
    if(arg_MUTATOR AND REDZONE_LIB_FUZZING_ENGINE MATCHES "fsanitize=fuzzer")
      target_link_libraries(${name} PRIVATE redzone_mutator_${name})
      target_link_options(${name} PRIVATE -Wl,--undefined=LLVMFuzzerCustomMutator
                          -Wl,--undefined=LLVMFuzzerCustomCrossOver)
    endif()
  else()
    target_link_libraries(${name} PRIVATE redzone_afl ${REDZONE_AFL_LIB}/libAFLDriver.a
                          ${REDZONE_AFL_LIB}/afl-compiler-rt.o)
    target_link_options(${name} PRIVATE
                        -Wl,--dynamic-list=${REDZONE_AFL_LIB}/dynamic_list.txt)
  endif()
endfunction()

function(redzone_target)
  cmake_parse_arguments(arg "TEST_ONLY" "NAME;FAMILY;FORM;MAX_LEN;MUTATOR" "SOURCES;PORTS" ${ARGN})
  set(name ${arg_NAME})
  if(NOT arg_SOURCES)
    set(arg_SOURCES ${name}.c)
  endif()
  list(TRANSFORM arg_PORTS PREPEND port_)

  # For the replay binary, which holds many targets, the entry point is renamed.
  add_library(entry_${name} OBJECT ${arg_SOURCES})
  target_compile_definitions(entry_${name} PRIVATE LLVMFuzzerTestOneInput=${name}_one_input
                             LLVMFuzzerInitialize=${name}_initialize)
  target_link_libraries(entry_${name} PRIVATE redzone_edges redzone_harness ${arg_PORTS})
  set(binary redzone-replay)
  if(arg_TEST_ONLY)
    set(binary redzone-selftest)
  endif()
  set_property(GLOBAL APPEND PROPERTY ${binary}_entries ${name})
  set_property(GLOBAL APPEND PROPERTY ${binary}_ports ${arg_PORTS})

  if(arg_MUTATOR)
    # Built without any instrumentation: an engine must not learn from it.
    add_library(redzone_mutator_${name} STATIC ${arg_MUTATOR})
    target_link_libraries(redzone_mutator_${name} PUBLIC redzone_mutator)
    redzone_no_edges(redzone_mutator_${name})
    target_include_directories(redzone_mutator_${name} PRIVATE ${redzone_includes})
    set_target_properties(redzone_mutator_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    if(REDZONE_ENGINE STREQUAL afl)
      add_library(${name}_mutator MODULE common/mutator_afl.c)
      set_target_properties(${name}_mutator PROPERTIES PREFIX ""
                            LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
      target_link_libraries(${name}_mutator PRIVATE redzone_mutator_${name})
    endif()
  endif()
  if(NOT REDZONE_ENGINE STREQUAL none AND NOT (arg_TEST_ONLY AND REDZONE_ENGINE STREQUAL external))
    redzone_engine_binary(${name} SOURCES ${arg_SOURCES} PORTS ${arg_PORTS}
                          MUTATOR ${arg_MUTATOR})
    # The same without our mutator, as the no-op target is: what `bench` compares.
    if(arg_MUTATOR AND REDZONE_ENGINE STREQUAL libfuzzer)
      redzone_engine_binary(${name}-plain SOURCES ${arg_SOURCES} PORTS ${arg_PORTS})
    endif()
  endif()

  set(port)
  foreach(library ${arg_PORTS})
    string(REPLACE port_ "" library ${library})
    get_property(sources GLOBAL PROPERTY redzone_port_${library})
    list(APPEND port ${sources})
  endforeach()
  list(TRANSFORM port REPLACE "(.+)" "\"\\1\"")
  list(JOIN port ", " port)
  if(NOT arg_TEST_ONLY)
    set_property(GLOBAL APPEND_STRING PROPERTY redzone_json
"{\"name\": \"${name}\", \"family\": \"${arg_FAMILY}\", \"harness\": \"harnesses/${name}.c\",
   \"port\": [${port}],
   \"max_len\": ${arg_MAX_LEN}, \"seeds\": \"seeds/${name}\",
   \"dictionary\": \"dictionaries/${name}.dict\", \"form\": \"${arg_FORM}\"}@")
    if(EXISTS ${CMAKE_SOURCE_DIR}/dictionaries/${name}.dict)
      configure_file(${CMAKE_SOURCE_DIR}/dictionaries/${name}.dict
                     ${CMAKE_BINARY_DIR}/bin/${name}.dict COPYONLY)
    endif()
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/bin/${name}.options CONTENT
"[libfuzzer]
max_len = ${arg_MAX_LEN}
timeout = 10
rss_limit_mb = 512
close_fd_mask = 3
")
  endif()
endfunction()

# A replay binary over all its targets. Planted test targets have one of their
# own, so that their guards never enter the table of real ones.
function(redzone_replay_binary binary)
  get_property(names GLOBAL PROPERTY ${binary}_entries)
  get_property(ports GLOBAL PROPERTY ${binary}_ports)
  if(NOT names)
    return()
  endif()
  set(table "/* SPDX-License-Identifier: GPL-2.0-only */\n/* Generated by CMake. */\n#include \"runtime.h\"\n\n")
  set(rows)
  set(objects)
  foreach(name ${names})
    string(APPEND table "int ${name}_one_input(const uint8_t *data, size_t size);\n")
    string(APPEND table "int ${name}_initialize(int *argc, char ***argv) __attribute__((weak));\n")
    string(APPEND rows "\t{ \"${name}\", ${name}_one_input, ${name}_initialize },\n")
    list(APPEND objects $<TARGET_OBJECTS:entry_${name}>)
  endforeach()
  list(LENGTH names count)
  set(source ${CMAKE_BINARY_DIR}/generated/${binary}_targets.c)
  file(CONFIGURE OUTPUT ${source} CONTENT
       "${table}\nconst struct rz_target rz_targets[] = {\n${rows}};\nconst size_t rz_target_count = ${count};\n" @ONLY)
  list(REMOVE_DUPLICATES ports)
  add_executable(${binary} ${source} ${objects})
  target_link_libraries(${binary} PRIVATE redzone_replay redzone_harness ${ports})
endfunction()

# targets.json and the replay binaries: they need all targets, so they come last.
function(redzone_finish)
  get_property(json GLOBAL PROPERTY redzone_json)
  string(REGEX REPLACE "@$" "" json "${json}")
  string(REPLACE "@" ",\n  " json "${json}")
  cmake_path(GET CMAKE_BINARY_DIR FILENAME flavour)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/targets.json CONTENT
"{\"schema\": 1, \"flavour\": \"${flavour}\", \"targets\": [
  ${json}
]}
" @ONLY)
  if(NOT REDZONE_ENGINE MATCHES "^(afl|external)$")
    redzone_replay_binary(redzone-replay)
    redzone_replay_binary(redzone-selftest)
  endif()
endfunction()

function(redzone_test)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;PORTS" ${ARGN})
  list(TRANSFORM arg_PORTS PREPEND port_)
  add_executable(${arg_NAME} ${arg_SOURCES})
  set_target_properties(${arg_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_include_directories(${arg_NAME} PRIVATE ${CMAKE_SOURCE_DIR}/tests/c)
  target_link_libraries(${arg_NAME} PRIVATE redzone_harness redzone_coverage ${arg_PORTS}
                        redzone_kernel cmocka)
  add_test(NAME ${arg_NAME} COMMAND ${arg_NAME})
  set_tests_properties(${arg_NAME} PROPERTIES TIMEOUT 120)
endfunction()
