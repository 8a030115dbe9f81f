// openapi.json of this folder, as it was when this was built. Made by CMake.
#pragma once

#include <string_view>

namespace watchbill::http {

std::string_view openapi_document();  // JSON, ASCII

}  // namespace watchbill::http
