# One interface target carries what every target of the house is compiled with.
find_package(OpenSSL 3.0 REQUIRED)
find_package(GTest REQUIRED)
find_package(fmt REQUIRED)
find_package(Threads REQUIRED)

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(assay_options INTERFACE)
target_compile_features(assay_options INTERFACE cxx_std_20)
target_include_directories(assay_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(assay_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wmissing-declarations
  -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Designated initializers leave defaults on purpose: a check row states only what differs.
  target_compile_options(assay_options INTERFACE -Wno-missing-field-initializers)
  if(ASSAY_PCH AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # False for `literal + std::string` (GCC 105651), and shown when libstdc++ is in a precompiled header.
    # The preset coverage, without one, keeps them on.
    target_compile_options(assay_options INTERFACE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow)
  endif()
else()
  target_compile_options(assay_options INTERFACE -Wno-missing-field-initializers
    -Wno-missing-designated-field-initializers)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 18)
    target_compile_options(assay_options INTERFACE -Wno-unknown-warning-option)
  endif()
endif()
if(ASSAY_WERROR)
  target_compile_options(assay_options INTERFACE -Werror)
endif()
if(ASSAY_SANITIZE)
  target_compile_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE}
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE})
endif()
if(ASSAY_FUZZ AND NOT DEFINED ENV{LIB_FUZZING_ENGINE})
  # Coverage for libFuzzer in every room; an engine from outside brings its own flags.
  target_compile_options(assay_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT ASSAY_SANITIZE)
  target_compile_options(assay_options INTERFACE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE)
  target_link_options(assay_options INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
target_compile_definitions(assay_options INTERFACE _GLIBCXX_ASSERTIONS)
target_link_libraries(assay_options INTERFACE fmt::fmt)

# Standalone Asio, compiled once (harness/net/asio.cpp); only harness/net/*.cpp links it.
find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
add_library(assay_asio INTERFACE)
target_include_directories(assay_asio SYSTEM INTERFACE ${ASIO_INCLUDE_DIR})
# Asio 1.22 asks libstdc++'s configuration whether there is std::aligned_alloc, before it has included any of it in
# some files and after in others: one half would allocate with it and the other delete with operator delete.
target_compile_definitions(assay_asio INTERFACE ASIO_SEPARATE_COMPILATION ASIO_NO_DEPRECATED ASIO_HAS_STD_ALIGNED_ALLOC=1)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_definitions(assay_asio INTERFACE ASIO_HAS_CO_AWAIT=1 ASIO_HAS_STD_COROUTINE=1)
endif()
target_link_libraries(assay_asio INTERFACE Threads::Threads)
