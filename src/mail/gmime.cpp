#include "mail/gmime.h"

#include "words/plain_text.h"

namespace watchbill::mail {

void ensure_gmime_is_ready() {
    static const bool ready = (g_mime_init(), true);
    static_cast<void>(ready);
}

std::string one_line(std::string_view text, size_t longest) {
    const OwnedText valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
    const std::string line = plain_text(valid.get());
    if (line.size() <= longest) return line;
    size_t cut = longest;
    while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xc0U) == 0x80U) --cut;
    return plain_text(line.substr(0, cut));
}

}  // namespace watchbill::mail
