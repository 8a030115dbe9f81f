#include "service/team_view.h"

#include "service/worker_pool.h"

namespace watchbill {

namespace {

// As many as the service itself has at once: a team's calendars are asked side by side.
constexpr size_t fetchers = 8;

}  // namespace

Result<TeamView> view_team(const std::shared_ptr<const Team>& team, const PlanningWindow& window,
                           const Ports& ports, Instant now, Asking asking) {
    const TeamCalendars calendars(team, ports);
    const Moment moment{now, {}};  // no time passes while it is made
    WorkerPool pool(fetchers);
    for (const auto& keeper : calendars.keepers()) {
        pool.submit([&keeper, &window, moment, asking] {
            keeper->load_copy(window.read, moment);
            if (asking == Asking::sources || keeper->contents() == nullptr)
                keeper->refresh(moment, window.read);
        });
    }
    pool.wait_until_idle();

    TeamView view;
    view.availability = calendars.availability();
    view.sources = calendars.states(moment);
    auto draft = draft_team(*team, window, view.availability, calendars.swap_events(), ports, now);
    if (!draft) return tl::unexpected(std::move(draft.error()));
    view.draft = std::move(*draft);
    return view;
}

}  // namespace watchbill
