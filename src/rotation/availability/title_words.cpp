#include "rotation/availability/title_words.h"

#include <array>
#include <cstdint>
#include <utility>

namespace watchbill {

namespace {

constexpr char32_t not_utf8 = 0xFFFD;

// Decodes the code point at `at` and moves behind it. Malformed bytes are one `not_utf8` each.
char32_t next_code_point(std::string_view text, size_t& at) {
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at++);
    if (lead < 0x80) return lead;
    const size_t more = lead >= 0xF0 && lead < 0xF5 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
    if (more == 0 || lead >= 0xF5 || at + more > text.size()) return not_utf8;
    char32_t code = lead & (0x3FU >> more);
    for (size_t i = 0; i < more; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80) return not_utf8;
        code = (code << 6U) | (byte(at + i) & 0x3FU);
    }
    at += more;
    return code;
}

void append_utf8(std::string& out, char32_t code) {
    const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (code < 0x800) {
        put(0xC0U | (code >> 6U));
    } else if (code < 0x10000) {
        put(0xE0U | (code >> 12U));
        put(0x80U | ((code >> 6U) & 0x3FU));
    } else {
        put(0xF0U | (code >> 18U));
        put(0x80U | ((code >> 12U) & 0x3FU));
        put(0x80U | ((code >> 6U) & 0x3FU));
    }
    put(0x80U | (code & 0x3FU));
}

// The plain letter of each code point of three blocks, as Unicode's compatibility decomposition gives it;
// '+' stands for several letters (below), '.' for a letter that has no plain form and stays as it is.
constexpr std::string_view from_00c0 =
    "aaaaaa+ceeeeiiiidnooooo.ouuuuy++aaaaaa+ceeeeiiiidnooooo.ouuuuy+y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii++jjkkklllllll"
    "lllnnnnnnn++oooooo++rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
constexpr std::string_view from_0180 =
    "b.....o.......eee......i........oo.............uu....zz........."
    "....+++++++++aaiioouuuuuuuuuu.aaaa++..ggkkoooo..j+++gg..nnaa++oo"
    "aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............"
    "................";
constexpr std::string_view from_1e00 =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
    "wwwwwwwwwwxxxxyyzzzzzzhtwyas..+.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

std::string_view several_letters(char32_t code) {
    switch (code) {
        case U'Æ':
        case U'æ':
        case U'Ǣ':
        case U'ǣ':
        case U'Ǽ':
        case U'ǽ': return "ae";
        case U'Þ':
        case U'þ': return "th";
        case U'ß':
        case U'ẞ': return "ss";
        case U'Ĳ':
        case U'ĳ': return "ij";
        case U'Ŋ':
        case U'ŋ': return "ng";
        case U'Œ':
        case U'œ': return "oe";
        case U'Ǆ':
        case U'ǅ':
        case U'ǆ':
        case U'Ǳ':
        case U'ǲ':
        case U'ǳ': return "dz";
        case U'Ǉ':
        case U'ǈ':
        case U'ǉ': return "lj";
        case U'Ǌ':
        case U'ǋ':
        case U'ǌ': return "nj";
        case U'ﬀ': return "ff";
        case U'ﬁ': return "fi";
        case U'ﬂ': return "fl";
        case U'ﬃ': return "ffi";
        case U'ﬄ': return "ffl";
        case U'ﬅ':
        case U'ﬆ': return "st";
        default: return "";
    }
}

// The letter of `table` (whose first entry is `first`) for `code`; "" when it is outside or has none.
std::string_view look_up(std::string_view table, char32_t first, char32_t code) {
    if (code < first || code - first >= table.size()) return "";
    const size_t at = code - first;
    if (table[at] == '.') return "";
    return table[at] == '+' ? several_letters(code) : table.substr(at, 1);
}

std::string_view plain_latin(char32_t code) {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view digits = "0123456789";
    const auto among = [code](std::string_view letters, char32_t first) {
        const bool inside = code >= first && code - first < letters.size();
        return inside ? letters.substr(code - first, 1) : std::string_view();
    };
    for (const char32_t wide : {char32_t{0}, char32_t{0xFEE0}}) {  // ASCII, and the full-width forms
        if (const auto letter = among(alphabet, wide + U'A'); !letter.empty()) return letter;
        if (const auto letter = among(alphabet, wide + U'a'); !letter.empty()) return letter;
        if (const auto digit = among(digits, wide + U'0'); !digit.empty()) return digit;
    }
    if (code == U'ª') return "a";
    if (code == U'º') return "o";
    if (const auto letter = look_up(from_00c0, 0x00C0, code); !letter.empty()) return letter;
    if (const auto letter = look_up(from_0180, 0x0180, code); !letter.empty()) return letter;
    if (const auto letter = look_up(from_1e00, 0x1E00, code); !letter.empty()) return letter;
    return several_letters(code);
}

