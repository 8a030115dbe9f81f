#include "service/service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <map>

#include "service/metrics.h"
#include "watchbill/call_deadline.h"

namespace watchbill {

namespace {

// A store that cannot be written is tried again this often.
constexpr Duration retry_publishing = std::chrono::seconds(30);
// Each time somebody else has decided on a swap at the same moment.
constexpr int most_conflicts = 5;
// However far the next thing is: the wall clock may be set, and a laptop may sleep.
constexpr Duration longest_nap = std::chrono::minutes(1);

std::optional<Instant> next_start(const Plan& plan, Instant now) {
    const auto next =
        std::find_if(plan.assignments.begin(), plan.assignments.end(),
                     [now](const Assignment& assignment) { return assignment.shift.when.start > now; });
    return next == plan.assignments.end() ? std::nullopt : std::optional(next->shift.when.start);
}

tl::unexpected<Error> no_such_team(const std::string& team) {
    return fail(ErrorCode::not_found, "there is no team \"" + team + "\"");
}

}  // namespace

struct Service::Desk {
    Desk(std::shared_ptr<const Team> its_team, const Ports& ports)
        : team(std::move(its_team)), calendars(team, ports) {}

    std::shared_ptr<const Team> team;
    TeamCalendars calendars;

    std::optional<PlanningWindow> window;          // that the calendars were read for
    std::optional<PlanningWindow> planned_window;  // that the plan was made for
    std::vector<std::shared_ptr<const ClassifiedCalendar>> planned_contents;  // that it was made from
    std::optional<SteadyInstant> retry_at;                                    // after a failure of the store
    long long changes = 0;                     // what people changed by hand, as the store counts it
    std::optional<long long> planned_changes;  // that the plan was made with
    // With an open incident: when the next shift begins, whose brief will tell of it.
    std::optional<Instant> brief_due;
    IncidentCensus incidents;

    size_t changed_shifts = 0;  // published since the start, in all
    size_t withdrawn_shifts = 0;
    std::shared_ptr<const Plan> plan;
    std::vector<Swap> swaps;
    std::optional<Instant> published_at;  // that plan, changed or not
    std::shared_ptr<const TeamAvailability> availability;
    std::map<std::string, std::shared_ptr<const FeedSnapshot>> snapshots;  // by scope
    std::map<std::string, std::string> feed_tokens;                        // by scope

