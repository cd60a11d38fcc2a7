# SPDX-License-Identifier: GPL-2.0-only
#
# A flavour is engine x sanitizer x guards, and one build tree. Names follow
# OSS-Fuzz. Everything below goes on two interface libraries:
#   redzone_flavour   flags of all code of the tree
#   redzone_edges     instrumentation of what an engine is to see: ports and
#                     harnesses, not the kernel and bookkeeping around them

set(REDZONE_ENGINE none CACHE STRING "libfuzzer, afl, external or none")
set(REDZONE_SANITIZER none CACHE STRING
    "address, undefined, memory, address+undefined, coverage or none")
option(REDZONE_GUARDS "Guards can be ablated, bugs brought back, canaries counted" OFF)
option(REDZONE_CMPLOG "AFL++ comparison log instead of a sanitizer" OFF)
set(REDZONE_ONLY "" CACHE STRING "C token of one bug to compile in, with no guard code")
option(REDZONE_WERROR "Warnings are errors" ON)

set(REDZONE_LIB_FUZZING_ENGINE "" CACHE STRING
    "What engine `external` links: every other flag is the caller's, through CFLAGS")
set_property(CACHE REDZONE_ENGINE PROPERTY STRINGS none libfuzzer afl external)
set_property(CACHE REDZONE_SANITIZER PROPERTY STRINGS
             none address undefined memory address+undefined coverage)

if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
  if(NOT (REDZONE_ENGINE STREQUAL none AND REDZONE_SANITIZER STREQUAL none))
    message(FATAL_ERROR "redzone: flavours other than native need clang, not ${CMAKE_C_COMPILER}")
  endif()
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_C_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(redzone_flavour INTERFACE)
add_library(redzone_edges INTERFACE)

# File names are those of the tree, also where ccache (its base_dir) makes them relative.
file(RELATIVE_PATH redzone_relative ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR})
string(REGEX REPLACE "/+$" "" redzone_relative "${redzone_relative}")
target_compile_options(redzone_flavour INTERFACE
  -g -fno-omit-frame-pointer -fno-strict-aliasing -fno-common
  -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/= -fmacro-prefix-map=${redzone_relative}/=
  -fdebug-prefix-map=${CMAKE_SOURCE_DIR}/= -fdebug-prefix-map=${redzone_relative}/=
  -fdebug-compilation-dir=.
  -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare
  -Wno-address-of-packed-member -Wno-missing-field-initializers
  $<$<BOOL:${REDZONE_WERROR}>:-Werror>)
target_compile_definitions(redzone_flavour INTERFACE
  # ccache hashes no prefix maps; this keeps objects made with others apart.
  REDZONE_PREFIX_MAPS=2
  $<$<BOOL:${REDZONE_GUARDS}>:REDZONE_GUARDS>
  $<$<NOT:$<STREQUAL:${REDZONE_ONLY},>>:REDZONE_ONLY=\"${REDZONE_ONLY}\">)

# Kernel code reads unaligned words through its structs, as x86 and arm64 allow.
set(undefined_checks
  -fsanitize=undefined,bounds,float-divide-by-zero,implicit-conversion
  -fno-sanitize=alignment -fno-sanitize-recover=all)

set(sanitizer_flags)
set(sanitizer_link)
if(REDZONE_SANITIZER STREQUAL address)
  set(sanitizer_flags -fsanitize=address)
  set(sanitizer_link -fsanitize=address)
elseif(REDZONE_SANITIZER STREQUAL undefined)
  set(sanitizer_flags ${undefined_checks})
  set(sanitizer_link -fsanitize=undefined)
elseif(REDZONE_SANITIZER STREQUAL memory)
  set(sanitizer_flags -fsanitize=memory -fsanitize-memory-track-origins=1)
  set(sanitizer_link -fsanitize=memory)
elseif(REDZONE_SANITIZER STREQUAL address+undefined)
  set(sanitizer_flags -fsanitize=address ${undefined_checks})
  set(sanitizer_link -fsanitize=address,undefined)
elseif(REDZONE_SANITIZER STREQUAL coverage)
  # Relative names, as in the debug information: a cached object fits every tree.
  set(sanitizer_flags -fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc
      -fcoverage-prefix-map=${CMAKE_SOURCE_DIR}/= -fcoverage-prefix-map=${redzone_relative}/=
      -fcoverage-compilation-dir=.)
  set(sanitizer_link -fprofile-instr-generate)
elseif(NOT REDZONE_SANITIZER STREQUAL none)
  message(FATAL_ERROR "redzone: unknown sanitizer ${REDZONE_SANITIZER}")
endif()
target_compile_options(redzone_flavour INTERFACE ${sanitizer_flags})
target_link_options(redzone_flavour INTERFACE ${sanitizer_link})

# Objects that must see neither sanitizer nor coverage (guard bookkeeping).
set(REDZONE_PLAIN_FLAGS -fno-sanitize=all)

# Port functions keep their frames in reports, also those that end in a call.
target_compile_options(redzone_flavour INTERFACE -fno-optimize-sibling-calls)

# Only header functions are inlined: heuristics that go by a function's size would
# tell solid and guard builds apart.
if(REDZONE_ENGINE MATCHES "^(libfuzzer|afl)$")
  target_compile_options(redzone_edges INTERFACE -finline-hint-functions)
endif()

# Conditions of canaries are blocks, which no engine sees (redzone/guard.h).
if(REDZONE_GUARDS AND CMAKE_C_COMPILER_ID MATCHES "Clang")
  target_compile_options(redzone_edges INTERFACE -fblocks)
  if(NOT REDZONE_ENGINE STREQUAL none)
    target_compile_options(redzone_edges INTERFACE
      -fsanitize-coverage-ignorelist=${CMAKE_SOURCE_DIR}/cmake/canaries.ignore)
  endif()
endif()

set(REDZONE_AFL_LIB /usr/lib/afl CACHE PATH "Where AFL++ keeps its runtime")
if(REDZONE_ENGINE STREQUAL libfuzzer)
  target_compile_options(redzone_edges INTERFACE -fsanitize=fuzzer-no-link)
elseif(REDZONE_ENGINE STREQUAL afl)
  # The same edges as libFuzzer's: fuzzer-no-link keeps the optimiser from merging
  # branches, which it would do with solid guards and not with the others.
  target_compile_options(redzone_edges INTERFACE
    -fsanitize=fuzzer-no-link
    -fno-sanitize-coverage=inline-8bit-counters,indirect-calls,pc-table,stack-depth
    -fno-sanitize-coverage=trace-div,trace-gep
    $<$<NOT:$<BOOL:${REDZONE_CMPLOG}>>:-fno-sanitize-coverage=trace-cmp>
    -fsanitize-coverage=trace-pc-guard
    $<$<BOOL:${REDZONE_CMPLOG}>:-fno-builtin>)
elseif(REDZONE_ENGINE STREQUAL external)
  # Continuous fuzzing brings compiler, sanitizer, edges and engine: nothing of it is ours.
  if(NOT REDZONE_SANITIZER STREQUAL none OR REDZONE_GUARDS)
    message(FATAL_ERROR "redzone: engine external takes its sanitizer from CFLAGS, and no guards")
  endif()
  enable_language(CXX)
elseif(NOT REDZONE_ENGINE STREQUAL none)
  message(FATAL_ERROR "redzone: unknown engine ${REDZONE_ENGINE}")
endif()
