#include "http/request_id.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>

namespace watchbill::http {

namespace {

bool is_id(std::string_view text) {
    constexpr size_t longest = 64;
    return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    });
}

std::mt19937_64 seeded_generator() {
    std::random_device device;
    // 256 bits: no two threads, in whatever process, go through the same numbers.
    std::array<std::random_device::result_type, 8> seed{};
    std::generate(seed.begin(), seed.end(), std::ref(device));
    std::seed_seq sequence(seed.begin(), seed.end());
    return std::mt19937_64(sequence);
}

std::string random_id() {
    thread_local std::mt19937_64 generator = seeded_generator();
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string id(32, '0');
    for (size_t half = 0; half < id.size(); half += 16) {
        std::uint64_t bits = generator();
        for (size_t i = half; i < half + 16; ++i, bits >>= 4U) id[i] = digits[bits & 15U];
    }
    return id;
}

}  // namespace

std::string request_id_of(std::optional<std::string> given) {
    return given && is_id(*given) ? std::move(*given) : random_id();
}

}  // namespace watchbill::http
