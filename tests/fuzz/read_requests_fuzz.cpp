// Any bytes at all, read as requests: no crash, bounded memory, what comes out keeps its promises, and it is
// the same however the bytes were cut. The first byte of the input says how.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/client_address.h"
#include "http/request_reader.h"
#include "http/router.h"

namespace {

using namespace watchbill;
using namespace watchbill::http;
using Step = RequestReader::Step;

constexpr size_t most_body = 300;

void require(bool promise) {
    if (!promise) std::abort();
}

void check(const Request& request) {
    const auto is_control = [](char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; };
    const auto is_clean = [&](std::string_view text) {
        for (const char c : text) {
            if (is_control(c)) return false;
        }
        return true;
    };
    require(!request.method.empty() && is_clean(request.method));
    require(!request.target.empty() && is_clean(request.target));
    require(request.method.size() + request.target.size() <= max_request_line);
    require(request.body.size() <= most_body);
    require(request.headers.size() <= max_headers);
    for (const auto& [name, value] : request.headers) {
        require(!name.empty() && name.find_first_of(" \t:") == std::string::npos && is_clean(name));
        require(is_clean(value));
    }
    if (const auto encoding = request.headers.get("Transfer-Encoding"))
        require(same_without_case(*encoding, "chunked") && !request.headers.get("Content-Length"));
    static const std::vector<IpRange> everybody = {*IpRange::parse("::/0")};
    require(!client_address({}, request.headers, everybody).text().empty());
    const TargetPath path(request.target);
    require(path.segments().size() <= TargetPath::most_segments);
    for (const std::string_view segment : path.segments())
        require(is_clean(segment) && segment.find('\t') == std::string_view::npos);
}

// One line a request, and how it ended.
std::string understood(std::string_view bytes, size_t piece) {
    static const BodyLimit limit = [](std::string_view, std::string_view) { return most_body; };
    RequestReader reader(limit);
    std::string text;
    while (!bytes.empty()) {
        const std::string_view now = bytes.substr(0, piece);
        bytes.remove_prefix(now.size());
        reader.append(now);
        Step step = reader.advance();
        for (; step == Step::complete; step = reader.advance()) {
            const Request request = reader.take();
            check(request);
            text += request.method + ' ' + request.target + ' ' + request.body;
            for (const auto& [name, value] : request.headers)
                text.append("\n").append(name).append(": ").append(value);
            text += reader.keeps_connection() ? "\n\n" : "\nlast\n";
        }
        if (step == Step::refused) {
            require(reader.refusal().status >= 400 && reader.refusal().status <= 505);
            require(!reader.refusal().detail.empty());
            return text + std::to_string(reader.refusal().status);
        }
        require(reader.held() <= 2 * (max_request_line + max_header_bytes + most_body + piece));
    }
    return text + (reader.idle() ? "idle" : "more");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string whole = understood(bytes, bytes.size() + 1);
    require(understood(bytes, 1 + data[0]) == whole);
    require(understood(bytes, 1) == whole);
    return 0;
}
