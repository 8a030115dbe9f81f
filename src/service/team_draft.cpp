#include "service/team_draft.h"

#include <algorithm>
#include <cassert>
#include <set>

#include "crypto/crypto.h"
#include "ical/feed_writer.h"
#include "incident/incident_feed.h"
#include "rotation/team_feeds.h"
#include "rotation/team_plan.h"
#include "service/feed_links.h"
#include "service/override_endings.h"

namespace watchbill {

namespace {

using std::chrono::days;

// A feed as a whole is versioned like an event, under a UID that no event has: Last-Modified then also moves
// when an event vanishes, and is the same after a restart and on every replica.
std::string feed_uid(const std::string& scope) { return "feed:" + scope; }

std::vector<Assignment> published_assignments(std::vector<PublishedAssignment> rows) {
    std::vector<Assignment> assignments;
    assignments.reserve(rows.size());
    for (PublishedAssignment& row : rows) assignments.push_back(std::move(row.assignment));
    return assignments;
}

Feed feed_of(const FeedInput& input, const std::string& scope) {
    if (scope == "rotation") return rotation_feed(input);
    if (scope == "handovers") return handovers_feed(input);
    if (scope == "absences") return absences_feed(input);
    if (scope == "incidents")
        return incidents_feed(*input.team, input.news.incidents, input.window, input.news.as_of);
    for (const Member& member : input.team->members) {
        if (scope == member_scope(member.id)) return member_feed(input, member.id);
    }
    assert(false && "scopes come from feed_scopes");
    return {};
}

// A UID that no feed shows any more is forgotten once its day is sure to be past: an event is never
// published further ahead than the horizon, and so never changed earlier than that before its day.
bool is_long_gone(const EventVersion& version, const Team& team, Instant now) {
    constexpr days shown_back_and_margin{45};
    return version.last_modified + days(team.horizon_days) + shown_back_and_margin < now;
}

class FeedRenderer {
public:
    FeedRenderer(const FeedInput& input, EventVersions known, Instant now)
        : input_(input), versions_(std::move(known)), now_(now) {}

    RenderedFeed render(const std::string& scope) {
        const Feed feed = feed_of(input_, scope);
        if (scope == "incidents") return render_incidents(feed);
        for (auto& [uid, version] : ical::changed_versions(feed, versions_, now_)) note(uid, version);
        for (const FeedEvent& event : feed.events) in_use_.insert(event.uid);

        RenderedFeed rendered{scope, ical::write_feed(feed, versions_, input_.window), now_};
        rendered.last_modified =
            version_of(feed_uid(scope), crypto::sha256_hex(rendered.bytes)).last_modified;
        return rendered;
    }

    const EventVersions& versions() const { return versions_; }
    EventVersions take_changed() { return std::move(changed_); }

    std::vector<std::string> forgotten() const {
        std::vector<std::string> uids;
        for (const auto& [uid, version] : versions_) {
            if (!in_use_.contains(uid) && is_long_gone(version, *input_.team, now_)) uids.push_back(uid);
        }
        return uids;
    }

private:
    // Their events are those of the invitations, and so are their versions, which the incidents hold.
    RenderedFeed render_incidents(const Feed& feed) {
        RenderedFeed rendered{"incidents",
                              ical::write_feed(feed, incident_versions(input_.news.incidents), input_.window),
                              now_};
        rendered.last_modified =
            version_of(feed_uid("incidents"), crypto::sha256_hex(rendered.bytes)).last_modified;
        return rendered;
    }

    void note(const std::string& uid, const EventVersion& version) {
        versions_.insert_or_assign(uid, version);
        changed_.insert_or_assign(uid, version);
    }

    const EventVersion& version_of(const std::string& uid, std::string hash) {
        in_use_.insert(uid);
        const auto known = versions_.find(uid);
        if (known == versions_.end()) {
            note(uid, {0, now_, std::move(hash)});
        } else if (known->second.content_hash != hash) {
            // A clock that was set back must not make the newer bytes look older.
            note(uid,
                 {known->second.sequence + 1, std::max(now_, known->second.last_modified), std::move(hash)});
        }
        return versions_.at(uid);
    }

