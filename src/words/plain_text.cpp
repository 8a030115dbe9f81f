#include "words/plain_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace watchbill {

namespace {

constexpr char32_t replacement = 0xfffd;  // of what is no character

enum class Kind : std::uint8_t {
    visible,
    blank,     // takes room and shows nothing
    line_end,  // to some readers
    control,
    joiner,
    selector,  // of a variant of the character before it
    hidden,
};

struct Range {
    char32_t first;
    char32_t last;
    Kind kind;
};

// In order. Unicode 15: the categories Cc, Zs, Zl and Zp, and what of Default_Ignorable_Code_Point and Cf has
// no form of its own. Hangul's fillers and the empty Braille pattern are letters by category, and show
// nothing.
constexpr std::array ranges = {
    Range{0x0000, 0x0009, Kind::control},    Range{0x000a, 0x000d, Kind::line_end},
    Range{0x000e, 0x001f, Kind::control},    Range{0x0020, 0x0020, Kind::blank},
    Range{0x007f, 0x0084, Kind::control},    Range{0x0085, 0x0085, Kind::line_end},
    Range{0x0086, 0x009f, Kind::control},    Range{0x00a0, 0x00a0, Kind::blank},
    Range{0x00ad, 0x00ad, Kind::hidden},     Range{0x034f, 0x034f, Kind::hidden},
    Range{0x061c, 0x061c, Kind::hidden},     Range{0x115f, 0x1160, Kind::blank},
    Range{0x1680, 0x1680, Kind::blank},      Range{0x17b4, 0x17b5, Kind::hidden},
    Range{0x180b, 0x180d, Kind::selector},   Range{0x180e, 0x180e, Kind::hidden},
    Range{0x180f, 0x180f, Kind::selector},   Range{0x2000, 0x200a, Kind::blank},
    Range{0x200b, 0x200b, Kind::hidden},     Range{0x200c, 0x200d, Kind::joiner},
    Range{0x200e, 0x200f, Kind::hidden},     Range{0x2028, 0x2029, Kind::line_end},
    Range{0x202a, 0x202e, Kind::hidden},     Range{0x202f, 0x202f, Kind::blank},
    Range{0x205f, 0x205f, Kind::blank},      Range{0x2060, 0x206f, Kind::hidden},
    Range{0x2800, 0x2800, Kind::blank},      Range{0x3000, 0x3000, Kind::blank},
    Range{0x3164, 0x3164, Kind::blank},      Range{0xfe00, 0xfe0f, Kind::selector},
    Range{0xfeff, 0xfeff, Kind::hidden},     Range{0xffa0, 0xffa0, Kind::blank},
    Range{0xfff0, 0xfffb, Kind::hidden},     Range{0x1bca0, 0x1bca3, Kind::hidden},
    Range{0x1d173, 0x1d17a, Kind::hidden},   Range{0xe0000, 0xe00ff, Kind::hidden},
    Range{0xe0100, 0xe01ef, Kind::selector}, Range{0xe01f0, 0xe0fff, Kind::hidden},
};

Kind kind_of(char32_t character) {
    if (character > 0x20 && character < 0x7f) return Kind::visible;
    const auto* const range =
        std::lower_bound(ranges.begin(), ranges.end(), character,
                         [](const Range& known, char32_t wanted) { return known.last < wanted; });
    return range != ranges.end() && range->first <= character ? range->kind : Kind::visible;
}

void append(std::string& out, char32_t character) {
    const auto add = [&out](char32_t byte) { out += static_cast<char>(byte); };
    if (character < 0x80) return add(character);
    if (character < 0x800) {
        add(0xc0 | character >> 6);
    } else {
        if (character < 0x10000) {
            add(0xe0 | character >> 12);
        } else {
            add(0xf0 | character >> 18);
            add(0x80 | (character >> 12 & 0x3f));
        }
        add(0x80 | (character >> 6 & 0x3f));
    }
    add(0x80 | (character & 0x3f));
}

std::string code_point(char32_t character) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (; character > 0 || text.size() < 4; character >>= 4) text.insert(0, 1, digits[character & 0xf]);
    return "U+" + text;
}

