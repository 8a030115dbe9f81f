#include "http/request_id.h"

#include <fmt/format.h>

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
    const std::uint64_t half = generator();
    return fmt::format("{:016x}{:016x}", half, generator());
}

}  // namespace

std::string request_id_of(std::optional<std::string> given) {
    return given && is_id(*given) ? std::move(*given) : random_id();
}

}  // namespace watchbill::http
