#include "config/values.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "time/format.h"
#include "time/zone.h"
#include "words/plain_text.h"
#include "words/suggest.h"

namespace watchbill {

namespace {

constexpr std::array<std::string_view, 7> weekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// Digits only: from_chars alone would take "-0".
std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return port;
}

bool is_ipv6(const std::string& host) {
    in6_addr address{};
    return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

// Four numbers and dots are an address or a mistake, never a name.
bool is_host_name_or_ipv4(const std::string& host) {
    const bool looks_numeric = host.find_first_not_of("0123456789.") == std::string::npos;
    in_addr address{};
    if (looks_numeric) return inet_pton(AF_INET, host.c_str(), &address) == 1;
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), is_host_character);
}

}  // namespace

bool is_blank(std::string_view text) { return plain_text(text).empty(); }

std::string printable(std::string_view text) {
    constexpr size_t longest = 100;
    // A control character parts words, rather than being left out.
    std::string spaced(text);
    std::replace_if(
        spaced.begin(), spaced.end(),
        [](char c) { return is_control(static_cast<unsigned char>(c)) && c >= 0; }, ' ');
    std::string result = without_hidden_characters(spaced);
    size_t end = result.find("://");
    end = end == std::string::npos ? result.size() : end + 3;
    bool cut = end < result.size();
    if (end > longest) {
        end = longest;
        // Not inside a UTF-8 character.
        while (end > 0 && (static_cast<unsigned char>(result[end]) & 0xc0) == 0x80) --end;
        cut = true;
    }
    result.resize(end);
    return cut ? result + "..." : result;
}

std::string in_quotes(std::string_view text) { return '"' + printable(text) + '"'; }

std::optional<MemberId> parse_email(const Text& text, ProblemLog& log) {
    if (auto id = MemberId::parse(text.value)) return id;
    log.error(text.place, in_quotes(text.value) + " is no e-mail address such as \"alice@example.com\"");
    return std::nullopt;
}

std::optional<ZoneName> parse_zone(const Text& text, ProblemLog& log) {
    if (Zone::find(text.value)) return text.value;
    const auto near = log.wants_suggestions() ? nearest_zone(text.value) : std::nullopt;
    if (near == text.value) {
        log.error(text.place, in_quotes(text.value) +
                                  " is a time zone that this system's database lacks; install the "
                                  "package tzdata again");
        return std::nullopt;
    }
    log.error(text.place, in_quotes(text.value) + " is no time zone that this system knows" +
                              (near ? did_you_mean(near) : "; write an IANA name such as \"Europe/Paris\""));
    return std::nullopt;
}

std::optional<std::string> parse_name(const Text& text, std::string_view what, ProblemLog& log) {
    constexpr size_t longest = 64;  // it becomes part of URLs, UIDs and file names
    const std::string& name = text.value;
    const bool good = name.size() <= longest && std::all_of(name.begin(), name.end(), is_name_character) &&
                      name.front() != '-' && name.front() != '_';
    if (good) return name;
    log.error(text.place,
              in_quotes(name) + " cannot be " + std::string(what) +
                  ": it takes a to z, 0 to 9, \"-\" and \"_\", starts with a letter or digit, and has at "
                  "most 64 characters; use the title for people");
    return std::nullopt;
}

std::optional<unsigned> parse_weekday(const Text& text, ProblemLog& log) {
    const auto found = std::find(weekdays.begin(), weekdays.end(), text.value);
    if (found != weekdays.end()) return static_cast<unsigned>(found - weekdays.begin());
    // "Monday", "Mon", "mo": the first two letters tell the days apart.
    const auto near = std::find_if(weekdays.begin(), weekdays.end(), [&](std::string_view day) {
        return edit_distance(day.substr(0, 2), std::string_view(text.value).substr(0, 2)) == 0;
    });
    const auto suggestion = near == weekdays.end() ? std::nullopt : std::optional(std::string(*near));
    log.error(text.place,
              in_quotes(text.value) + " is no day of the week" +
                  (suggestion ? did_you_mean(suggestion) : "; write mon, tue, wed, thu, fri, sat or sun"));
    return std::nullopt;
}

std::optional<std::chrono::minutes> parse_clock(const Text& text, ProblemLog& log) {
    if (auto time = parse_time_of_day(text.value)) return time;
    const auto padded = parse_time_of_day("0" + text.value) ? std::optional("0" + text.value) : std::nullopt;
    log.error(text.place,
              in_quotes(text.value) + " is no time of day" +
                  (padded ? did_you_mean(padded) : "; write hours and minutes such as \"09:00\""));
    return std::nullopt;
}

std::optional<Duration> parse_duration_between(const Text& text, std::string_view what, Duration least,
                                               Duration most, ProblemLog& log) {
    const auto duration = parse_duration(text.value);
    if (!duration) {
        log.error(text.place, in_quotes(text.value) +
                                  " is no duration; write days, hours, minutes or seconds such as "
                                  "\"11h\", \"1h30m\" or \"5m\"");
        return std::nullopt;
    }
    if (*duration < least || *duration > most) {
        log.error(text.place, in_quotes(what) + " must be from " + format_duration(least) + " to " +
                                  format_duration(most) + ", not " + format_duration(*duration));
        return std::nullopt;
    }
    return duration;
}

std::optional<int> parse_weight(const Located<double>& weight, ProblemLog& log) {
    constexpr double most = 100;
    if (!(weight.value > 0) || weight.value > most) {
        log.error(
            weight.place,
            "\"weight\" must be above 0 and at most 100; 1.0 is a full share, 0.5 half of one. Who takes "
            "no shifts is left out of the rotation's members");
        return std::nullopt;
    }
    const double thousandths = std::round(weight.value * 1000);
    if (thousandths < 1 || std::abs(weight.value * 1000 - thousandths) > 1e-6) {
        log.error(weight.place, "\"weight\" has more than 3 decimals");
        return std::nullopt;
    }
    return static_cast<int>(thousandths);
}

std::optional<ListenAddress> parse_listen_address(const Text& text, ProblemLog& log) {
    const std::string& value = text.value;
    const size_t colon = value.rfind(':');
    const auto refuse = [&](const std::string& why) {
        log.error(text.place, in_quotes(value) + " is no address to listen on: " + why +
                                  "; write \"127.0.0.1:8080\", \"[::1]:8080\" or, for every network, "
                                  "\"0.0.0.0:8080\"");
        return std::nullopt;
    };
    if (colon == std::string::npos) return refuse("the port is missing");
    const std::string host = value.substr(0, colon);
    const auto port = parse_port(std::string_view(value).substr(colon + 1));
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    const std::string bare = bracketed ? host.substr(1, host.size() - 2) : host;
    if (!bracketed && is_ipv6(value)) return refuse("an IPv6 address stands in [ ]");
    if (!port) return refuse("the port is no number from 0 to 65535");
    if (host.empty()) return refuse("the host is missing");
    if (bracketed ? !is_ipv6(bare) : !is_host_name_or_ipv4(bare)) return refuse("the host is none");
    return ListenAddress{bare, *port};
}

std::string format_listen_address(const ListenAddress& address) {
    const bool ipv6 = address.host.find(':') != std::string::npos;
    return (ipv6 ? '[' + address.host + ']' : address.host) + ':' + std::to_string(address.port);
}

bool is_loopback(std::string_view host) {
    const bool ipv4 = host.find_first_not_of("0123456789.") == std::string_view::npos;
    return host == "localhost" || host == "::1" || (ipv4 && host.starts_with("127."));
}

}  // namespace watchbill
