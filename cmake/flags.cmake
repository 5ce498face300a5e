# Flags of every target. The same bits everywhere need IEEE arithmetic exactly as written: no
# contraction of a*b+c into one rounding, no fast-math in any form.

string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
set(all_flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}} $ENV{CXXFLAGS}")
foreach(banned -ffast-math -Ofast -funsafe-math-optimizations -fassociative-math -freciprocal-math
        -ffinite-math-only -ffp-contract=fast)
  if(all_flags MATCHES "(^| )${banned}( |$)")
    message(FATAL_ERROR "${banned} is set, but results must be the same bits on every machine; remove it")
  endif()
endforeach()

add_library(indoubt_flags INTERFACE)
target_compile_features(indoubt_flags INTERFACE cxx_std_20)
target_compile_options(indoubt_flags INTERFACE
  -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(indoubt_flags INTERFACE -Wno-restrict)  # false alarms on std::string, GCC bug 105651
endif()
# __int128 is used for exact sums and for Philox; both compilers and emscripten have it.
target_compile_options(indoubt_flags INTERFACE -Wno-pedantic)

# Release keeps assertions (INDOUBT_ASSERT); NDEBUG silences only those of libraries.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")

option(INDOUBT_SANITIZE "Build with the address and undefined behaviour sanitizers" OFF)
if(INDOUBT_SANITIZE)
  # Lines of the stack traces need no more than -g1, and -g costs 14 to 28 % of the compile time.
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
  target_compile_options(indoubt_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(indoubt_flags INTERFACE -fsanitize=address,undefined)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # Without the first, ccache leaves all that uses a precompiled header to the compiler.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
    "CCACHE_SLOPPINESS=pch_defines,time_macros" "${CCACHE}")
endif()
