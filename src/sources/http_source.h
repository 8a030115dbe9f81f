// Calendars at http and https addresses: conditional GET, bounded in size and time, redirects by our rules.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "watchbill/ports.h"

namespace watchbill {

struct HttpOptions {
    std::chrono::milliseconds connect_timeout{5'000};  // with TLS; far servers answer within a second
    std::chrono::milliseconds total_timeout{30'000};   // all redirects together; 10 MB at 3 Mbit/s
    // Slower than this many bytes a second for this long is a hang.
    long low_speed_bytes = 64;
    std::chrono::seconds low_speed_window{10};
    int max_redirects = 5;
    std::string ca_file;   // PEM; "" for the system's
    std::stop_token stop;  // ends fetches under way, as `unavailable`
};

// Thread-safe: each fetch has its own connection.
class HttpSource : public CalendarSource {
public:
    explicit HttpSource(HttpOptions options);
    Result<Fetched> fetch(const CalendarRef& calendar, const Validators& last, Interval window) override;

private:
    const HttpOptions options_;
};

}  // namespace watchbill
