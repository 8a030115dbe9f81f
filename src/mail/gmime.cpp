#include "mail/gmime.h"

namespace watchbill::mail {

void ensure_gmime_is_ready() {
    static const bool ready = (g_mime_init(), true);
    static_cast<void>(ready);
}

std::string one_line(std::string_view text, size_t longest) {
    const OwnedText valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
    std::string line;
    for (const char* at = valid.get(); *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);
        // Also U+2028 and U+2029, which are line ends to some readers.
        const bool parts_lines = g_unichar_iscntrl(c) != 0 || c == 0x2028 || c == 0x2029;
        const std::string_view character =
            parts_lines ? " " : std::string_view(at, static_cast<size_t>(g_utf8_next_char(at) - at));
        if (line.size() + character.size() > longest) break;
        line += character;
    }
    const size_t first = line.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return line.substr(first, line.find_last_not_of(' ') - first + 1);
}

}  // namespace watchbill::mail
