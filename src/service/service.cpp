#include "service/service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>

namespace watchbill {

namespace {

// A store that cannot be written is tried again this often.
constexpr Duration retry_publishing = std::chrono::seconds(30);
// However far the next thing is: the wall clock may be set, and a laptop may sleep.
constexpr Duration longest_nap = std::chrono::minutes(1);

}  // namespace

struct Service::Desk {
    Desk(std::shared_ptr<const Team> its_team, const Ports& ports)
        : team(std::move(its_team)), calendars(team, ports) {}

    std::shared_ptr<const Team> team;
    TeamCalendars calendars;
    bool published_before = false;  // by this process or an earlier one

    std::optional<PlanningWindow> window;          // that the calendars were read for
    std::optional<PlanningWindow> planned_window;  // that the plan was made for
    std::vector<std::shared_ptr<const ClassifiedCalendar>> planned_contents;  // that it was made from
    std::optional<Instant> retry_at;                                          // after a failure of the store

    std::shared_ptr<const Plan> plan;
    std::map<std::string, std::shared_ptr<const FeedSnapshot>> snapshots;  // by scope
    std::map<std::string, std::string> feed_tokens;                        // by scope

    bool needs_plan(Instant now) const {
        if (retry_at) return *retry_at <= now;
        return planned_window != window || planned_contents != calendars.contents();
    }
    // Without a plan that people know, a first one waits until every calendar was asked: it would put people
    // on days when they are away, and then dance.
    bool may_plan() const { return published_before || calendars.all_read_or_tried(); }
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
    const std::lock_guard lock(mutex_);
    new_teams_ = std::move(teams);
    wake_ = true;
    woken_.notify_one();
}

void Service::stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    woken_.notify_one();
}

void Service::wake() {
    const std::lock_guard lock(mutex_);
    wake_ = true;
    woken_.notify_one();
}

void Service::run() {
    for (;;) {
        Instant next = clock_.now() + retry_publishing;
        try {
            next = tick();
        } catch (const std::exception& error) {
            ports_.log->error("refreshing failed, and is tried again in 30 s: {}", error.what());
        }
        const Duration nap = std::clamp(next - clock_.now(), Duration(0), longest_nap);
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, nap, [this] { return wake_ || stopping_; });
        if (stopping_) return;
        wake_ = false;
    }
}

Instant Service::tick() {
    const Instant now = clock_.now();
    apply_new_teams(now);
    read_for_new_windows(now);
    // First from what is there already: feeds are served before any source has answered.
    replan_changed(now);
    fetch_due(now);
    replan_changed(now);
    for (const auto& desk : desks_) post(*desk);
    return next_wake(now);
}

void Service::apply_new_teams(Instant now) {
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
            desk->snapshots = (*known)->snapshots;
        }
        const auto published = was_published(*desk->team, planning_window(*desk->team, now), *ports_.store);
        if (!published) {
            ports_.log->error("team {}: {}", desk->team->name, published.error().message);
        } else {
            desk->published_before = *published;
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

void Service::read_for_new_windows(Instant now) {
    bool reading = false;
    for (const auto& desk : desks_) {
        const PlanningWindow window = planning_window(*desk->team, now);
        if (desk->window == window) continue;
        desk->window = window;
        for (const auto& keeper : desk->calendars.keepers()) {
            pool_.submit([this, keeper, span = window.read] {
                keeper->load_copy(span);
                wake();
            });
            reading = true;
        }
    }
    if (reading) pool_.wait_until_idle(options_.patience);
}

void Service::fetch_due(Instant now) {
    bool fetching = false;
    for (const auto& desk : desks_) {
        for (const auto& keeper : desk->calendars.keepers()) {
            if (!keeper->claim_if_due(now)) continue;
            pool_.submit([this, keeper, now, span = desk->window->read] {
                keeper->refresh(now, span);
                wake();
            });
            fetching = true;
        }
    }
    if (fetching) pool_.wait_until_idle(options_.patience);
}

void Service::replan_changed(Instant now) {
    for (const auto& desk : desks_) {
        if (desk->may_plan() && desk->needs_plan(now)) replan(*desk, now);
    }
}

void Service::replan(Desk& desk, Instant now) {
    // Contents first: what comes in while the plan is made makes another one.
    auto contents = desk.calendars.contents();
    const auto window = desk.window;
    const auto give_up = [&](const Error& error) {
        ports_.log->error("team {}: the plan cannot be published, and what was published before stays: {}",
                          desk.team->name, error.message);
        desk.retry_at = now + retry_publishing;
    };

    const auto draft = draft_team(*desk.team, *window, desk.calendars.availability(), ports_, now);
    if (!draft) return give_up(draft.error());
    if (draft->changes_anything()) {
        if (auto published = ports_.store->publish(draft->publication); !published)
            return give_up(published.error());
        ports_.log->info("team {}: published {} changed shifts, {} withdrawn", desk.team->name,
                         draft->publication.changed.size(), draft->publication.withdrawn.size());
    }
    desk.retry_at.reset();
    desk.published_before = true;
    desk.planned_window = window;
    desk.planned_contents = std::move(contents);
    show(desk, *draft);
    post(desk);
}

void Service::show(Desk& desk, const TeamDraft& draft) {
    std::map<std::string, std::shared_ptr<const FeedSnapshot>> snapshots;
    for (const RenderedFeed& feed : draft.feeds) {
        const auto shown = desk.snapshots.find(feed.scope);
        // Compressing again what is shown already would cost more than the rendering did.
        const bool same = shown != desk.snapshots.end() && *shown->second->identity.bytes == feed.bytes;
        snapshots.emplace(feed.scope, same ? shown->second : make_snapshot(feed.bytes, feed.last_modified));
    }
    desk.snapshots = std::move(snapshots);
    desk.plan = std::make_shared<const Plan>(draft.plan);
}

void Service::post(Desk& desk) {
    auto notice = std::make_shared<TeamNotice>();
    notice->team = desk.team;
    notice->plan = desk.plan;
    notice->sources = desk.calendars.states();
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

Instant Service::next_wake(Instant now) const {
    Instant next = now + longest_nap;
    for (const auto& desk : desks_) {
        next = std::min(next, next_day_turn(*desk->team, now));
        if (desk->retry_at) next = std::min(next, *desk->retry_at);
        for (const SourceState& source : desk->calendars.states())
            if (source.next_attempt > now) next = std::min(next, source.next_attempt);
    }
    return next;
}

}  // namespace watchbill
