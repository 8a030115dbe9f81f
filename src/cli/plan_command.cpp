// `watchbill plan`: who serves which shift on some days.
#include <fmt/core.h>

#include <algorithm>

#include "cli/composition.h"
#include "cli/plan_output.h"
#include "cli/terminal_text.h"
#include "ical/feed_writer.h"
#include "rotation/duty/team_feeds.h"
#include "rotation/planning/reasons.h"
#include "texts/phrases.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill::cli {

namespace {

struct PlanOptions {
    std::string team;
    std::string from;
    int days = 14;
    bool fresh = false;
    bool ics = false;
};

// The assignments of the days asked for, by date, and what a feed of them needs.
struct Excerpt {
    Plan plan;
    TeamAvailability availability;
    EventVersions versions;
    Instant stamp;  // of events that subscribers do not know yet
};

Plan excerpt_of(const Plan& plan, DaySpan days) {
    Plan excerpt;
    for (const Assignment& assignment : plan.assignments) {
        const Day date = assignment.shift.key.date;
        if (days.first <= date && date < days.end) excerpt.assignments.push_back(assignment);
    }
    std::stable_sort(
        excerpt.assignments.begin(), excerpt.assignments.end(),
        [](const Assignment& a, const Assignment& b) { return a.shift.key.date < b.shift.key.date; });
    return excerpt;
}

std::optional<Excerpt> make_excerpt(const TeamDesk& desk, DaySpan days, bool fresh) {
    PlanningWindow window;
    Ports ports = desk.ports();
    Instant now = desk.clock().now();
    Instant stamp = now;
    if (fresh) {
        window = planning_window_of(*desk.team(), days);
        ports = desk.ports_without_store();
        // Before the first shift in any zone: nothing of these days is history, whatever today is.
        now = Zone::utc().start_of(days.first - std::chrono::days(2));
        stamp = Zone::get(desk.team()->zone).start_of(days.first);
    } else {
        window = desk.window_with(now, days.end - std::chrono::days(1));
    }
    auto view = desk.view(window, ports, now, Asking::sources);
    if (!view) return std::nullopt;
    return Excerpt{excerpt_of(view->draft.plan, days), std::move(view->availability),
                   fresh ? EventVersions() : std::move(view->draft.versions), stamp};
}

Interval extent_of(const Team& team, const Plan& plan, DaySpan days) {
    Interval extent = Zone::get(team.zone).interval_of(days);
    for (const Assignment& assignment : plan.assignments) {
        extent.start = std::min(extent.start, assignment.shift.when.start);
        extent.end = std::max(extent.end, assignment.shift.when.end);
    }
    return extent;
}

void print_ics(const Team& team, const Excerpt& excerpt, DaySpan days) {
    const Interval window = extent_of(team, excerpt.plan, days);
    const Feed feed = rotation_feed({&team, &excerpt.plan, excerpt.availability, window});
    EventVersions versions = excerpt.versions;
    for (auto& [uid, version] : ical::changed_versions(feed, versions, excerpt.stamp))
        versions.insert_or_assign(uid, version);
    fmt::print("{}", ical::write_feed(feed, versions, window));
}

void print_table(const Team& team, const Plan& plan) {
    for (const Assignment& assignment : plan.assignments) {
        fmt::print("{}  {:<12}  {:<34}  {}\n", format_date_of_week(assignment.shift.key.date),
                   terminal_safe(say_rotation(team, assignment.shift.key.rotation)),
                   hours_in_words(team, assignment.shift),
                   terminal_safe(explain_in_one_sentence(team, assignment)));
    }
}

int run_plan(const PlanOptions& options, const CommandContext& context) {
    const auto from = parse_day(options.from);
    if (!from) return usage_error(fmt::format("--from: \"{}\" is no date such as 2026-03-01", options.from));
    if (options.ics && context.json) return usage_error("--ics and --json are two forms: choose one");
    const auto desk = TeamDesk::open(context, options.team);
    if (!desk) return exit_failed;
    const DaySpan days{*from, *from + std::chrono::days(options.days)};
    const auto excerpt = make_excerpt(*desk, days, options.fresh);
    if (!excerpt) return exit_failed;

    if (context.json) {
        Json list = Json::array();
        for (const Assignment& assignment : excerpt->plan.assignments) list.push_back(to_json(assignment));
        print_json(list);
    } else if (options.ics) {
        print_ics(*desk->team(), *excerpt, days);
    } else {
        print_table(*desk->team(), excerpt->plan);
    }
    return exit_ok;
}

}  // namespace

void add_plan_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<PlanOptions>();
    CLI::App& command = add_command(app, context, "plan", "Print who serves which shift, and why");
    add_team_option(command, options->team);
    add_option(command, "--from", options->from, "First date", {"D", true});
    // Ten years, as much as a horizon may be.
    add_number_option(command, "--days", options->days, "How many dates (default: 14)", "N", 1, 3660);
    add_flag(command, "--fresh", options->fresh,
             "Ignore the database: begin on --from with nothing published and nobody in debt");
    add_flag(command, "--ics", options->ics, "Print the rotation's feed");
    add_json_flag(command, context);
    set_action(command, context, [options, &context] { return run_plan(*options, context); });
}

}  // namespace watchbill::cli
