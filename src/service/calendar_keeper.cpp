#include "service/calendar_keeper.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "crypto/crypto.h"
#include "ical/reader.h"
#include "service/metrics.h"

namespace watchbill {

namespace {

// "Not modified" is written down this often only: each time is a durable commit per calendar and poll, and
// all it buys is a more precise age of the copy after a restart.
constexpr Duration touch_every = std::chrono::hours(1);

// A calendar full of oddities must not flood the log; its state has all of them.
constexpr size_t most_logged_warnings = 10;

void add_unique(std::vector<CalendarWarning>& warnings, const std::vector<CalendarWarning>& more) {
    for (const CalendarWarning& warning : more) {
        const bool known = std::any_of(warnings.begin(), warnings.end(), [&](const CalendarWarning& other) {
            return other.code == warning.code && other.message == warning.message;
        });
        if (!known) warnings.push_back(warning);
    }
}

template <typename T>
void append(std::vector<T>& to, const std::vector<T>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

void add_contents(ClassifiedCalendar& all, const ClassifiedCalendar& one) {
    append(all.availability.absences, one.availability.absences);
    append(all.availability.night_duties, one.availability.night_duties);
    append(all.swaps, one.swaps);
    add_unique(all.warnings, one.warnings);
}

// Written down once an hour; at once when the clock was set back behind what is written there.
bool is_due_to_touch(Instant saved_at, Instant now) {
    return now - saved_at >= touch_every || now < saved_at;
}

}  // namespace

std::string source_key(const CalendarRef& calendar) {
    // Locations, users and paths hold no line breaks: no two calendars make the same text.
    std::string identity =
        std::to_string(static_cast<int>(calendar.type)) + '\n' + calendar.location + '\n' + calendar.user;
    // Who holds a token has no name: its file stands for them.
    if (!calendar.token_file.empty()) identity += '\n' + calendar.token_file;
    return crypto::sha256_hex(identity);
}

std::string copy_key(const CalendarOwner& owner, const CalendarRef& calendar) {
    return crypto::sha256_hex(owner.team + '\n' + owner.name + '\n' + source_key(calendar));
}

CalendarKeeper::CalendarKeeper(KeptCalendar kept, const Ports& ports)
    : kept_(std::move(kept)), key_(copy_key(kept_.owner, kept_.calendar)), ports_(ports) {
    state_.label = kept_.calendar.label;
}

Result<CalendarKeeper::Contents> CalendarKeeper::read(std::string_view bytes, Interval window) const {
    const Result<CalendarReading> reading = ical::read_calendar(bytes, {window, kept_.zone});
    if (!reading) return tl::unexpected(reading.error());
    ClassifiedCalendar contents = kept_.interpret(*reading);
    add_unique(contents.warnings, reading->warnings);
    return std::make_shared<const ClassifiedCalendar>(std::move(contents));
}

void CalendarKeeper::load_copy(Interval window, Moment now) {
    const std::lock_guard working(working_);
    if (ports_.store == nullptr || window_ == window) return;
    try {
        read_copy(window, now);
    } catch (const std::exception&) {
        // As in refresh(). What is in use stays, and the source is asked soon.
        warn_of_store({ErrorCode::unavailable, "an internal error stopped its reading", {}});
    }
}

void CalendarKeeper::read_copy(Interval window, Moment now) {
    Result<std::optional<SourceCopy>> copy = stored_copy();
    if (!copy) return warn_of_store(copy.error());
    if (*copy && !(*copy)->bytes.empty()) return use_copy(std::move(**copy), window, now);
    if (content_hash_.empty()) use_predecessors(window, now);
    if (*copy) {
        const std::lock_guard lock(mutex_);
        tried_before_ = true;
    }
}

// This calendar's own copy; where it is at a new address, none that was kept by the address alone, for that
// may be of anybody.
Result<std::optional<SourceCopy>> CalendarKeeper::stored_copy() const {
    auto copy = ports_.store->source_copy(key_);
    if (!copy || *copy || !kept_.predecessors.empty()) return copy;
    return ports_.store->source_copy(source_key(kept_.calendar));
}

void CalendarKeeper::use_copy(SourceCopy copy, Interval window, Moment now) {
    Result<Contents> contents = read(copy.bytes, window);
    if (!contents) {
        // It could be read once: what is in use, if anything, is better than nothing.
        ports_.log->warn("{}: its last good copy cannot be read any more: {}", kept_.calendar.label,
                         contents.error().message);
        return;
    }
    validators_ = copy.validators;
    content_hash_ = crypto::sha256_hex(copy.bytes);
    saved_at_ = copy.fetched_at;
    use_stale(std::move(*contents), window, saved_at_, now);
    bool own = copy.key == key_;
    if (!own) {
        copy.key = key_;
        copy.team = kept_.owner.team;
        copy.owner = kept_.owner.name;
        copy.place = kept_.owner.place;
        const auto saved = ports_.store->save_source_copy(copy);
        if (!saved) warn_of_store(saved.error());
        own = saved.has_value();
    }
    const std::lock_guard lock(mutex_);
    copy_is_own_ = own;
}

void CalendarKeeper::use_predecessors(Interval window, Moment now) {
    ClassifiedCalendar all;
    std::optional<Instant> read_at;
    for (const std::string& key : kept_.predecessors) {
        const Result<std::optional<SourceCopy>> copy = ports_.store->source_copy(key);
        if (!copy) warn_of_store(copy.error());
        if (!copy || !*copy || (*copy)->bytes.empty()) continue;
        const Result<Contents> contents = read((*copy)->bytes, window);
        if (!contents) {
            warn_of_store(contents.error());
            continue;
        }
        add_contents(all, **contents);
        read_at = std::min(read_at.value_or((*copy)->fetched_at), (*copy)->fetched_at);
    }
    if (!read_at) return;
    ports_.log->info("{}: has a new address; what was read before stays in use until it has been read once",
                     kept_.calendar.label);
    use_stale(std::make_shared<const ClassifiedCalendar>(std::move(all)), window, *read_at, now);
}

void CalendarKeeper::refresh(Moment now, Interval window) {
    const std::lock_guard working(working_);
    try {
        const Result<Fetched> fetched = ports_.source->fetch(kept_.calendar, validators_, window);
        const Result<void> taken =
            fetched ? take_answer(*fetched, now.wall, window) : tl::unexpected(fetched.error());
        if (taken) {
            note_success(now);
            if (kept_.meter != nullptr) kept_.meter->note_calendar_read(fetched->not_modified);
        } else {
            note_failure(taken.error(), now);
            save_that_tried(now.wall);
        }
    } catch (const std::exception&) {
        // Out of memory, or our own bug. One bad calendar must not take the others down; the exception's text
        // may hold anything, so it is not repeated.
        note_failure({ErrorCode::unavailable, "an internal error stopped the reading of this calendar", {}},
                     now);
    }
}

Result<void> CalendarKeeper::take_answer(const Fetched& fetched, Instant now, Interval window) {
    if (fetched.not_modified) return reuse_copy(now, window);
    std::string hash = crypto::sha256_hex(fetched.bytes);
    // Many servers know no conditional GET: the same bytes again are no news.
    const bool same = hash == content_hash_;
    if (!same || window_ != window) {
        Result<Contents> contents = read(fetched.bytes, window);
        if (!contents) return tl::unexpected(contents.error());
        use(std::move(*contents), window);
    }
    const bool same_validators = fetched.validators == validators_;
    content_hash_ = std::move(hash);
    validators_ = fetched.validators;
    if (!same || !same_validators || is_due_to_touch(saved_at_, now)) save_copy(fetched, now);
    return {};
}

Result<void> CalendarKeeper::reuse_copy(Instant now, Interval window) {
    // Without a hash of its own it was not asked for its changes only.
    if (window_ != window || content_hash_.empty()) {
        const Result<std::optional<SourceCopy>> copy =
            ports_.store != nullptr ? stored_copy() : std::optional<SourceCopy>();
        if (!copy || !*copy || (*copy)->bytes.empty()) {
            // Nothing to read for this window: ask for the whole calendar next time.
            validators_ = {};
            if (!copy) warn_of_store(copy.error());
            return fail(ErrorCode::unavailable,
                        "the calendar has not changed, but its copy is not in the store: it is fetched again",
                        kept_.calendar.label);
        }
        Result<Contents> contents = read((*copy)->bytes, window);
        if (!contents) return tl::unexpected(contents.error());
        use(std::move(*contents), window);
    }
    if (ports_.store != nullptr && is_due_to_touch(saved_at_, now)) {
        if (auto touched = ports_.store->touch_source_copy(key_, now); !touched) {
            warn_of_store(touched.error());
        } else {
            saved_at_ = now;
        }
    }
    return {};
}

void CalendarKeeper::save_copy(const Fetched& fetched, Instant now) {
    if (ports_.store == nullptr) return;
    const CalendarOwner& owner = kept_.owner;
    if (auto saved = ports_.store->save_source_copy(
            {key_, fetched.bytes, fetched.validators, now, owner.team, owner.name, owner.place});
        !saved) {
        // Without the copy a later "not modified" would leave nothing to read: ask for all of it again.
        validators_ = {};
        return warn_of_store(saved.error());
    }
    saved_at_ = now;
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(copy_is_own_, true)) return;
    }
    // Now that this one has been read. Left where they are, they would come back with their old address.
    if (kept_.predecessors.empty()) return;
    if (const auto done = ports_.store->forget_source_copies(kept_.predecessors); !done)
        warn_of_store(done.error());
}

