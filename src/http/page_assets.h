// The files of the web page (src/http/page, and FullCalendar), as they were when this was built; gzipped then
// too. Made by CMake (scripts/cmake/embed_page.cmake). Immutable.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace watchbill::http {

struct Asset {
    std::string_view name;  // "page.css"
    std::string_view bytes;
    std::string_view gzip;
    std::string_view type;  // of the header Content-Type
};

std::span<const Asset> page_assets();
// Hex digits of a hash over all of them: the folder of their addresses, which changes whenever one of them
// does.
std::string_view assets_version();
std::string assets_path();  // "/assets/0123456789abcdef/"

// Null where there is none of that name.
const Asset* find_asset(std::string_view name);
std::string_view asset_text(std::string_view name);  // of one that is there (asserted)

}  // namespace watchbill::http