bool within(char32_t code, char32_t first, char32_t last) { return code >= first && code <= last; }

// Part of a word, yet nothing to compare: combining marks, joiners, variation selectors, soft hyphens.
bool is_invisible(char32_t code) {
    return within(code, 0x0300, 0x036F) || within(code, 0x1AB0, 0x1AFF) || within(code, 0x1DC0, 0x1DFF) ||
           within(code, 0x20D0, 0x20FF) || within(code, 0xFE00, 0xFE0F) || within(code, 0xFE20, 0xFE2F) ||
           within(code, 0x200C, 0x200F) || within(code, 0x202A, 0x202E) || within(code, 0x2060, 0x2069) ||
           code == 0x00AD || code == 0xFEFF;
}

// Letters of scripts that are not Latin, as far as separators are not among them.
bool is_other_letter(char32_t code) {
    if (code < 0x00C0 || code == U'×' || code == U'÷') return false;
    return !(within(code, 0x2000, 0x2BFF) || within(code, 0x2E00, 0x2E7F) || within(code, 0x3000, 0x3004) ||
             within(code, 0x3008, 0x3020) || within(code, 0x30FB, 0x30FB) || within(code, 0xD800, 0xF8FF) ||
             within(code, 0xFE10, 0xFE6F) || within(code, 0xFF00, 0xFF20) || within(code, 0xFF3B, 0xFF40) ||
             within(code, 0xFF5B, 0xFF65) || within(code, 0xFFE0, 0xFFFF) || within(code, 0x1F000, 0x1FFFF) ||
             within(code, 0x02B0, 0x02FF) || code >= 0xE0000);
}

char32_t lower_case_other(char32_t code) {
    if (within(code, 0x0391, 0x03A9) || within(code, 0x0410, 0x042F)) return code + 32;
    if (within(code, 0x0400, 0x040F)) return code + 80;
    return code;
}

// What a letter becomes where umlauts and the like are written out: German ä ö ü, Nordic å ø.
std::string_view written_out(char32_t code) {
    switch (code) {
        case U'Ä':
        case U'ä': return "ae";
        case U'Ö':
        case U'ö':
        case U'Ø':
        case U'ø': return "oe";
        case U'Ü':
        case U'ü': return "ue";
        case U'Å':
        case U'å': return "aa";
        default: return "";
    }
}

constexpr char32_t combining_diaeresis = 0x0308;

class Folder {
public:
    explicit Folder(bool write_out_umlauts) : write_out_umlauts_(write_out_umlauts) {}

    void add(char32_t code) {
        if (code == combining_diaeresis && write_out_umlauts_ && takes_umlaut(folded_.back())) {
            folded_.push_back('e');
        } else if (is_invisible(code)) {
            // it neither ends a word nor counts
        } else if (const auto out = write_out_umlauts_ ? written_out(code) : ""; !out.empty()) {
            folded_ += out;
        } else if (const auto letters = plain_latin(code); !letters.empty()) {
            folded_ += letters;
        } else if (is_other_letter(code)) {
            append_utf8(folded_, lower_case_other(code));
        } else if (folded_.back() != ' ') {
            folded_.push_back(' ');
        }
    }

    std::string finish() {
        if (folded_.back() != ' ') folded_.push_back(' ');
        return std::move(folded_);
    }

private:
    static bool takes_umlaut(char last) { return last == 'a' || last == 'o' || last == 'u'; }

    bool write_out_umlauts_;
    std::string folded_ = " ";
};

std::string fold(std::string_view utf8, bool write_out_umlauts) {
    Folder folder(write_out_umlauts);
    for (size_t at = 0; at < utf8.size();) folder.add(next_code_point(utf8, at));
    return folder.finish();
}

}  // namespace

std::string fold_words(std::string_view utf8) { return fold(utf8, false); }

std::vector<std::string> fold_spellings(std::string_view utf8) {
    std::vector<std::string> spellings = {fold(utf8, false)};
    if (std::string written = fold(utf8, true); written != spellings.front())
        spellings.push_back(std::move(written));
    return spellings;
}

}  // namespace watchbill
