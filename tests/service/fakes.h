// The world as service tests need it: a clock that stands until it is moved, calendars in memory, the real
// store in a folder of its own that counts what is written.
#pragma once

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <sstream>

#include "ical/reader.h"
#include "rotation/planner.h"
#include "service/calendar_keeper.h"
#include "store/open_store.h"
#include "support/temp_dir.h"
#include "time/format.h"

namespace watchbill::test {

inline Instant at(std::string_view text) { return *parse_instant(text); }
inline Day day(std::string_view text) { return *parse_day(text); }
inline MemberId id(std::string_view email) { return *MemberId::parse(email); }

class FakeClock final : public Clock {
public:
    explicit FakeClock(Instant now) : now_(now.time_since_epoch().count()) {}
    Instant now() const override { return Instant(Duration(now_.load())); }
    SteadyInstant steady_now() const override { return SteadyInstant(Duration(elapsed_.load())); }
    // Time passes until then; an earlier instant sets the wall clock back.
    void set(Instant now) {
        const Duration::rep then = now.time_since_epoch().count();
        elapsed_ += std::max<Duration::rep>(0, then - now_);
        now_ = then;
    }
    void advance(Duration by) {
        now_ += by.count();
        elapsed_ += by.count();
    }
    // Somebody sets the wall clock, by so much; no time passes.
    void step_wall(Duration by) { now_ += by.count(); }

private:
    std::atomic<Duration::rep> now_;
    std::atomic<Duration::rep> elapsed_{1'000'000};  // no start to rely on
};

// Calendars by location. ETags are made of the bytes, so that what did not change is "not modified".
class FakeSource final : public CalendarSource {
public:
    using Answer = std::function<Result<Fetched>(const Validators&)>;

    Result<Fetched> fetch(const CalendarRef& calendar, const Validators& last, Interval) override {
        Answer answer;
        {
            const std::lock_guard lock(mutex_);
            ++fetches_[calendar.location];
            answer = answers_.at(calendar.location);
        }
        return answer(last);
    }

    void serve(const std::string& location, const std::string& bytes) {
        set(location, [bytes](const Validators& last) -> Result<Fetched> {
            const std::string etag = '"' + std::to_string(std::hash<std::string>()(bytes)) + '"';
            if (last.etag == etag) return Fetched{true, "", last};
            return Fetched{false, bytes, {etag, ""}};
        });
    }
    // As servers without conditional GET do.
    void serve_always(const std::string& location, const std::string& bytes) {
        set(location, [bytes](const Validators&) -> Result<Fetched> { return Fetched{false, bytes, {}}; });
    }
    void break_down(const std::string& location, Error error) {
        set(location, [error](const Validators&) -> Result<Fetched> { return tl::unexpected(error); });
    }
    void set(const std::string& location, Answer answer) {
        const std::lock_guard lock(mutex_);
        answers_[location] = std::move(answer);
    }
    int fetches(const std::string& location) {
        const std::lock_guard lock(mutex_);
        return fetches_[location];
    }

private:
    std::mutex mutex_;
    std::map<std::string, Answer> answers_;
    std::map<std::string, int> fetches_;
};

// The real store; counts writes and fails when told to.
class WatchedStore final : public Store {
public:
    explicit WatchedStore(const std::filesystem::path& folder) {
        auto opened = open_store("sqlite:" + (folder / "watchbill.db").string());
        REQUIRE(opened);
        store_ = std::move(*opened);
    }

    std::atomic<int> publications = 0;
    std::atomic<int> copies_saved = 0;
    std::atomic<int> copies_touched = 0;
    std::atomic<int> renewals = 0;  // of claims
    std::atomic<bool> failing = false;
    std::atomic<bool> taken = false;                 // another process writes, and does not end
    std::atomic<bool> full = false;                  // what was written can be read, and no plan be published
    std::atomic<bool> dies_before_settling = false;  // as who dies after an event was put
    std::function<void()> before_claim;              // called by claim_outbox; set while nobody calls that
    int writes() const { return publications + copies_saved + copies_touched; }

