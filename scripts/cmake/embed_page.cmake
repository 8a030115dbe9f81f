# embed_page(TARGET): puts the web page's files (src/http/page) and FullCalendar's one prebuilt file into TARGET,
# as they are and gzipped. They travel inside the program: no file to lose, always those of its version.
#
# FullCalendar comes from npm, and is copied at build; nothing of npm is needed to run.

set(WATCHBILL_FULLCALENDAR "${PROJECT_SOURCE_DIR}/node_modules/fullcalendar/index.global.min.js" CACHE FILEPATH
    "FullCalendar 6.1's prebuilt index.global.min.js")

# A byte as 0x..: compilers need not take literals that long.
function(bytes_of file variable)
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," hex "${hex}")
    set(${variable} "${hex}" PARENT_SCOPE)
endfunction()

function(type_of name variable)
    get_filename_component(extension ${name} LAST_EXT)
    set(types_.css "text/css; charset=utf-8")
    set(types_.js "text/javascript; charset=utf-8")
    set(types_.json "application/json")
    set(types_.svg "image/svg+xml")
    set(types_.html "text/html; charset=utf-8")
    if(NOT DEFINED types_${extension})
        message(FATAL_ERROR "${name}: scripts/cmake/embed_page.cmake does not know the type of ${extension} files.")
    endif()
    set(${variable} "${types_${extension}}" PARENT_SCOPE)
endfunction()

function(embed_page target)
    if(NOT EXISTS ${WATCHBILL_FULLCALENDAR})
        message(FATAL_ERROR "The web page needs FullCalendar 6.1 and ${WATCHBILL_FULLCALENDAR} is not there. "
            "Run \"npm install --omit=dev --no-package-lock\" in ${PROJECT_SOURCE_DIR} (it needs npm, and the network "
            "once), or name the file with -DWATCHBILL_FULLCALENDAR=/path/to/index.global.min.js.")
    endif()
    file(STRINGS ${WATCHBILL_FULLCALENDAR} version REGEX "FullCalendar Standard Bundle v6\\.1\\." LIMIT_COUNT 1)
    if(NOT version)
        message(FATAL_ERROR "${WATCHBILL_FULLCALENDAR} is not FullCalendar 6.1's index.global.min.js: "
            "run \"npm install --omit=dev --no-package-lock\" in ${PROJECT_SOURCE_DIR} again.")
    endif()
    find_program(WATCHBILL_GZIP gzip REQUIRED)

    file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/http/page/*)
    list(APPEND files ${WATCHBILL_FULLCALENDAR})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/page)
    file(MAKE_DIRECTORY ${folder})
    set(hashes "")
    set(declarations "")
    set(entries "")
    foreach(file IN LISTS files)
        get_filename_component(name ${file} NAME)
        if(file STREQUAL WATCHBILL_FULLCALENDAR)
            set(name fullcalendar.js)
        endif()
        string(MAKE_C_IDENTIFIER ${name} identifier)
        file(SHA256 ${file} hash)
        string(APPEND hashes "${name} ${hash}\n")
        # -n: no time and no name in it, so the same bytes each time.
        execute_process(COMMAND ${WATCHBILL_GZIP} -9 -n -c ${file} OUTPUT_FILE ${folder}/${name}.gz
            COMMAND_ERROR_IS_FATAL ANY)
        bytes_of(${file} plain)
        bytes_of(${folder}/${name}.gz packed)
        type_of(${name} type)
        # A file of its own for each, so that a change compiles one.
        file(CONFIGURE OUTPUT page/${identifier}.cpp @ONLY CONTENT [[
namespace watchbill::http::embedded {

extern const unsigned char @identifier@[] = {@plain@};
extern const unsigned char @identifier@_gzip[] = {@packed@};
extern const unsigned long @identifier@_size = sizeof(@identifier@);
extern const unsigned long @identifier@_gzip_size = sizeof(@identifier@_gzip);

}  // namespace watchbill::http::embedded
]])
        target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/page/${identifier}.cpp)
        string(APPEND declarations
            "extern const unsigned char ${identifier}[], ${identifier}_gzip[];\n"
            "extern const unsigned long ${identifier}_size, ${identifier}_gzip_size;\n")
        string(APPEND entries "        Asset{\"${name}\", view(embedded::${identifier}, embedded::${identifier}_size), "
            "view(embedded::${identifier}_gzip, embedded::${identifier}_gzip_size), \"${type}\"},\n")
    endforeach()
    string(SHA256 all "${hashes}")
    string(SUBSTRING ${all} 0 16 version)
    file(CONFIGURE OUTPUT page/page_asset_table.cpp @ONLY CONTENT [[
#include <array>

#include "http/page_assets.h"

namespace watchbill::http {

namespace embedded {
@declarations@}  // namespace embedded

namespace {
std::string_view view(const unsigned char* bytes, unsigned long size) {
    return {reinterpret_cast<const char*>(bytes), size};
}
}  // namespace

std::span<const Asset> page_assets() {
    static const std::array assets = {
@entries@    };
    return assets;
}

std::string_view assets_version() { return "@version@"; }

}  // namespace watchbill::http
]])
    target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/page/page_asset_table.cpp)
endfunction()
