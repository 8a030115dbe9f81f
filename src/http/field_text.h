// What headers and trailers are made of (RFC 9110 5.5). Pure.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace watchbill::http {

inline constexpr std::string_view line_end = "\r\n";
inline constexpr std::string_view field_colon = ": ";  // as it is sent

// Some of the 256 bytes. A table, since every byte of every request is looked up.
class ByteSet {
public:
    constexpr ByteSet with(std::string_view bytes) const { return changed(bytes, true); }
    constexpr ByteSet without(std::string_view bytes) const { return changed(bytes, false); }
    constexpr bool has_all_of(std::string_view text) const {
        // Nearly always it has: going on costs less than asking at each byte.
        unsigned all = 1;
        for (; text.size() >= 4; text.remove_prefix(4))
            all = all & has(text[0]) & has(text[1]) & has(text[2]) & has(text[3]);
        for (const char c : text) all = all & has(c);
        return all != 0;
    }
    // All but the controls (RFC 5234 B.1).
    static constexpr ByteSet visible() {
        ByteSet set;
        for (size_t byte = 0x20; byte < 256; ++byte) set.has_[byte] = byte != 0x7f ? 1 : 0;
        return set;
    }

private:
    constexpr unsigned has(char byte) const { return has_[static_cast<unsigned char>(byte)]; }
    constexpr ByteSet changed(std::string_view bytes, bool has) const {
        ByteSet set = *this;
        for (const char c : bytes) set.has_[static_cast<unsigned char>(c)] = has ? 1 : 0;
        return set;
    }

    std::array<unsigned char, 256> has_{};  // 1 or 0
};

// May be a field's value: a tab is the one control in it.
inline bool is_clean(std::string_view text) {
    static constexpr ByteSet clean = ByteSet::visible().with("\t");
    return clean.has_all_of(text);
}

// "Name: value" and a line end.
inline void append_field(std::string& lines, std::string_view name, std::string_view value) {
    const size_t begin = lines.size();
    lines.resize(begin + name.size() + field_colon.size() + value.size() + line_end.size());
    char* to = lines.data() + begin;
    to = std::copy_n(name.data(), name.size(), to);
    to = std::copy_n(field_colon.data(), field_colon.size(), to);
    to = std::copy_n(value.data(), value.size(), to);
    std::copy_n(line_end.data(), line_end.size(), to);
}

// Without the blanks around it.
inline std::string_view trim(std::string_view text) {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace watchbill::http