    Result<void> check_place() override {
        if (failing) return broken();
        return store_->check_place();
    }
    Result<void> wait_for_turn() override {
        if (failing || taken) return broken();
        return store_->wait_for_turn();
    }
    Result<std::optional<SourceCopy>> source_copy(const std::string& key) override {
        if (failing) return broken();
        return store_->source_copy(key);
    }
    Result<void> save_source_copy(const SourceCopy& copy) override {
        if (failing) return broken();
        ++copies_saved;
        return store_->save_source_copy(copy);
    }
    Result<void> touch_source_copy(const std::string& key, Instant fetched_at) override {
        if (failing) return broken();
        ++copies_touched;
        return store_->touch_source_copy(key, fetched_at);
    }
    Result<std::vector<SourceCopyName>> source_copy_names(const std::string& team) override {
        if (failing) return broken();
        return store_->source_copy_names(team);
    }
    Result<void> forget_source_copies(const std::vector<std::string>& keys) override {
        if (failing) return broken();
        return store_->forget_source_copies(keys);
    }
    Result<std::vector<PublishedAssignment>> assignments(const std::string& team, DaySpan days) override {
        if (failing) return broken();
        return store_->assignments(team, days);
    }
    Result<EventVersions> event_versions(const std::string& team) override {
        if (failing) return broken();
        return store_->event_versions(team);
    }
    Result<void> publish(const Publication& publication) override {
        if (failing || full) return broken();
        ++publications;
        return store_->publish(publication);
    }
    Result<int> feed_generation(const std::string& team, const std::string& scope) override {
        if (failing) return broken();
        return store_->feed_generation(team, scope);
    }
    Result<void> raise_feed_generation(const std::string& team, const std::string& scope,
                                       const AuditEntry& entry) override {
        if (failing) return broken();
        return store_->raise_feed_generation(team, scope, entry);
    }
    Result<std::vector<Override>> overrides(const std::string& team, DaySpan days) override {
        if (failing) return broken();
        return store_->overrides(team, days);
    }
    Result<void> set_override(const std::string& team, const Override& fixed,
                              const AuditEntry& entry) override {
        if (failing) return broken();
        return store_->set_override(team, fixed, entry);
    }
    Result<void> remove_override(const std::string& team, const ShiftKey& shift,
                                 const AuditEntry& entry) override {
        if (failing) return broken();
        return store_->remove_override(team, shift, entry);
    }
    Result<std::vector<HandoverNote>> handover_notes(const std::string& team, DaySpan days) override {
        if (failing) return broken();
        return store_->handover_notes(team, days);
    }
    Result<void> add_handover_note(const std::string& team, const HandoverNote& note,
                                   const AuditEntry& entry) override {
        if (failing) return broken();
        return store_->add_handover_note(team, note, entry);
    }
    Result<std::vector<AuditEntry>> audit_log(const std::string& team, int limit) override {
        if (failing) return broken();
        return store_->audit_log(team, limit);
    }
    Result<long long> change_counter(const std::string& team) override {
        if (failing) return broken();
        return store_->change_counter(team);
    }
    Result<std::vector<ApiToken>> api_tokens() override {
        if (failing) return broken();
        return store_->api_tokens();
    }
    Result<std::optional<ApiToken>> find_api_token(const std::string& digest) override {
        if (failing) return broken();
        return store_->find_api_token(digest);
    }
    Result<void> add_api_token(const ApiToken& token, const AuditEntry& entry) override {
        if (failing) return broken();
        return store_->add_api_token(token, entry);
    }
    Result<void> revoke_api_token(const std::string& id, const AuditEntry& entry) override {
        if (failing) return broken();
        return store_->revoke_api_token(id, entry);
    }
    Result<void> touch_api_token(const std::string& id, Instant used_at) override {
        if (failing) return broken();
        return store_->touch_api_token(id, used_at);
    }
    Result<void> end_page_session(const std::string& digest, Instant forget_at) override {
        if (failing) return broken();
        return store_->end_page_session(digest, forget_at);
    }
    Result<bool> page_session_has_ended(const std::string& digest) override {
        if (failing) return broken();
        return store_->page_session_has_ended(digest);
    }
    Result<long long> forget_records(const RetentionLimit& limit) override {
        if (failing) return broken();
        return store_->forget_records(limit);
    }
    Result<long long> forget_server_records(Instant before, Instant now) override {
        if (failing) return broken();
        return store_->forget_server_records(before, now);
    }
    Result<std::vector<std::string>> published_teams() override {
        if (failing) return broken();
        return store_->published_teams();
    }
    Result<long long> forget_source_copies_except(const SourceCopyOwners& owners) override {
        if (failing) return broken();
        return store_->forget_source_copies_except(owners);
    }
    Result<void> add_to_outbox(const std::vector<OutboxMessage>& messages) override {
        if (failing) return broken();
        return store_->add_to_outbox(messages);
    }
    Result<std::vector<OutboxEntry>> claim_outbox(const OutboxClaim& claim) override {
        if (before_claim) before_claim();
        if (failing) return broken();
        return store_->claim_outbox(claim);
    }
    Result<bool> has_due_outbox(const OutboxClaim& claim) override {
        if (failing) return broken();
        return store_->has_due_outbox(claim);
    }
    Result<void> renew_outbox_claims(const std::string& worker, const std::vector<std::string>& ids,
                                     Instant until) override {
        if (failing) return broken();
        auto renewed = store_->renew_outbox_claims(worker, ids, until);
        ++renewals;  // once whoever counts them can read it: readers wait for no writer
        return renewed;
    }
    Result<std::vector<std::string>> outbox_claimants() override {
        if (failing) return broken();
        return store_->outbox_claimants();
    }
    Result<void> free_outbox_claims(const std::string& worker, Instant now) override {
        if (failing) return broken();
        return store_->free_outbox_claims(worker, now);
    }
    Result<void> check_writable() override {
        if (failing) return broken();
        return store_->check_writable();
    }
    Result<bool> settle_outbox(const std::string& message, const std::string& worker,
                               const DeliveryOutcome& outcome) override {
        if (failing) return broken();
        return store_->settle_outbox(message, worker, outcome);
    }
    Result<std::vector<OutboxEntry>> outbox(const std::string& team, const std::string& about,
                                            int limit) override {
        if (failing) return broken();
        return store_->outbox(team, about, limit);
    }
    Result<std::vector<MessageDelivery>> deliveries(const std::string& team,
                                                    const std::string& about) override {
        if (failing) return broken();
        return store_->deliveries(team, about);
    }
    Result<std::optional<Instant>> next_retry(Transport transport) override {
        if (failing) return broken();
        return store_->next_retry(transport);
    }
    Result<void> hold_behind_events(Instant until) override {
        if (failing) return broken();
        return store_->hold_behind_events(until);
    }
    Result<OutboxSummary> outbox_summary(Transport transport) override {
        if (failing) return broken();
        return store_->outbox_summary(transport);
    }
    Result<HeldMails> hold_mails(const std::string& team, const std::string& about, Instant now,
                                 Instant until) override {
        if (failing) return broken();
        return store_->hold_mails(team, about, now, until);
    }
    Result<void> leave_to_server(const std::string& team, const std::string& about,
                                 const ServerInvitations& invitations, Instant now) override {
        if (failing || dies_before_settling) return broken();
        return store_->leave_to_server(team, about, invitations, now);
    }
    Result<void> release_mails(const std::string& team, const std::string& about,
                               const std::optional<MemberId>& only, Instant now) override {
        if (failing) return broken();
        return store_->release_mails(team, about, only, now);
    }
    Result<void> retry_outbox(const std::string& message, Instant now) override {
        if (failing) return broken();
        return store_->retry_outbox(message, now);
    }
    Result<void> forget_outbox(Instant settled_before) override {
        if (failing) return broken();
        return store_->forget_outbox(settled_before);
    }
    Result<std::optional<KeptAnswer>> open_incident(const IncidentWrite& opening,
                                                    const KeptAnswer& answer) override {
        if (failing) return broken();
        return store_->open_incident(opening, answer);
    }
    Result<std::optional<KeptAnswer>> kept_answer(const std::string& team, const std::string& key) override {
        if (failing) return broken();
        return store_->kept_answer(team, key);
    }
    Result<void> keep_answer(const std::string& team, const KeptAnswer& answer, Instant now) override {
        if (failing) return broken();
        return store_->keep_answer(team, answer, now);
    }
    Result<void> change_incident(const IncidentWrite& change) override {
        if (failing) return broken();
        return store_->change_incident(change);
    }
    Result<std::optional<Incident>> find_incident(const std::string& team,
                                                  const std::string& incident) override {
        if (failing) return broken();
        return store_->find_incident(team, incident);
    }
    Result<std::optional<Incident>> find_incident_of_event(const std::string& uid) override {
        if (failing) return broken();
        return store_->find_incident_of_event(uid);
    }
    Result<std::vector<Incident>> incidents(const std::string& team, const IncidentQuery& query) override {
        if (failing) return broken();
        return store_->incidents(team, query);
    }
    Result<std::vector<TimelineEntry>> incident_timeline(const std::string& team,
                                                         const std::string& incident) override {
        if (failing) return broken();
        return store_->incident_timeline(team, incident);
    }
    Result<CallHistory> call_history(const std::string& team) override {
        if (failing) return broken();
        return store_->call_history(team);
    }
    Result<IncidentCounts> incident_counts(const std::string& team) override {
        if (failing) return broken();
        return store_->incident_counts(team);
    }

