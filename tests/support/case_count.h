// How many random cases a property is tried with.
#pragma once

namespace watchbill::test {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

// All of them. A tenth where AddressSanitizer makes each several times slower: it looks for other things,
// which the first cases have as well.
template <typename Number>
constexpr Number case_count(Number all) {
    return sanitized ? all / 10 : all;
}

}  // namespace watchbill::test
