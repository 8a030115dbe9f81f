// What is known of one CalDAV collection: its resources, of which time, and as of which state. Pure; knows
// nothing of how they came here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "watchbill/result.h"
#include "watchbill/time.h"

namespace watchbill::dav {

// A state of a collection as its server names it: a sync-token (RFC 6578 4), from which on changes can be
// asked for, or a CTag, which only tells that something changed.
struct StateToken {
    std::string text;  // "" for a server that names no states
    bool is_sync = false;
    bool operator==(const StateToken&) const = default;
};

// Which copy somebody holds, as text in Validators::etag: the time that it covers and its state.
struct CopyStamp {
    Interval span;
    StateToken token;
    bool operator==(const CopyStamp&) const = default;
};

// "" where the state has no name or one that cannot be stored as text: then nothing is ever "not modified".
std::string format_stamp(const CopyStamp& stamp);
std::optional<CopyStamp> parse_stamp(std::string_view text);

bool covers(Interval span, Interval window);
// What to ask a server for when `window` is wanted: more on both sides, so that the next days' windows lie
// inside, and all of what was covered already, so that a copy kept in the store never covers less than
// before. Where that would be more than ten years, only what is around the window.
Interval span_to_ask_for(Interval window, const std::optional<CopyStamp>& before);

class CollectionCopy {
public:
    explicit CollectionCopy(Interval span) : span_(span) {}

    Interval span() const { return span_; }
    const StateToken& token() const { return token_; }
    void set_token(StateToken token) { token_ = std::move(token); }
    CopyStamp stamp() const { return {span_, token_}; }

    // What holds no event, free time or availability (tasks, notes) is remembered without its bytes.
    // Errors, without `where`: too_large (10 MB and max_dav_resources in all).
    Result<void> set(const std::string& href, std::string_view etag, std::string_view calendar);
    void remove(const std::string& href);
    // Whether that resource is here in that state. Never where the ETag is "".
    bool has(const std::string& href, std::string_view etag) const;

    size_t bytes() const { return bytes_; }
    // All of them one after the other, by href: several VCALENDARs, which src/ical/reader.h reads as one
    // calendar. An empty VCALENDAR where there are none.
    std::string body() const;

private:
    struct Entry {
        std::string etag;
        std::string calendar;
    };

    Interval span_;
    StateToken token_;
    std::map<std::string, Entry> entries_;  // by href
    size_t bytes_ = 0;
};

}  // namespace watchbill::dav