    Result<std::vector<Swap>> swaps(const std::string& team, Day first) override {
        if (failing) return broken();
        return store_->swaps(team, first);
    }
    Result<std::vector<SwapStep>> swap_history(const std::string& team, const std::string& id) override {
        if (failing) return broken();
        return store_->swap_history(team, id);
    }
    Result<void> decide_swaps(const SwapDecision& decision) override {
        if (failing) return broken();
        return store_->decide_swaps(decision);
    }
    Result<std::vector<SwapAsk>> swap_asks(const std::string& team) override {
        if (failing) return broken();
        return store_->swap_asks(team);
    }
    Result<std::vector<SwapReply>> swap_replies(const std::string& team) override {
        if (failing) return broken();
        return store_->swap_replies(team);
    }
    Result<bool> keep_swap_reply(const std::string& team, const SwapReply& reply,
                                 const AuditEntry& entry) override {
        if (failing) return broken();
        return store_->keep_swap_reply(team, reply, entry);
    }

private:
    static tl::unexpected<Error> broken() { return fail(ErrorCode::unavailable, "the disk is full"); }
    std::unique_ptr<Store> store_;
};

struct LogCapture {
    std::ostringstream text;
    std::shared_ptr<spdlog::logger> logger =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
};

// An all-day event a line: {"2026-12-01", "2026-12-03", "Vacation"}, the end exclusive.
struct AllDay {
    std::string first;
    std::string end;
    std::string title;
};

inline std::string calendar_of(const std::vector<AllDay>& events) {
    const auto compact = [](std::string date) {
        std::erase(date, '-');
        return date;
    };
    std::string bytes = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//Test//EN\r\n";
    for (const AllDay& event : events) {
        bytes += "BEGIN:VEVENT\r\nUID:" + event.first + "@test\r\nDTSTAMP:20260101T000000Z\r\n";
        bytes += "DTSTART;VALUE=DATE:" + compact(event.first) + "\r\n";
        bytes += "DTEND;VALUE=DATE:" + compact(event.end) + "\r\n";
        bytes += "SUMMARY:" + event.title + "\r\nEND:VEVENT\r\n";
    }
    return bytes + "END:VCALENDAR\r\n";
}

inline const std::string login_page = "<!DOCTYPE html><html><body>Sign in</body></html>";

inline Member member(const std::string& name) {
    Member member;
    member.id = id(name + "@example.com");
    member.name = name;
    member.zone = "Europe/Paris";
    CalendarRef calendar;
    calendar.location = "/" + name + ".ics";
    calendar.label = name + "@example.com calendar 1";
    member.calendars.push_back(calendar);
    return member;
}

// Three members, one rotation on all days of the week, 09:00 to 18:00 in Paris.
inline Team example_team() {
    Team team;
    team.name = "payments";
    team.title = "Payments";
    team.zone = "Europe/Paris";
    team.horizon_days = 30;
    for (const char* name : {"alice", "bob", "carol"}) team.members.push_back(member(name));
    Rotation rotation;
    rotation.name = "mro";
    rotation.title = "MRO";
    rotation.zone = "Europe/Paris";
    rotation.start = std::chrono::hours(9);
    rotation.end = std::chrono::hours(18);
    rotation.days.fill(true);
    rotation.balance.clear();  // round robin, which is easy to follow
    for (const Member& m : team.members) rotation.members.push_back(m.id);
    team.rotations.push_back(rotation);
    return team;
}

}  // namespace watchbill::test
