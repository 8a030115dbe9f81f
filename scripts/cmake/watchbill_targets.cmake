# How every target of Watchbill is made, so that each folder's CMakeLists.txt only says what it links.

add_library(watchbill_options INTERFACE)
target_compile_options(watchbill_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
    -Woverloaded-virtual
    # Fatal for us, not for who builds it to run it.
    $<$<BOOL:${WATCHBILL_TESTS}>:-Werror>
    # GCC 12 at -O2 and above sees overlaps in std::string's operator+ (its bug 105651) and uninitialised members in
    # moved optionals that are not there; clang and the sanitizers look for the real ones.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
target_include_directories(watchbill_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
if(CMAKE_UNITY_BUILD)
    # What one source names in its anonymous namespace, the next one may name inside a function.
    target_compile_options(watchbill_options INTERFACE -Wno-shadow
        "$<$<CXX_COMPILER_ID:GNU>:-Wshadow=local;-Wno-subobject-linkage>")
endif()

# Headers that take a compiler seconds to read are read once for a target; sources still include what they use. Clang
# writes the time into what it keeps unless told not to, which a compiler cache would take for a change.
function(watchbill_precompile target)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    target_compile_options(${target} PRIVATE "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()

# To optimise takes as long again as to compile, and three times as long where a sanitizer's code is added: while tests
# run, only what computes for long is worth it.
function(watchbill_leave_unoptimised target)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>)
endfunction()
function(watchbill_optimise target)
    # Under ThreadSanitizer what has threads is tested, and nothing computes for long.
    if(CMAKE_CXX_FLAGS MATCHES "sanitize=thread")
        watchbill_leave_unoptimised(${target})
        return()
    endif()
    # Where variables are in optimised code takes GCC a third of the time to follow: lines are enough.
    target_compile_options(${target} PRIVATE "$<$<CONFIG:Debug>:-O1;-g1>")
endfunction()

# watchbill_module(NAME [COMPUTES] [LINKS ...] [PRIVATE_LINKS ...] [PRECOMPILE ...]): the library watchbill::NAME from
# this folder's *.cpp. PRIVATE_LINKS hold third-party libraries that stop at this folder, PRECOMPILE their slow headers.
function(watchbill_module name)
    cmake_parse_arguments(ARG "COMPUTES" "" "LINKS;PRIVATE_LINKS;PRECOMPILE" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    if(NOT sources)
        add_library(watchbill_${name} INTERFACE)
        add_library(watchbill::${name} ALIAS watchbill_${name})
        return()
    endif()
    add_library(watchbill_${name} STATIC ${sources})
    add_library(watchbill::${name} ALIAS watchbill_${name})
    target_link_libraries(watchbill_${name} PUBLIC watchbill_options ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
    if(ARG_COMPUTES)
        watchbill_optimise(watchbill_${name})
    else()
        watchbill_leave_unoptimised(watchbill_${name})
    endif()
    if(ARG_PRECOMPILE)
        watchbill_precompile(watchbill_${name} ${ARG_PRECOMPILE})
    endif()
endfunction()

# watchbill_test(NAME [LINKS ...] [PRECOMPILE ...] [SANITIZED ...]): one Catch2 program from the *_test.cpp in and below
# tests/NAME, each case (under a sanitizer each file, or only those named SANITIZED) known to ctest.
function(watchbill_test name)
    cmake_parse_arguments(ARG "" "" "LINKS;PRECOMPILE;SANITIZED" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*_test.cpp)
    if(NOT sources)
        return()
    endif()
    add_executable(test_${name} ${sources})
    target_link_libraries(test_${name} PRIVATE ${ARG_LINKS} Catch2::Catch2WithMain)
    target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_compile_definitions(test_${name} PRIVATE
        WATCHBILL_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/${name}/data"
        WATCHBILL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    watchbill_leave_unoptimised(test_${name})
    # Worth it where it is read more than a few times.
    list(LENGTH sources count)
    if(count GREATER 12)
        watchbill_precompile(test_${name} <catch2/catch.hpp> ${ARG_PRECOMPILE})
    endif()
    # A case whose name ctest takes apart (at a semicolon) must not pass as one that runs nothing.
    set(arguments --warn NoTests)
    if(CMAKE_CXX_FLAGS MATCHES sanitize)
        # A sanitizer takes a fifth of a second to start: a file's cases run together.
        foreach(source IN LISTS sources)
            get_filename_component(file ${source} NAME_WE)
            if(ARG_SANITIZED AND NOT file IN_LIST ARG_SANITIZED)
                continue()
            endif()
            add_test(NAME "${name}:${file}" COMMAND test_${name} "[#${file}]" --filenames-as-tags ${arguments})
            set_tests_properties("${name}:${file}" PROPERTIES TIMEOUT 600)
        endforeach()
        return()
    endif()
    # One that needs what cannot be had prints this instead of checking anything.
    catch_discover_tests(test_${name} TEST_PREFIX "${name}:" EXTRA_ARGS ${arguments} PROPERTIES
        TIMEOUT 300 SKIP_REGULAR_EXPRESSION "skipped for want of a server: ")
endfunction()
