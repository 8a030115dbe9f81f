#include "watchbill/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace watchbill {

namespace {

constexpr std::array<std::uint8_t, 12> ipv4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr size_t ipv4_at = ipv4_prefix.size();
constexpr unsigned ipv4_bits = 96;  // before those of the IPv4 address

std::optional<unsigned> parse_prefix(std::string_view text, unsigned most) {
    unsigned prefix = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
    const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
    return whole && prefix <= most ? std::optional(prefix) : std::nullopt;
}

// The address with all but its first `bits` bits zero.
IpAddress masked(const IpAddress& address, unsigned bits) {
    IpAddress::Bytes bytes = address.bytes();
    for (unsigned i = 0; i < bytes.size(); ++i) {
        const unsigned kept = std::clamp(bits, i * 8, i * 8 + 8) - i * 8;
        bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xff00U >> kept));
    }
    return IpAddress(bytes);
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    const std::string terminated(text);
    if (terminated.size() > INET6_ADDRSTRLEN || terminated.find('\0') != std::string::npos)
        return std::nullopt;
    Bytes bytes{};
    if (::inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return IpAddress(bytes);
    std::copy(ipv4_prefix.begin(), ipv4_prefix.end(), bytes.begin());
    if (::inet_pton(AF_INET, terminated.c_str(), bytes.data() + ipv4_at) == 1) return IpAddress(bytes);
    return std::nullopt;
}

bool IpAddress::is_ipv4() const { return std::equal(ipv4_prefix.begin(), ipv4_prefix.end(), bytes_.begin()); }

bool IpAddress::is_loopback() const {
    constexpr Bytes ipv6_loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return is_ipv4() ? bytes_[ipv4_at] == 127 : bytes_ == ipv6_loopback;
}

std::string IpAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (!is_ipv4()) {
        ::inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
        return text.data();
    }
    // inet_ntop() would format with snprintf(), and every request's client is put into words.
    char* end = text.data();
    for (size_t i = ipv4_at; i < bytes_.size(); ++i) {
        if (i > ipv4_at) *end++ = '.';
        end = std::to_chars(end, text.data() + text.size(), bytes_[i]).ptr;
    }
    return {text.data(), end};
}

IpAddress IpAddress::subscriber() const { return is_ipv4() ? *this : masked(*this, 64); }

std::optional<IpRange> IpRange::parse(std::string_view text) {
    const size_t slash = text.find('/');
    const auto first = IpAddress::parse(text.substr(0, slash));
    if (!first) return std::nullopt;
    if (slash == std::string_view::npos) return IpRange(*first, 128);
    // "::ffff:10.0.0.0/104" is IPv4 written as IPv6, and counts bits like it.
    const bool dotted_only = first->is_ipv4() && text.find(':') == std::string_view::npos;
    const auto prefix = parse_prefix(text.substr(slash + 1), dotted_only ? 128 - ipv4_bits : 128);
    if (!prefix) return std::nullopt;
    const unsigned bits = *prefix + (dotted_only ? ipv4_bits : 0);
    if (masked(*first, bits) != *first) return std::nullopt;
    return IpRange(*first, bits);
}

bool IpRange::contains(const IpAddress& address) const { return masked(address, prefix_) == first_; }

bool contains(const std::vector<IpRange>& ranges, const IpAddress& address) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&address](const IpRange& range) { return range.contains(address); });
}

}  // namespace watchbill