    const FeedInput& input_;
    EventVersions versions_;
    EventVersions changed_;
    std::set<std::string> in_use_;
    Instant now_;
};

// What was served before the planned days, and what is planned, as one plan.
Plan with_history(const Team& team, Plan planned, const std::vector<Assignment>& published, Day recalled,
                  Instant now) {
    std::set<ShiftKey> keys;
    for (const Assignment& assignment : planned.assignments) keys.insert(assignment.shift.key);
    for (const Assignment& assignment : published) {
        const bool started = assignment.shift.when.start <= now && assignment.shift.key.date >= recalled;
        if (started && !keys.contains(assignment.shift.key)) planned.assignments.push_back(assignment);
    }
    const auto place_of = [&team](const Assignment& assignment) {
        return team.find_rotation(assignment.shift.key.rotation);
    };
    std::stable_sort(planned.assignments.begin(), planned.assignments.end(),
                     [&](const Assignment& a, const Assignment& b) {
                         if (a.shift.when.start != b.shift.when.start)
                             return a.shift.when.start < b.shift.when.start;
                         return std::less<>()(place_of(a), place_of(b));
                     });
    return planned;
}

// A shift that was over before anybody was told of it was served by nobody we know: it is no history.
void drop_untold_past(Plan& plan, const std::vector<Assignment>& published, Instant now) {
    std::set<ShiftKey> told;
    for (const Assignment& assignment : published) told.insert(assignment.shift.key);
    std::erase_if(plan.assignments, [&](const Assignment& assignment) {
        return assignment.shift.when.end <= now && !told.contains(assignment.shift.key);
    });
}

// Whether the briefs of shifts to come may change by themselves.
bool any_open(const std::vector<Incident>& incidents) {
    return std::any_of(incidents.begin(), incidents.end(),
                       [](const Incident& incident) { return incident.state == IncidentState::open; });
}

}  // namespace

bool TeamDraft::changes_anything() const {
    return !publication.changed.empty() || !publication.withdrawn.empty() || !publication.versions.empty() ||
           !publication.forgotten_versions.empty();
}

namespace {

// All that the store knows of a team; empty without a store.
struct Remembered {
    std::vector<Assignment> published;
    std::vector<Override> overrides;
    std::vector<HandoverNote> notes;
    std::vector<Swap> swaps;
    std::vector<SwapReply> replies;
    std::vector<SwapAsk> asks;
    std::vector<Incident> incidents;
    EventVersions versions;
};

template <typename T>
bool take(Result<T> result, T& into, std::optional<Error>& failed) {
    if (result) {
        into = std::move(*result);
    } else {
        failed = std::move(result.error());
    }
    return !failed;
}

Result<Remembered> remember(const Team& team, const PlanningWindow& window, Store* store) {
    Remembered known;
    if (store == nullptr) return known;
    std::vector<PublishedAssignment> rows;
    std::optional<Error> failed;
    // Swaps before overrides: those that are set in between belong to a change that is noticed.
    const bool all =
        take(store->swaps(team.name, swaps_from(window)), known.swaps, failed) &&
        take(store->swap_replies(team.name), known.replies, failed) &&
        take(store->swap_asks(team.name), known.asks, failed) &&
        take(store->assignments(team.name, window.known), rows, failed) &&
        take(store->overrides(team.name, window.known), known.overrides, failed) &&
        take(store->handover_notes(team.name, {window.recalled, window.known.end}), known.notes, failed) &&
        take(store->incidents(team.name, {std::nullopt, window.shown.start}), known.incidents, failed) &&
        take(store->event_versions(team.name), known.versions, failed);
    if (!all) return tl::unexpected(std::move(*failed));
    known.published = published_assignments(std::move(rows));
    return known;
}

// What was published, and where nothing was what the plan says without the swaps of now: so that a shift
// tells from whom it came, and that the other days stay where they are.
std::vector<Assignment> with_planned(std::vector<Assignment> published, const Plan& plan) {
    std::set<ShiftKey> known;
    for (const Assignment& assignment : published) known.insert(assignment.shift.key);
    for (const Assignment& assignment : plan.assignments)
        if (!known.contains(assignment.shift.key)) published.push_back(assignment);
    return published;
}

// An override by hand that a swap had taken the place of comes back with its end, but not to somebody who
// cannot serve it any more.
void end_what_came_back(SwapJudgement& judgement, std::vector<EndedOverride>& ended, const Team& team,
                        const TeamAvailability& availability, Instant now) {
    for (auto& change : judgement.overrides) {
        if (!change.after) continue;
        std::vector<EndedOverride> now_ended = ended_overrides(team, {*change.after}, availability, now);
        if (now_ended.empty()) continue;
        change.after.reset();
        ended.push_back(std::move(now_ended.front()));
    }
}

}  // namespace

Result<TeamDraft> draft_team(const Team& team, const PlanningWindow& window,
                             const TeamAvailability& availability,
                             const std::vector<MemberSwapEvents>& swap_events, const Ports& ports,
                             Instant now) {
    auto known = remember(team, window, ports.store);
    if (!known) return tl::unexpected(std::move(known.error()));
    const std::vector<Assignment>& published = known->published;

    std::vector<EndedOverride> ended = ended_overrides(team, known->overrides, availability, now);
    const std::vector<Override> overrides = without_ended(known->overrides, ended);

    TeamDraft draft;
    draft.plan =
        make_plan({&team, window.days, now, availability, published, overrides, ended}, *ports.planner);
    const Plan seen = with_history(team, draft.plan, published, window.recalled, now);
    SwapJudgement judgement =
        judge_swaps({&team, &seen, &availability, &swap_events, std::move(known->swaps),
                     std::move(known->replies), std::move(known->asks), overrides, now});
    end_what_came_back(judgement, ended, team, availability, now);
    const auto changed = without_leavers(with_changes(overrides, judgement.overrides), team);
    if (changed != overrides) {
        draft.plan = make_plan(
            {&team, window.days, now, availability, with_planned(published, draft.plan), changed, ended},
            *ports.planner);
    }
    if (ports.store != nullptr) drop_untold_past(draft.plan, published, now);
    PlanChanges changes = changes_between(published, draft.plan, now);
    draft.plan = with_history(team, std::move(draft.plan), published, window.recalled, now);
    draft.decision = decision_of(team, judgement, now);
    add_ended_overrides(draft.decision, team, ended, draft.plan, now);
    draft.swaps = std::move(judgement.swaps);

    const FeedInput input{&team,
                          &draft.plan,
                          availability,
                          window.shown,
                          std::move(known->notes),
                          draft.swaps,
                          IncidentNews{std::move(known->incidents), now}};
    FeedRenderer renderer(input, std::move(known->versions), now);
    for (const std::string& scope : feed_scopes(team)) draft.feeds.push_back(renderer.render(scope));

    draft.publication = {team.name,
                         now,
                         std::move(changes.changed),
                         std::move(changes.withdrawn),
                         renderer.take_changed(),
                         renderer.forgotten()};
    draft.versions = renderer.versions();
    draft.has_open_incident = any_open(input.news.incidents);
    return draft;
}

Result<TeamDraft> recall_team(const Team& team, const PlanningWindow& window,
                              const TeamAvailability& availability, Store& store, Instant now) {
    auto known = remember(team, window, &store);
    if (!known) return tl::unexpected(std::move(known.error()));
    TeamDraft draft;
    draft.plan.assignments = std::move(known->published);
    std::erase_if(draft.plan.assignments, [&window](const Assignment& assignment) {
        return assignment.shift.key.date < window.recalled;
    });
    // By date and rotation they are already.
    std::stable_sort(
        draft.plan.assignments.begin(), draft.plan.assignments.end(),
        [](const Assignment& a, const Assignment& b) { return a.shift.when.start < b.shift.when.start; });
    draft.swaps = std::move(known->swaps);
    const FeedInput input{&team,
                          &draft.plan,
                          availability,
                          window.shown,
                          std::move(known->notes),
                          draft.swaps,
                          IncidentNews{std::move(known->incidents), now}};
    FeedRenderer renderer(input, std::move(known->versions), now);
    for (const std::string& scope : feed_scopes(team)) draft.feeds.push_back(renderer.render(scope));
    draft.has_open_incident = any_open(input.news.incidents);
    return draft;
}

}  // namespace watchbill