// An empty copy: after a restart no plan waits for a calendar that was never there.
void CalendarKeeper::save_that_tried(Instant now) {
    {
        const std::lock_guard lock(mutex_);
        if (ports_.store == nullptr || contents_ != nullptr || std::exchange(tried_before_, true)) return;
    }
    const CalendarOwner& owner = kept_.owner;
    if (auto saved = ports_.store->save_source_copy({key_, "", {}, now, owner.team, owner.name, owner.place});
        !saved)
        warn_of_store(saved.error());
}

void CalendarKeeper::use(Contents contents, Interval window) {
    window_ = window;
    std::vector<CalendarWarning> fresh;
    {
        const std::lock_guard lock(mutex_);
        contents_ = std::move(contents);
        for (const CalendarWarning& warning : contents_->warnings) {
            const auto same = [&](const CalendarWarning& known) { return known.message == warning.message; };
            if (std::none_of(state_.warnings.begin(), state_.warnings.end(), same)) fresh.push_back(warning);
        }
        state_.warnings = contents_->warnings;
    }
    for (size_t i = 0; i < std::min(fresh.size(), most_logged_warnings); ++i)
        ports_.log->warn("{}: {} ({})", kept_.calendar.label, fresh[i].message, fresh[i].code);
    if (fresh.size() > most_logged_warnings)
        ports_.log->warn("{}: {} more warnings", kept_.calendar.label, fresh.size() - most_logged_warnings);
}

