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

}  // namespace

std::string source_key(const CalendarRef& calendar) {
    // Locations, users and paths hold no line breaks: no two calendars make the same text.
    std::string identity =
        std::to_string(static_cast<int>(calendar.type)) + '\n' + calendar.location + '\n' + calendar.user;
    // Who holds a token has no name: its file stands for them.
    if (!calendar.token_file.empty()) identity += '\n' + calendar.token_file;
    return crypto::sha256_hex(identity);
}

CalendarKeeper::CalendarKeeper(KeptCalendar kept, const Ports& ports)
    : kept_(std::move(kept)), key_(source_key(kept_.calendar)), ports_(ports) {
    state_.label = kept_.calendar.label;
}

Result<CalendarKeeper::Contents> CalendarKeeper::read(std::string_view bytes, Interval window) const {
    const Result<CalendarReading> reading = ical::read_calendar(bytes, {window, kept_.zone});
    if (!reading) return tl::unexpected(reading.error());
    ClassifiedCalendar contents = kept_.interpret(*reading);
    add_unique(contents.warnings, reading->warnings);
    return std::make_shared<const ClassifiedCalendar>(std::move(contents));
}

void CalendarKeeper::load_copy(Interval window) {
    const std::lock_guard working(working_);
    if (ports_.store == nullptr || window_ == window) return;
    const Result<std::optional<SourceCopy>> copy = ports_.store->source_copy(key_);
    if (!copy) return warn_of_store(copy.error());
    if (!*copy) return;
    Result<Contents> contents = read((*copy)->bytes, window);
    if (!contents) {
        // It could be read once: what is in use, if anything, is better than nothing.
        ports_.log->warn("{}: its last good copy cannot be read any more: {}", kept_.calendar.label,
                         contents.error().message);
        return;
    }
    validators_ = (*copy)->validators;
    content_hash_ = crypto::sha256_hex((*copy)->bytes);
    saved_at_ = (*copy)->fetched_at;
    use(std::move(*contents), window);
    const std::lock_guard lock(mutex_);
    state_.last_success = std::max(state_.last_success.value_or(saved_at_), saved_at_);
    // Until the source has confirmed it.
    if (state_.health == SourceHealth::never || state_.health == SourceHealth::failing)
        state_.health = SourceHealth::stale;
}

void CalendarKeeper::refresh(Instant now, Interval window) {
    const std::lock_guard working(working_);
    try {
        const Result<Fetched> fetched = ports_.source->fetch(kept_.calendar, validators_, window);
        const Result<void> taken =
            fetched ? take_answer(*fetched, now, window) : tl::unexpected(fetched.error());
        if (taken) {
            note_success(now);
            if (kept_.meter != nullptr) kept_.meter->note_calendar_read(fetched->not_modified);
        } else {
            note_failure(taken.error(), now);
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
    if (!same || !same_validators || now - saved_at_ >= touch_every) save_copy(fetched, now);
    return {};
}

Result<void> CalendarKeeper::reuse_copy(Instant now, Interval window) {
    if (window_ != window) {
        const Result<std::optional<SourceCopy>> copy =
            ports_.store != nullptr ? ports_.store->source_copy(key_) : std::optional<SourceCopy>();
        if (!copy || !*copy) {
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
    if (ports_.store != nullptr && now - saved_at_ >= touch_every) {
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
    if (auto saved = ports_.store->save_source_copy({key_, fetched.bytes, fetched.validators, now}); !saved) {
        // Without the copy a later "not modified" would leave nothing to read: ask for all of it again.
        validators_ = {};
        return warn_of_store(saved.error());
    }
    saved_at_ = now;
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

void CalendarKeeper::note_success(Instant now) {
    const std::lock_guard lock(mutex_);
    if (failures_ > 0)
        ports_.log->info("{}: answers again after {} failed attempts", state_.label, failures_);
    failures_ = 0;
    claimed_ = false;
    state_.health = SourceHealth::ok;
    state_.last_attempt = now;
    state_.last_success = now;
    state_.last_error.reset();
    state_.next_attempt = ports_.pacing({now, 0, {}, kept_.refresh});
}

void CalendarKeeper::note_failure(Error error, Instant now) {
    const std::lock_guard lock(mutex_);
    ++failures_;
    if (kept_.meter != nullptr) kept_.meter->note_calendar_failure(error.code);
    claimed_ = false;
    state_.health = contents_ ? SourceHealth::stale : SourceHealth::failing;
    state_.last_attempt = now;
    state_.next_attempt = ports_.pacing({now, failures_, error.retry_after, kept_.refresh});
    ports_.log->warn("{}: {} ({}); {}", state_.label, error.message, code_name(error.code),
                     contents_ ? "the last good copy stays in use" : "there is no copy to use");
    state_.last_error = std::move(error);
}

void CalendarKeeper::warn_of_store(const Error& error) const {
    ports_.log->warn("{}: its copy in the store cannot be used: {}", kept_.calendar.label, error.message);
}

bool CalendarKeeper::claim_if_due(Instant now) {
    const std::lock_guard lock(mutex_);
    if (claimed_ || state_.next_attempt > now) return false;
    claimed_ = true;
    return true;
}

SourceState CalendarKeeper::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

CalendarKeeper::Contents CalendarKeeper::contents() const {
    const std::lock_guard lock(mutex_);
    return contents_;
}

}  // namespace watchbill
