#include "ical/decode.h"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "ical/limits.h"
#include "words/letter_case.h"
#include "words/plain_text.h"

namespace watchbill::ical {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_unprintable(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}
bool is_name_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// A property begins with its name and then ":" or ";".
bool looks_like_property(std::string_view line) {
    const auto end = std::find_if_not(line.begin(), line.end(), is_name_character);
    return end != line.begin() && end != line.end() && (*end == ':' || *end == ';');
}

bool begins_component(std::string_view line) {
    const std::string head = lower_case(line.substr(0, 6));
    return head.starts_with("begin:") || head.starts_with("end:");
}

std::string to_utf8(std::string_view bytes, const char* charset) {
    UErrorCode error = U_ZERO_ERROR;
    // A byte of windows-1252 becomes at most 3, a pair of UTF-16 bytes at most 3.
    std::string text(3 * bytes.size() + 4, '\0');
    const int32_t size = ucnv_convert("UTF-8", charset, text.data(), static_cast<int32_t>(text.size()),
                                      bytes.data(), static_cast<int32_t>(bytes.size()), &error);
    if (U_FAILURE(error)) return {};
    text.resize(static_cast<size_t>(size));
    return text;
}

bool is_utf8(std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    int32_t needed = 0;
    // Without a buffer it only measures, and says what it stumbles over.
    u_strFromUTF8(nullptr, 0, &needed, text.data(), static_cast<int32_t>(text.size()), &error);
    return error == U_BUFFER_OVERFLOW_ERROR || U_SUCCESS(error);
}

// UTF-16 is recognised by its mark or by the zeros around "BE" of BEGIN.
const char* utf16_charset(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("\xff\xfe"sv) || bytes.starts_with("B\0E\0"sv)) return "UTF-16LE";
    if (bytes.starts_with("\xfe\xff"sv) || bytes.starts_with("\0B\0E"sv)) return "UTF-16BE";
    return nullptr;
}

// Whether a line end that was not escaped may be part of the value: of words, not of times.
bool may_hold_line_ends(std::string_view line) {
    constexpr std::string_view name = "summary";  // the only words we read that people write
    return lower_case(line.substr(0, name.size())) == name;
}

class Unfolder {
public:
    explicit Unfolder(size_t size) { result_.lines.reserve(size + 1); }

    void add_physical(std::string_view line) {
        if (line.empty()) return;
        if (!result_.lines.empty() && is_blank(line.front())) {
            result_.lines.pop_back();
            line.remove_prefix(1);
        } else {
            settle_last();
            before_last_ = last_;
            last_ = result_.lines.size();
            size_before_last_ = physical_size_;
        }
        result_.lines += line;
        result_.lines += '\n';
        physical_size_ = line.size();
    }

    UnfoldedText take() {
        settle_last();
        return std::move(result_);
    }

private:
    // The last line is whole now: a fold may even part a property's name. If it is no property, it belongs to
    // the one before or to nothing.
    void settle_last() {
        std::string& lines = result_.lines;
        const std::string_view last = std::string_view(lines).substr(last_);
        if (last_ == 0 || looks_like_property(last) ||
            last.find_first_not_of(" \t\n") == std::string_view::npos)
            return;
        const std::string_view before = std::string_view(lines).substr(before_last_, last_ - before_last_);
        if (begins_component(before) || !looks_like_property(before)) return;
        ++result_.broken_lines;
        // A producer that folds without the blank cuts at about 75 octets; a shorter line before it means
        // that a line end inside a value was not escaped.
        constexpr size_t folded_line = 70;
        if (size_before_last_ >= folded_line) {
            lines.erase(last_ - 1, 1);
        } else if (may_hold_line_ends(before)) {
            lines.replace(last_ - 1, 1, "\\n");
        } else {
            lines.resize(last_);
        }
        last_ = before_last_;
    }

    UnfoldedText result_;
    size_t last_ = 0;         // where the last line begins
    size_t before_last_ = 0;  // where the one before it begins
    size_t physical_size_ = 0;
    size_t size_before_last_ = 0;
};