class Cleaner {
public:
    explicit Cleaner(Lines lines) : lines_(lines) {}

    void read(std::string_view text) {
        while (!text.empty()) {
            const bool pair = text.starts_with("\r\n");
            if (pair) text.remove_prefix(1);
            if (const auto character = take_character(text)) {
                add(*character);
            } else {
                text.remove_prefix(1);
                note(replacement);
                show(replacement);
            }
        }
        drop_joiner();
    }

    const std::optional<char32_t>& first_hidden() const { return first_hidden_; }
    std::string take() { return std::move(out_); }
    std::string take_trimmed() { return out_.substr(shown_from_, shown_to_ - shown_from_); }

private:
    // What came last, as far as it decides about the next.
    enum class Last : std::uint8_t { nothing, ascii, letter, selector };

    void add(char32_t character) {
        const Kind kind = kind_of(character);
        if (joiner_ != 0 && kind == Kind::visible && character >= 0x80) {
            append(out_, joiner_);
            joiner_ = 0;
        }
        drop_joiner();
        switch (kind) {
            case Kind::visible: return show(character);
            case Kind::blank: return space(character);
            case Kind::line_end:
                if (lines_ == Lines::one || character != '\n') note(character);
                return space(lines_ == Lines::one ? ' ' : '\n');
            case Kind::control:
                if (character != '\t') return note(character);
                if (lines_ == Lines::one) note(character);
                return space(lines_ == Lines::one ? ' ' : '\t');
            case Kind::joiner:
                if (last_ != Last::letter && last_ != Last::selector) return note(character);
                joiner_ = character;
                return;
            case Kind::selector:
                if (last_ != Last::letter && last_ != Last::ascii) return note(character);
                append(out_, character);
                shown_to_ = out_.size();
                last_ = Last::selector;
                return;
            case Kind::hidden: return note(character);
        }
    }

    void show(char32_t character) {
        if (shown_to_ == 0) shown_from_ = out_.size();
        append(out_, character);
        shown_to_ = out_.size();
        last_ = character < 0x80 ? Last::ascii : Last::letter;
    }

    void space(char32_t character) {
        append(out_, character);
        last_ = Last::nothing;
    }

    void drop_joiner() {
        if (joiner_ != 0) note(joiner_);
        joiner_ = 0;
    }

    void note(char32_t character) {
        if (!first_hidden_) first_hidden_ = character;
    }

    const Lines lines_;
    std::string out_;
    Last last_ = Last::nothing;
    char32_t joiner_ = 0;  // waits for what comes after it
    std::size_t shown_from_ = 0;
    std::size_t shown_to_ = 0;
    std::optional<char32_t> first_hidden_;
};

}  // namespace

std::optional<char32_t> take_character(std::string_view& text) {
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    const std::size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (length == 0 || first > 0xf4 || text.size() < length) return std::nullopt;
    char32_t character = length == 1 ? first : first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
        character = character << 6 | (byte(i) & 0x3fU);
    }
    constexpr char32_t shortest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = character >= 0xd800 && character < 0xe000;
    if (character < shortest[length] || surrogate || character > 0x10ffff) return std::nullopt;
    text.remove_prefix(length);
    return character;
}

bool is_control(char32_t character) { return character < 0x20 || (character >= 0x7f && character < 0xa0); }

std::string plain_text(std::string_view text, Lines lines) {
    Cleaner cleaner(lines);
    cleaner.read(text);
    return cleaner.take_trimmed();
}

std::string without_hidden_characters(std::string_view text, Lines lines) {
    Cleaner cleaner(lines);
    cleaner.read(text);
    return cleaner.take();
}

std::optional<std::string> find_hidden_character(std::string_view text, Lines lines) {
    Cleaner cleaner(lines);
    cleaner.read(text);
    if (!cleaner.first_hidden()) return std::nullopt;
    return code_point(*cleaner.first_hidden());
}

bool has_blank(std::string_view text) {
    while (!text.empty()) {
        const auto character = take_character(text);
        if (!character) text.remove_prefix(1);
        if (character && kind_of(*character) == Kind::blank) return true;
    }
    return false;
}

}  // namespace watchbill
