#include "sources/caldav_copy.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sources/limits.h"
#include "time/format.h"

namespace watchbill::dav {

namespace {

using std::chrono::days;

// A window moves by a day each day: so often, and not daily, is the whole asked again.
constexpr days margin_before{31};
constexpr days margin_after{92};
// `calendar --from 2001-01-01` must not make a service ask for a quarter of a century from then on.
constexpr days longest_span{3660};

// With the bytes around it well below a header's 1024.
constexpr size_t longest_token = 800;

// Opens every stamp: an ETag of the same calendar read as a plain .ics file never looks like one.
constexpr std::string_view stamp_start = "caldav ";
constexpr std::string_view sync_mark = " sync ";
constexpr std::string_view tag_mark = " ctag ";
constexpr size_t instant_length = std::string_view("2026-03-01T08:00:00Z").size();

bool is_storable(std::string_view token) {
    return !token.empty() && token.size() <= longest_token &&
           std::all_of(token.begin(), token.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_of_interest(std::string_view calendar) {
    constexpr std::array<std::string_view, 3> kinds = {"BEGIN:VEVENT", "BEGIN:VFREEBUSY",
                                                       "BEGIN:VAVAILABILITY"};
    const auto same = [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; };
    return std::any_of(kinds.begin(), kinds.end(), [&](std::string_view kind) {
        return std::search(calendar.begin(), calendar.end(), kind.begin(), kind.end(), same) !=
               calendar.end();
    });
}

tl::unexpected<Error> too_large(const std::string& what) {
    return fail(ErrorCode::too_large,
                "the calendar has more than the " + what + " allowed: remove old events, or split it");
}

}  // namespace

std::string format_stamp(const CopyStamp& stamp) {
    if (!is_storable(stamp.token.text)) return "";
    std::string text(stamp_start);
    text += format_instant(stamp.span.start) + "/" + format_instant(stamp.span.end);
    text += stamp.token.is_sync ? sync_mark : tag_mark;
    return text + stamp.token.text;
}

std::optional<CopyStamp> parse_stamp(std::string_view text) {
    if (!text.starts_with(stamp_start)) return std::nullopt;
    text.remove_prefix(stamp_start.size());
    constexpr size_t span_length = 2 * instant_length + 1;
    if (text.size() < span_length + sync_mark.size() || text[instant_length] != '/') return std::nullopt;
    const auto start = parse_instant(text.substr(0, instant_length));
    const auto end = parse_instant(text.substr(instant_length + 1, instant_length));
    text.remove_prefix(span_length);
    const bool is_sync = text.starts_with(sync_mark);
    if (!start || !end || *end < *start || (!is_sync && !text.starts_with(tag_mark))) return std::nullopt;
    const std::string_view token = text.substr(sync_mark.size());
    if (!is_storable(token)) return std::nullopt;
    return CopyStamp{{*start, *end}, {std::string(token), is_sync}};
}

bool covers(Interval span, Interval window) { return span.start <= window.start && window.end <= span.end; }

Interval span_to_ask_for(Interval window, const std::optional<CopyStamp>& before) {
    const Interval around{window.start - margin_before, window.end + margin_after};
    if (!before) return around;
    const Interval both{std::min(around.start, before->span.start), std::max(around.end, before->span.end)};
    return both.length() <= longest_span ? both : around;
}

Result<void> CollectionCopy::set(const std::string& href, std::string_view etag, std::string_view calendar) {
    if (!is_of_interest(calendar)) calendar = {};
    const auto known = entries_.find(href);
    const size_t before = known == entries_.end() ? 0 : known->second.calendar.size();
    if (calendar.size() > max_calendar_bytes - (bytes_ - before)) return too_large("10 MB");
    if (known == entries_.end() && entries_.size() >= max_dav_resources)
        return too_large(std::to_string(max_dav_resources) + " events");
    bytes_ = bytes_ - before + calendar.size();
    entries_[href] = {std::string(etag), std::string(calendar)};
    return {};
}

void CollectionCopy::remove(const std::string& href) {
    const auto known = entries_.find(href);
    if (known == entries_.end()) return;
    bytes_ -= known->second.calendar.size();
    entries_.erase(known);
}

bool CollectionCopy::has(const std::string& href, std::string_view etag) const {
    const auto known = entries_.find(href);
    return known != entries_.end() && !etag.empty() && known->second.etag == etag;
}

std::string CollectionCopy::body() const {
    std::string body;
    body.reserve(bytes_ + entries_.size());
    for (const auto& [href, entry] : entries_) {
        body += entry.calendar;
        if (!body.empty() && body.back() != '\n') body += '\n';
    }
    if (!body.empty()) return body;
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Watchbill//CalDAV//EN\r\nEND:VCALENDAR\r\n";
}

}  // namespace watchbill::dav