// Until the source has confirmed it.
void CalendarKeeper::use_stale(Contents contents, Interval window, Instant read_at, Moment now) {
    use(std::move(contents), window);
    const std::lock_guard lock(mutex_);
    // What this process heard itself is known better: a clock may have been set since.
    if (!last_success_)
        last_success_ = Moment{read_at, now.steady - std::max(now.wall - read_at, Duration(0))};
    if (state_.health == SourceHealth::never || state_.health == SourceHealth::failing)
        state_.health = SourceHealth::stale;
}

void CalendarKeeper::note_success(Moment now) {
    const std::lock_guard lock(mutex_);
    if (failures_ > 0)
        ports_.log->info("{}: answers again after {} failed attempts", state_.label, failures_);
    failures_ = 0;
    claimed_ = false;
    state_.health = SourceHealth::ok;
    last_attempt_ = now;
    last_success_ = now;
    state_.last_error.reset();
    due_ = now.steady + (ports_.pacing({now.wall, 0, {}, kept_.refresh}) - now.wall);
}

void CalendarKeeper::note_failure(Error error, Moment now) {
    const std::lock_guard lock(mutex_);
    ++failures_;
    if (kept_.meter != nullptr) kept_.meter->note_calendar_failure(error.code);
    claimed_ = false;
    state_.health = contents_ ? SourceHealth::stale : SourceHealth::failing;
    last_attempt_ = now;
    due_ = now.steady + (ports_.pacing({now.wall, failures_, error.retry_after, kept_.refresh}) - now.wall);
    ports_.log->warn("{}: {} ({}); {}", state_.label, error.message, code_name(error.code),
                     contents_ ? "the last good copy stays in use" : "there is no copy to use");
    state_.last_error = std::move(error);
}

void CalendarKeeper::warn_of_store(const Error& error) const {
    ports_.log->warn("{}: its copy in the store cannot be used: {}", kept_.calendar.label, error.message);
}

bool CalendarKeeper::claim_if_due(SteadyInstant now) {
    const std::lock_guard lock(mutex_);
    if (claimed_ || due_ > now) return false;
    claimed_ = true;
    return true;
}

SteadyInstant CalendarKeeper::due() const {
    const std::lock_guard lock(mutex_);
    return due_;
}

SourceState CalendarKeeper::state(Moment now) const {
    const std::lock_guard lock(mutex_);
    SourceState state = state_;
    if (last_attempt_) state.last_attempt = on_clock_of(now, *last_attempt_);
    if (last_success_) {
        state.last_success = on_clock_of(now, *last_success_);
        state.heard_at = last_success_->steady;
    }
    if (last_attempt_)
        state.next_attempt = *state.last_attempt + std::chrono::ceil<Duration>(due_ - last_attempt_->steady);
    return state;
}

bool CalendarKeeper::read_or_tried() const {
    const std::lock_guard lock(mutex_);
    return contents_ != nullptr || last_attempt_ || tried_before_;
}

std::vector<std::string> CalendarKeeper::copy_keys() const {
    std::vector<std::string> keys{key_};
    const std::lock_guard lock(mutex_);
    if (copy_is_own_) return keys;
    keys.push_back(source_key(kept_.calendar));
    append(keys, kept_.predecessors);
    return keys;
}

CalendarKeeper::Contents CalendarKeeper::contents() const {
    const std::lock_guard lock(mutex_);
    return contents_;
}

}  // namespace watchbill
