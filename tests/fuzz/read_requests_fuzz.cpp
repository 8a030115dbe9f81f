// Any bytes at all, judged as requests: no crash, what passes keeps its promises, and it is the same however
// the bytes were cut. The first byte of the input says how.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/client_address.h"
#include "http/router.h"
#include "http/server/head.h"

namespace {

using namespace watchbill;
using namespace watchbill::http;

void require(bool promise) {
    if (!promise) std::abort();
}

bool is_clean(std::string_view text) {
    for (const char c : text) {
        if ((c >= 0 && c < 0x20 && c != '\t') || c == 0x7f) return false;
    }
    return true;
}

void check(const Head& head) {
    require(!head.method.empty() && is_clean(head.method) && head.method.find(' ') == std::string_view::npos);
    require(!head.target.empty() && is_clean(head.target) && head.target.find(' ') == std::string_view::npos);
    require(head.method.size() + head.target.size() <= longest_line);
    require(head.bytes.ends_with("\r\n\r\n") && head.bytes.size() <= head.end);
    require(head.bytes.size() <= longest_line + most_header_bytes + 4);
    require(!head.waits_for_continue || head.body > 0);
    size_t lines = 0;
    for (std::string_view rest = head.bytes; !rest.empty(); ++lines) {
        const size_t end = rest.find('\n');
        require(end != std::string_view::npos && end > 0 && rest[end - 1] == '\r');
        require(is_clean(rest.substr(0, end - 1)) && end <= longest_line + 1);
        rest.remove_prefix(end + 1);
    }
    require(lines <= most_headers + 2);
    static const std::vector<IpRange> everybody = {*IpRange::parse("::/0")};
    require(!client_address({}, std::string(head.bytes), everybody).text().empty());
    for (const std::string& segment : path_segments(head.target).value_or(std::vector<std::string>()))
        require(is_clean(segment) && segment.find('\t') == std::string_view::npos);
}

// Where the head ends, or why it is none; nothing while it is not whole.
std::string verdict(std::string_view bytes) {
    const auto judged = judge_head(bytes);
    if (!judged) {
        require(judged.error().status >= 400 && judged.error().status <= 505 &&
                !judged.error().detail.empty());
        return "refused: " + std::to_string(judged.error().status);
    }
    if (!*judged) return "";
    check(**judged);
    return std::to_string((*judged)->end) + " and " + std::to_string((*judged)->body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size == 0) return 0;
    std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    for (;;) {
        const std::string whole = verdict(rest);
        for (size_t cut = 0; cut < rest.size(); cut += 1 + data[0]) {
            const std::string early = verdict(rest.substr(0, cut));
            require(early.empty() || early == whole);
        }
        const auto judged = judge_head(rest);
        if (!judged || !*judged) return 0;
        rest.remove_prefix(std::min(rest.size(), (*judged)->end + (*judged)->body));
    }
}
