#include "store/base64.h"

#include <array>
#include <cstdint>

namespace watchbill::store {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint8_t no_digit = 0xff;

constexpr std::array<uint8_t, 256> digit_values() {
    std::array<uint8_t, 256> values{};
    values.fill(no_digit);
    for (size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<uint8_t>(i);
    }
    return values;
}

uint32_t byte_at(std::string_view bytes, size_t index) {
    return index < bytes.size() ? static_cast<unsigned char>(bytes[index]) : 0U;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (size_t i = 0; i < bytes.size(); i += 3) {
        const uint32_t group = byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
        const size_t left = bytes.size() - i;
        text += alphabet[group >> 18];
        text += alphabet[group >> 12 & 63];
        text += left > 1 ? alphabet[group >> 6 & 63] : '=';
        text += left > 2 ? alphabet[group & 63] : '=';
    }
    return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
    static constexpr std::array<uint8_t, 256> values = digit_values();
    if (text.size() % 4 != 0) return std::nullopt;

    size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;

    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (size_t i = 0; i < text.size(); i += 4) {
        const size_t padded = i + 4 == text.size() ? padding : 0;
        uint32_t group = 0;
        for (size_t k = 0; k < 4; ++k) {
            const uint8_t value = k < 4 - padded ? values[static_cast<unsigned char>(text[i + k])] : 0;
            if (value == no_digit) return std::nullopt;
            group = group << 6 | value;
        }
        // Bits that no byte uses are zero in what we write (RFC 4648 section 3.5).
        if ((padded == 1 && (group & 0xff) != 0) || (padded == 2 && (group & 0xffff) != 0)) {
            return std::nullopt;
        }
        bytes += static_cast<char>(group >> 16);
        if (padded < 2) bytes += static_cast<char>(group >> 8 & 0xff);
        if (padded < 1) bytes += static_cast<char>(group & 0xff);
    }
    return bytes;
}

}  // namespace watchbill::store