    bool needs_plan(Moment now) const {
        if (retry_at) return *retry_at <= now.steady;
        if (brief_due && *brief_due <= now.wall) return true;
        return planned_window != window || planned_contents != calendars.contents() ||
               planned_changes != changes;
    }
    // A plan waits until every calendar was read once, be it by an earlier process or at an earlier address,
    // or else asked in vain: it would put people on days when they are away, and then dance.
    bool may_plan() const { return calendars.all_read_or_tried(); }
};

struct Service::Round {
    std::string team;
    Tickets tickets;
    std::shared_ptr<std::atomic<size_t>> fetches;  // not in yet
    size_t changed_before = 0;
    size_t withdrawn_before = 0;
};

Service::Service(const Ports& ports, const Clock& clock, FeedTokens tokens, NoticeBoard& board,
                 ServiceOptions options)
    : ports_(ports),
      clock_(clock),
      tokens_(std::move(tokens)),
      board_(board),
      options_(std::move(options)),
      pool_(options_.fetchers) {}

Service::~Service() = default;

void Service::set_teams(std::vector<Team> teams) {
    {
        const std::lock_guard lock(mutex_);
        new_teams_ = std::move(teams);
    }
    wake_.ring();
}

void Service::stop() {
    errands_.close();
    wake_.stop();
}

void Service::run() {
    for (;;) {
        Instant next = clock_.now() + retry_publishing;
        try {
            next = tick();
        } catch (const std::exception& error) {
            ports_.log->error("refreshing failed, and is tried again in 30 s: {}", error.what());
        }
        if (!wake_.wait_for(std::clamp(next - clock_.now(), Duration(0), longest_nap))) return;
    }
}

Instant Service::tick() {
    const Moment now = moment_of(clock_);
    apply_new_teams();
    read_for_new_windows(now);
    for (const auto& desk : desks_) note_changes(*desk);
    const bool asked = take_errands(now);
    // First from what is there already: feeds are served before any source has answered.
    replan_changed(now);
    if (fetch_due(now) || asked) pool_.wait_until_idle(options_.patience);
    finish_rounds(now);
    replan_changed(now);
    for (const auto& desk : desks_) post(*desk);
    return next_wake(now);
}

void Service::apply_new_teams() {
    std::optional<std::vector<Team>> teams;
    {
        const std::lock_guard lock(mutex_);
        teams.swap(new_teams_);
    }
    if (!teams) return;

    std::vector<std::unique_ptr<Desk>> desks;
    for (Team& team : *teams) {
        const auto known = std::find_if(desks_.begin(), desks_.end(), [&team](const auto& desk) {
            return desk != nullptr && desk->team->name == team.name;
        });
        if (known != desks_.end() && *(*known)->team == team) {
            desks.push_back(std::move(*known));
            continue;
        }
        auto desk = std::make_unique<Desk>(std::make_shared<const Team>(std::move(team)), ports_);
        if (known != desks_.end()) {
            // What subscribers see stays until the new plan is there.
            desk->plan = (*known)->plan;
            desk->swaps = (*known)->swaps;
            desk->published_at = (*known)->published_at;
            desk->availability = (*known)->availability;
            desk->changed_shifts = (*known)->changed_shifts;
            desk->withdrawn_shifts = (*known)->withdrawn_shifts;
            desk->snapshots = (*known)->snapshots;
        }
        desks.push_back(std::move(desk));
    }
    desks_ = std::move(desks);

    for (const auto& notice : board_.all()) {
        const bool stays = std::any_of(desks_.begin(), desks_.end(), [&notice](const auto& desk) {
            return desk->team->name == notice->team->name;
        });
        if (!stays) board_.remove(notice->team->name);
    }
    // Feed URLs are known from the start: until the first plan they answer "not yet", not "no such thing".
    for (const auto& desk : desks_) post(*desk);
}

void Service::read_for_new_windows(Moment now) {
    bool reading = false;
    for (const auto& desk : desks_) {
        const PlanningWindow window = planning_window(*desk->team, now.wall);
        if (desk->window == window) continue;
        desk->window = window;
        for (const auto& keeper : desk->calendars.keepers()) {
            pool_.submit([this, keeper, now, span = window.read] {
                keeper->load_copy(span, now);
                wake_.ring();
            });
            reading = true;
        }
    }
    if (reading) pool_.wait_until_idle(options_.patience);
}

Service::Desk* Service::find_desk(std::string_view team) const {
    const auto found = std::find_if(desks_.begin(), desks_.end(),
                                    [team](const auto& desk) { return desk->team->name == team; });
    return found == desks_.end() ? nullptr : found->get();
}

Result<RefreshReport> Service::refresh_now(const std::string& team, std::chrono::milliseconds patience) {
    return errands_.ask({team, Errand::Kind::refresh}, patience, [this] { return held_up(); });
}

Result<RefreshReport> Service::replan_now(const std::string& team, std::chrono::milliseconds patience) {
    return errands_.ask({team, Errand::Kind::replan}, patience, [this] { return held_up(); });
}

std::optional<Error> Service::held_up() const {
    // Our longest transaction is shorter: who holds the database for longer is somebody else.
    constexpr std::chrono::milliseconds moment{500};
    const CallDeadline deadline(std::chrono::steady_clock::now() + moment);
    auto turn = ports_.store->wait_for_turn();
    return turn ? std::nullopt : std::optional(std::move(turn.error()));
}

bool Service::take_errands(Moment now) {
    for (auto& ticket : errands_.take()) waiting_.push_back(std::move(ticket));
    std::map<std::string, Tickets> asking;  // by team
    // By team too: one plan takes in what all have changed who came in by now.
    std::map<std::string, Result<RefreshReport>> planned;
    for (auto& ticket : std::exchange(waiting_, {})) {
        const Errand& errand = ticket->errand;
        Desk* const desk = find_desk(errand.team);
        const bool under_way = std::any_of(rounds_.begin(), rounds_.end(), [&errand](const Round& round) {
            return round.team == errand.team;
        });
        if (desk == nullptr) {
            errands_.answer(*ticket, no_such_team(errand.team));
        } else if (errand.kind == Errand::Kind::replan) {
            if (!planned.contains(errand.team)) planned.emplace(errand.team, replan_for_errand(*desk, now));
            errands_.answer(*ticket, planned.at(errand.team));
        } else if (under_way) {
            // A calendar that was asked before may have changed since: they get a round of their own.
            waiting_.push_back(std::move(ticket));
        } else {
            asking[errand.team].push_back(std::move(ticket));
        }
    }
    for (auto& [team, tickets] : asking) begin_round(*find_desk(team), std::move(tickets), now);
    return !asking.empty();
}

void Service::begin_round(Desk& desk, Tickets tickets, Moment now) {
    const auto& keepers = desk.calendars.keepers();
    Round round{desk.team->name, std::move(tickets), std::make_shared<std::atomic<size_t>>(keepers.size()),
                desk.changed_shifts, desk.withdrawn_shifts};
    for (const auto& keeper : keepers) {
        // Whether or not it is being asked already: that answer may be older than what we are asked for.
        keeper->claim_if_due(SteadyInstant::max());
        pool_.submit([this, keeper, now, span = desk.window->read, fetches = round.fetches] {
            keeper->refresh(now, span);
            --*fetches;
            wake_.ring();
        });
    }
    rounds_.push_back(std::move(round));
}

void Service::finish_rounds(Moment now) {
    for (Round& round : rounds_) {
        if (*round.fetches > 0) continue;
        Desk* const desk = find_desk(round.team);
        auto report = desk != nullptr ? replan_for_errand(*desk, now) : no_such_team(round.team);
        if (report) {
            report->changed_shifts = desk->changed_shifts - round.changed_before;
            report->withdrawn_shifts = desk->withdrawn_shifts - round.withdrawn_before;
        }
        for (const auto& ticket : round.tickets) errands_.answer(*ticket, report);
        round.tickets.clear();
    }
    const size_t finished = std::erase_if(rounds_, [](const Round& round) { return round.tickets.empty(); });
    // Whoever came in while a round of their team was under way begins the next one.
    if (finished > 0 && !waiting_.empty()) wake_.ring();
}

Result<RefreshReport> Service::replan_for_errand(Desk& desk, Moment now) {
    if (!desk.may_plan()) {
        return fail(ErrorCode::unavailable,
                    "the calendars are being read for the first time; trying again in a moment will work");
    }
    RefreshReport report{desk.changed_shifts, desk.withdrawn_shifts, {}};
    if (auto planned = replan(desk, now); !planned) return tl::unexpected(std::move(planned.error()));
    report.changed_shifts = desk.changed_shifts - report.changed_shifts;
    report.withdrawn_shifts = desk.withdrawn_shifts - report.withdrawn_shifts;
    report.sources = desk.calendars.states(now);
    return report;
}

bool Service::fetch_due(Moment now) {
    bool fetching = false;
    for (const auto& desk : desks_) {
        for (const auto& keeper : desk->calendars.keepers()) {
            if (!keeper->claim_if_due(now.steady)) continue;
            pool_.submit([this, keeper, now, span = desk->window->read] {
                keeper->refresh(now, span);
                wake_.ring();
            });
            fetching = true;
        }
    }
    return fetching;
}

void Service::note_changes(Desk& desk) {
    // A store that cannot say is asked again with the next tick.
    if (const auto counter = ports_.store->change_counter(desk.team->name)) desk.changes = *counter;
}

void Service::replan_changed(Moment now) {
    for (const auto& desk : desks_) {
        if (desk->may_plan() && desk->needs_plan(now)) replan(*desk, now);
    }
}

Result<void> Service::replan(Desk& desk, Moment moment) {
    const Instant now = moment.wall;
    const auto began = std::chrono::steady_clock::now();
    // Contents and changes first: what comes in while the plan is made makes another one.
    auto contents = desk.calendars.contents();
    note_changes(desk);
    const long long changes = desk.changes;
    const auto window = desk.window;
    const auto give_up = [&](const Error& error) -> Result<void> {
        ports_.log->error("team {}: the plan cannot be published, and what was published before stays: {}",
                          desk.team->name, error.message);
        desk.retry_at = moment.steady + retry_publishing;
        if (desk.plan == nullptr) show_published(desk, moment.wall);
        return tl::unexpected(error);
    };

    auto availability = std::make_shared<const TeamAvailability>(desk.calendars.availability());
    const auto swap_events = desk.calendars.swap_events();
    auto draft = draft_team(*desk.team, *window, *availability, swap_events, ports_, now);
    for (int again = 0; draft && !draft->decision.empty(); ++again) {
        const auto decided = ports_.store->decide_swaps(draft->decision);
        if (decided) {
            if (ports_.bell != nullptr && !draft->decision.notices.empty()) ports_.bell->ring();
            break;
        }
        // Another process was faster: what it wrote is read, and judged again.
        if (decided.error().code != ErrorCode::conflict || again == most_conflicts)
            return give_up(decided.error());
        draft = draft_team(*desk.team, *window, *availability, swap_events, ports_, now);
    }
    if (!draft) return give_up(draft.error());
    if (!draft->decision.changes.empty())
        ports_.log->info("team {}: {} swaps changed", desk.team->name, draft->decision.changes.size());
    if (draft->changes_anything()) {
        if (auto published = ports_.store->publish(draft->publication); !published)
            return give_up(published.error());
        ports_.log->info("team {}: published {} changed shifts, {} withdrawn", desk.team->name,
                         draft->publication.changed.size(), draft->publication.withdrawn.size());
        desk.changed_shifts += draft->publication.changed.size();
        desk.withdrawn_shifts += draft->publication.withdrawn.size();
    }
    desk.retry_at.reset();
    desk.published_at = now;
    desk.planned_window = window;
    desk.planned_contents = std::move(contents);
    desk.planned_changes = changes;
    desk.brief_due = draft->has_open_incident ? next_start(draft->plan, now) : std::nullopt;
    show(desk, *draft, std::move(availability));
    post(desk);
    if (ports_.metrics != nullptr) {
        ports_.metrics->planning().note(std::chrono::steady_clock::now() - began);
        const Publication& publication = draft->publication;
        ports_.metrics->team(desk.team->name)
            .note_published(publication.changed.size() + publication.withdrawn.size());
    }
    return {};
}

void Service::show_published(Desk& desk, Instant now) {
    auto availability = std::make_shared<const TeamAvailability>(desk.calendars.availability());
    const auto draft = recall_team(*desk.team, *desk.window, *availability, *ports_.store, now);
    if (!draft || draft->plan.assignments.empty()) return;  // what failed is told by whoever tried to plan
    show(desk, *draft, std::move(availability));
    desk.published_at = now;
    post(desk);
}

void Service::show(Desk& desk, const TeamDraft& draft, std::shared_ptr<const TeamAvailability> availability) {
    std::map<std::string, std::shared_ptr<const FeedSnapshot>> snapshots;
    for (const RenderedFeed& feed : draft.feeds) {
        const auto shown = desk.snapshots.find(feed.scope);
        // Compressing again what is shown already would cost more than the rendering did.
        const bool same = shown != desk.snapshots.end() && *shown->second->identity.bytes == feed.bytes;
        snapshots.emplace(feed.scope, same ? shown->second : make_snapshot(feed.bytes, feed.last_modified));
    }
    desk.snapshots = std::move(snapshots);
    desk.plan = std::make_shared<const Plan>(draft.plan);
    desk.swaps = draft.swaps;
    desk.availability = std::move(availability);
}

void Service::post(Desk& desk) {
    auto notice = std::make_shared<TeamNotice>();
    notice->team = desk.team;
    notice->plan = desk.plan;
    notice->swaps = desk.swaps;
    notice->published_at = desk.published_at;
    notice->availability = desk.availability;
    notice->sources = desk.calendars.states(moment_of(clock_));
    desk.incidents = take_census(*ports_.store, desk.team->name, desk.incidents);
    notice->incidents = desk.incidents;
    for (const std::string& scope : feed_scopes(*desk.team)) {
        // Asked each time: `token create` in another process revokes the old one.
        const auto generation = ports_.store->feed_generation(desk.team->name, scope);
        if (generation) {
            desk.feed_tokens[scope] = tokens_.token(desk.team->name, scope, *generation);
        } else {
            ports_.log->warn("team {}: the tokens of {} may be out of date: {}", desk.team->name, scope,
                             generation.error().message);
        }
        const auto token = desk.feed_tokens.find(scope);
        if (token == desk.feed_tokens.end()) continue;
        const auto snapshot = desk.snapshots.find(scope);
        notice->feeds[scope] = {token->second, snapshot == desk.snapshots.end() ? nullptr : snapshot->second};
    }
    board_.post(notice);
    if (options_.on_posted) options_.on_posted(*notice);
}

// On the wall clock as it is now; whoever sleeps until then does so for longest_nap at most, so that it may
// be set meanwhile.
Instant Service::next_wake(Moment now) const {
    const auto by_steady = [now](SteadyInstant due) {
        return now.wall + std::chrono::ceil<Duration>(due - now.steady);
    };
    Instant next = now.wall + longest_nap;
    for (const auto& desk : desks_) {
        next = std::min(next, next_day_turn(*desk->team, now.wall));
        if (desk->retry_at) next = std::min(next, by_steady(*desk->retry_at));
        if (desk->brief_due) next = std::min(next, *desk->brief_due);
        for (const auto& keeper : desk->calendars.keepers())
            if (keeper->due() > now.steady) next = std::min(next, by_steady(keeper->due()));
    }
    return next;
}

}  // namespace watchbill
