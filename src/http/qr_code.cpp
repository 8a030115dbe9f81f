#include "http/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace watchbill::http {

namespace {

constexpr int quiet_zone = 4;
constexpr size_t longest_text = 2000;  // what the largest code holds of bytes, and more than any address

struct Free {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

Result<std::string> qr_code_svg(std::string_view text) {
    const auto encode = [&] {
        // Level M: a screen is clean, and paper is not.
        return QRcode_encodeData(static_cast<int>(text.size()),
                                 reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M);
    };
    const std::unique_ptr<QRcode, Free> code(text.empty() || text.size() > longest_text ? nullptr : encode());
    if (code == nullptr) return fail(ErrorCode::too_large, "this text does not fit into a QR code");
    const std::string side = std::to_string(code->width + 2 * quiet_zone);
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
                      "\" shape-rendering=\"crispEdges\"><rect width=\"" + side + "\" height=\"" + side +
                      "\" fill=\"#fff\"/><path fill=\"#000\" d=\"";
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width; ++x) {
            // The lowest bit says whether the module is dark.
            if ((code->data[y * code->width + x] & 1U) == 0) continue;
            svg += "M" + std::to_string(x + quiet_zone) + " " + std::to_string(y + quiet_zone) + "h1v1h-1z";
        }
    }
    return svg + "\"/></svg>\n";
}

}  // namespace watchbill::http
