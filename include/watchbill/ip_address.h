// Addresses of IP hosts and ranges of them, as people write them in configurations and proxies in headers.
// Values; no name is ever looked up.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchbill {

class IpAddress {
public:
    using Bytes = std::array<std::uint8_t, 16>;

    IpAddress() = default;  // "::", nobody's
    // IPv6, or IPv4 mapped into it (::ffff:192.0.2.7), which is the same address as 192.0.2.7 itself.
    explicit IpAddress(const Bytes& bytes) : bytes_(bytes) {}
    // "192.0.2.7", "2001:db8::7"; no port, no brackets, no zone.
    static std::optional<IpAddress> parse(std::string_view text);

    bool is_ipv4() const;
    bool is_loopback() const;  // 127.0.0.0/8, ::1
    const Bytes& bytes() const { return bytes_; }
    std::string text() const;  // the shortest form (RFC 5952)
    // The network that one customer usually has: of IPv6 the first 64 bits (RFC 4291 2.5.1), of IPv4 all.
    IpAddress subscriber() const;

    auto operator<=>(const IpAddress&) const = default;

private:
    Bytes bytes_{};
};

class IpRange {
public:
    // "10.0.0.0/8", "2001:db8::/32", or one address. Bits behind the prefix must be zero: "10.0.0.1/8" is
    // more often a mistake than not.
    static std::optional<IpRange> parse(std::string_view text);

    bool contains(const IpAddress& address) const;
    bool operator==(const IpRange&) const = default;

private:
    IpRange(const IpAddress& first, unsigned prefix) : first_(first), prefix_(prefix) {}

    IpAddress first_;
    unsigned prefix_ = 128;  // bits of IPv6: an IPv4 prefix and 96
};

bool contains(const std::vector<IpRange>& ranges, const IpAddress& address);

}  // namespace watchbill
