#include "http/client_address.h"

#include "words/ascii.h"

namespace watchbill::http {

namespace {

// "192.0.2.7", "192.0.2.7:4711", "2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:4711".
std::optional<IpAddress> parse_entry(std::string_view entry) {
    entry = trim(entry);
    if (entry.starts_with('[')) {
        const size_t end = entry.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        return IpAddress::parse(entry.substr(1, end - 1));
    }
    const size_t colon = entry.find(':');
    const bool has_port = colon != std::string_view::npos && entry.rfind(':') == colon;
    return IpAddress::parse(has_port ? entry.substr(0, colon) : entry);
}

}  // namespace

IpAddress client_address(const IpAddress& peer, const std::optional<std::string>& forwarded_for,
                         const std::vector<IpRange>& trusted_proxies) {
    IpAddress client = peer;
    if (!contains(trusted_proxies, peer)) return client;
    if (!forwarded_for) return client;
    std::string_view list = *forwarded_for;
    while (contains(trusted_proxies, client)) {
        const size_t comma = list.rfind(',');
        const auto entry = parse_entry(comma == std::string_view::npos ? list : list.substr(comma + 1));
        if (!entry) break;
        client = *entry;
        if (comma == std::string_view::npos) break;
        list = list.substr(0, comma);
    }
    return client;
}

}  // namespace watchbill::http
