// QR codes as pictures. The only user of libqrencode. Pure.
#pragma once

#include <string>
#include <string_view>

#include "watchbill/result.h"

namespace watchbill::http {

// An SVG of dark modules on a light ground with the four modules of quiet zone that readers want (ISO/IEC
// 18004 6.3.8), whatever colours stand around it. Error: too_large, for a text of more than 2,000 bytes.
Result<std::string> qr_code_svg(std::string_view text);

}  // namespace watchbill::http
