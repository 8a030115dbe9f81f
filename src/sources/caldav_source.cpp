#include "sources/caldav_source.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sources/collection_reader.h"

namespace watchbill {

namespace {

// Six of the largest calendars, or a hundred usual ones. What is forgotten is asked for as a whole again.
constexpr size_t max_remembered_bytes = size_t{64} * 1024 * 1024;

Fetched not_modified(const Validators& last) { return {true, "", last}; }

Result<Fetched> fetch_by_caldav(const CalendarRef& calendar, const Validators& last, Interval window,
                                const HttpOptions& options, std::optional<dav::CollectionCopy>& copy) {
    Result<dav::CollectionReader> reader = dav::CollectionReader::open(calendar, options);
    if (!reader) return tl::unexpected<Error>(std::move(reader.error()));
    const auto held = dav::parse_stamp(last.etag);
    if (copy && !dav::covers(copy->span(), window)) copy.reset();

    bool is_current = false;
    if (copy && copy->token().is_sync) {
        Result<bool> synced = reader->sync(*copy);
        if (!synced) {
            // A copy changed by half still has its old token, from which the next sync brings it up to date.
            // Only where it would end the same way again is the whole to be asked for.
            const ErrorCode code = synced.error().code;
            if (code != ErrorCode::unavailable && code != ErrorCode::timeout) copy.reset();
            return tl::unexpected<Error>(std::move(synced.error()));
        }
        is_current = *synced;
        if (!is_current) copy.reset();
    }
    if (!is_current) {
        Result<dav::StateToken> state = reader->ask_for_state();
        if (!state) return tl::unexpected<Error>(std::move(state.error()));
        const bool has_name = !state->text.empty();
        if (!copy && has_name && held && held->token == *state && dav::covers(held->span, window))
            return not_modified(last);
        if (!copy || !has_name || copy->token() != *state) {
            copy.reset();
            Result<dav::CollectionCopy> whole = reader->query(dav::span_to_ask_for(window, held));
            if (!whole) return tl::unexpected<Error>(std::move(whole.error()));
            copy = std::move(*whole);
            copy->set_token(std::move(*state));
        }
    }
    std::string stamp = dav::format_stamp(copy->stamp());
    if (!stamp.empty() && stamp == last.etag) return not_modified(last);
    return Fetched{false, copy->body(), {std::move(stamp), ""}};
}

}  // namespace

CalDavSource::CalDavSource(HttpOptions options) : options_(std::move(options)) {}

Result<Fetched> CalDavSource::fetch(const CalendarRef& calendar, const Validators& last, Interval window) {
    const std::shared_ptr<Memory> memory = memory_of(calendar);
    const std::lock_guard working(memory->working);
    Result<Fetched> fetched = fetch_by_caldav(calendar, last, window, options_, memory->copy);
    note_size(memory, memory->copy ? memory->copy->bytes() : 0);
    if (!fetched) fetched.error().where = calendar.label;
    return fetched;
}

std::shared_ptr<CalDavSource::Memory> CalDavSource::memory_of(const CalendarRef& calendar) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Memory>& memory = memories_[calendar];
    if (memory == nullptr) memory = std::make_shared<Memory>();
    memory->last_use = ++uses_;
    return memory;
}

void CalDavSource::note_size(const std::shared_ptr<Memory>& memory, size_t bytes) {
    const std::lock_guard lock(mutex_);
    memory->bytes = bytes;
    size_t total = 0;
    for (const auto& [calendar, other] : memories_) total += other->bytes;
    while (total > max_remembered_bytes && memories_.size() > 1) {
        const auto oldest = std::min_element(
            memories_.begin(), memories_.end(),
            [](const auto& a, const auto& b) { return a.second->last_use < b.second->last_use; });
        // A fetch under way keeps its own alive.
        total -= oldest->second->bytes;
        memories_.erase(oldest);
    }
}

}  // namespace watchbill
