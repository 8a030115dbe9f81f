// The composition root: what stands behind each port, and what the commands that look at a team share.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "mail/smtp_transport.h"
#include "rotation/fairness/planner.h"
#include "service/system_clock.h"
#include "service/team_view.h"
#include "watchbill/event_calendar.h"
#include "watchbill/replies.h"

namespace watchbill::cli {

std::unique_ptr<const Planner> make_planner();
Pacing make_pacing();
// Numbers in [0, 1), for jitter. Each has an engine of its own: not thread-safe.
std::function<double()> random_fraction();
std::unique_ptr<CalendarSource> make_source(std::stop_token stop = {});
mail::SmtpOptions smtp_options(const MailSettings& mail);
std::unique_ptr<MessageTransport> make_mail_transport(const MailSettings& mail);
// What IncidentCalendars makes calendars with: each call takes 10 s at most, which EventTransport counts on.
std::function<std::unique_ptr<EventCalendar>(const CalendarRef&)> event_calendar_maker(std::stop_token stop);
// Who knows which invitations were sent, in the order in which they are asked. All arguments must outlive
// them; `bell` is rung when they write to the outbox.
// `teams`: as they are configured now; called by whatever thread takes a reply.
std::vector<std::unique_ptr<ReplyTaker>> make_reply_takers(Store& store, OutboxBell& bell,
                                                           std::function<std::vector<Team>()> teams);

// "--team T": may be left out where there is only one.
void add_team_option(CLI::App& command, std::string& name);

// A team and all that is needed to look at it, for commands that run beside the service and publish nothing.
class TeamDesk {
public:
    // Complains on standard error where the configuration, the team or the database is missing; then return
    // exit_failed. A database that was not made yet is not made: nothing was published.
    static std::unique_ptr<TeamDesk> open(const CommandContext& context, const std::string& team_name);

    const Config& config() const { return config_; }
    const std::shared_ptr<const Team>& team() const { return team_; }
    const SystemClock& clock() const { return clock_; }

    Ports ports() const;
    Ports ports_without_store() const;

    // What a look at the team shows. Complains of calendars that could not be read, and of the store; nothing
    // when that failed.
    std::optional<TeamView> view(const PlanningWindow& window, const Ports& ports, Instant now,
                                 Asking asking) const;
    // The planning window of `now`, longer where `day` lies beyond it.
    PlanningWindow window_with(Instant now, Day day) const;

private:
    TeamDesk(Config config, std::shared_ptr<const Team> team, std::unique_ptr<Store> store);

    Config config_;
    std::shared_ptr<const Team> team_;
    std::unique_ptr<Store> store_;  // null when there is no database yet
    std::unique_ptr<CalendarSource> source_;
    std::unique_ptr<const Planner> planner_;
    std::shared_ptr<spdlog::logger> log_;
    SystemClock clock_;
};

}  // namespace watchbill::cli
