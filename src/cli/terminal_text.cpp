#include "cli/terminal_text.h"

#include "words/plain_text.h"

namespace watchbill::cli {

std::string terminal_safe(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
            safe += ' ';
            ++i;
        } else {
            safe += byte < 0x20 || byte == 0x7f ? ' ' : text[i];
        }
    }
    return without_hidden_characters(safe);
}

}  // namespace watchbill::cli