void add_lines(Unfolder& unfolder, std::string_view text) {
    while (!text.empty()) {
        const size_t end = text.find('\n');
        std::string_view chunk = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        for (size_t cr = chunk.find('\r'); cr != std::string_view::npos; cr = chunk.find('\r')) {
            unfolder.add_physical(chunk.substr(0, cr));
            chunk.remove_prefix(cr + 1);
        }
        unfolder.add_physical(chunk);
    }
}

}  // namespace

Result<UnfoldedText> unfold(std::string_view bytes) {
    if (bytes.size() > limits::file_bytes) {
        return fail(ErrorCode::too_large, "the calendar has " + std::to_string(bytes.size()) +
                                              " bytes and at most " + std::to_string(limits::file_bytes) +
                                              " are read; export fewer months or split it");
    }
    std::string converted;
    const char* utf16 = utf16_charset(bytes);
    if (utf16 != nullptr) {
        converted = to_utf8(bytes, utf16);
        bytes = converted;
    }
    constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
    if (bytes.starts_with(utf8_mark)) bytes.remove_prefix(utf8_mark.size());

    const auto nul_bytes = static_cast<size_t>(std::count(bytes.begin(), bytes.end(), '\0'));
    std::string without_nul;
    if (nul_bytes > 0) {
        without_nul.reserve(bytes.size());
        std::copy_if(bytes.begin(), bytes.end(), std::back_inserter(without_nul),
                     [](char c) { return c != '\0'; });
        bytes = without_nul;
    }

    Unfolder unfolder(bytes.size());
    add_lines(unfolder, bytes);
    UnfoldedText result = unfolder.take();
    result.nul_bytes = nul_bytes;
    result.was_utf16 = utf16 != nullptr;
    return result;
}

bool is_html_page(std::string_view bytes) {
    const size_t begin = bytes.find_first_not_of("\xef\xbb\xbf \t\r\n");
    if (begin == std::string_view::npos || bytes[begin] != '<') return false;
    const std::string head = lower_case(bytes.substr(begin, 512));
    return head.starts_with("<!doctype html") || head.find("<html") != std::string_view::npos;
}

std::string describe_content(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.empty()) return "nothing (0 bytes)";
    const size_t begin = bytes.find_first_not_of("\xef\xbb\xbf \t\r\n"sv);
    if (begin == std::string_view::npos) return "nothing but blanks";
    const std::string head = lower_case(bytes.substr(begin, 512));
    if (is_html_page(bytes)) return "an HTML page (a login page, perhaps)";
    if (head.starts_with("<")) return "XML or HTML";
    if (head.starts_with("{") || head.starts_with("[")) return "JSON";
    if (head.starts_with("begin:vcard")) return "a vCard";
    if (head.starts_with("%pdf")) return "a PDF file";
    if (head.starts_with("pk\x03\x04"sv)) return "a ZIP archive";
    if (head.starts_with("\x1f\x8b"sv)) return "gzip data";
    if (head.find('\0') != std::string_view::npos) return "binary data";
    return "text without BEGIN:VCALENDAR";
}

PrintableText printable_text(std::string_view raw) {
    PrintableText result;
    if (is_utf8(raw)) {
        result.text = raw;
    } else {
        result.text = to_utf8(raw, "windows-1252");
        result.was_latin1 = true;
    }
    std::string& text = result.text;
    for (char& c : text) {
        if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    }
    std::erase_if(text, is_unprintable);
    text.erase(text.find_last_not_of(' ') + 1);
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    return result;
}

PrintableText people_text(std::string_view raw) {
    const bool is_latin1 = !is_utf8(raw);
    return {plain_text(is_latin1 ? to_utf8(raw, "windows-1252") : std::string(raw)), is_latin1};
}

bool has_printable_text(std::string_view raw) {
    return std::any_of(raw.begin(), raw.end(), [](char c) { return c != ' ' && !is_unprintable(c); });
}

std::string_view cut_text(std::string_view text, size_t bytes) {
    if (text.size() <= bytes) return text;
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
    while (bytes > 0 && continues(text[bytes])) --bytes;
    return text.substr(0, bytes);
}

}  // namespace watchbill::ical
