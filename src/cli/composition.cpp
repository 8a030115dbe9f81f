#include "cli/composition.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "cli/logging.h"
#include "cli/terminal_text.h"
#include "ical/reader.h"
#include "mail/smtp_transport.h"
#include "rotation/fairness/fair_planner.h"
#include "service/team_swaps.h"
#include "sources/backoff.h"
#include "sources/calendar_sources.h"
#include "sources/event_calendar.h"
#include "sources/password_file.h"
#include "store/open_store.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill::cli {

namespace {

// The team of that name, or the only one. Null after a complaint.
const Team* pick_team(const Config& config, const std::string& name) {
    if (!name.empty()) return find_team_or_complain(config, name);
    if (config.teams.size() == 1) return &config.teams.front();
    std::string known;
    for (const Team& team : config.teams) known += (known.empty() ? "" : ", ") + team.name;
    failure("there are several teams, so say which one with --team: " + known);
    return nullptr;
}

// Only of files can one tell without asking.
bool database_exists(const std::string& url) {
    constexpr std::string_view sqlite = "sqlite:";
    return !url.starts_with(sqlite) || std::filesystem::exists(url.substr(sqlite.size()));
}

// Loud: a calendar that is not read is a person who is never away.
void complain_of(const SourceState& source) {
    const std::string reason = source.last_error ? source.last_error->message : "it was not asked";
    if (source.health == SourceHealth::failing) {
        fmt::print(stderr,
                   "watchbill: error: {}: THIS CALENDAR COULD NOT BE READ, and nothing in it is taken into "
                   "account: {}\n",
                   terminal_safe(source.label), terminal_safe(reason));
    } else if (source.health == SourceHealth::stale && source.last_error) {
        fmt::print(stderr, "watchbill: warning: {}: the copy of {} is used: {}\n",
                   terminal_safe(source.label),
                   source.last_success ? format_instant(*source.last_success) : "an earlier time",
                   terminal_safe(reason));
    }
    for (const CalendarWarning& warning : source.warnings) {
        fmt::print(stderr, "watchbill: warning: {}: {} ({})\n", terminal_safe(source.label),
                   terminal_safe(warning.message), warning.code);
    }
}

}  // namespace

std::function<std::unique_ptr<EventCalendar>(const CalendarRef&)> event_calendar_maker(std::stop_token stop) {
    HttpOptions options;
    options.total_timeout = std::chrono::seconds(10);
    options.stop = std::move(stop);
    return [options](const CalendarRef& calendar) { return make_event_calendar(calendar, options); };
}

std::unique_ptr<const Planner> make_planner() { return std::make_unique<FairPlanner>(); }

std::function<double()> random_fraction() {
    return [engine = std::mt19937_64(std::random_device()())]() mutable {
        return std::uniform_real_distribution<double>(0, 1)(engine);
    };
}

Pacing make_pacing() {
    return [](const FetchAttempt& attempt) {
        // Spreads calendars over time; nothing that must be unpredictable.
        thread_local std::minstd_rand engine(std::random_device{}());
        const double fraction = std::uniform_real_distribution<double>(0.0, 1.0)(engine);
        return next_fetch({attempt.ended, attempt.failures, attempt.retry_after}, attempt.refresh, fraction);
    };
}

mail::SmtpOptions smtp_options(const MailSettings& mail) {
    mail::SmtpOptions options;
    options.url = mail.smtp;
    while (options.url.ends_with('/')) options.url.pop_back();
    options.sender = {mail.from, "Watchbill"};
    switch (mail.starttls) {
        case StartTls::required: options.encryption = mail::Encryption::required; break;
        case StartTls::optional: options.encryption = mail::Encryption::when_offered; break;
        case StartTls::never: options.encryption = mail::Encryption::never; break;
    }
    if (mail.smtp.starts_with("smtps:")) options.encryption = mail::Encryption::required;
    options.user = mail.user;
    options.password = [path = mail.password_file] { return read_password_file(path); };
    // As OpenSSL's own programs do: for tests, and for authorities that are one's own.
    if (const char* file = std::getenv("SSL_CERT_FILE"); file != nullptr) options.ca_file = file;
    return options;
}

std::unique_ptr<MessageTransport> make_mail_transport(const MailSettings& mail) {
    return std::make_unique<mail::SmtpTransport>(smtp_options(mail));
}

std::vector<std::unique_ptr<ReplyTaker>> make_reply_takers(Store& store, OutboxBell&,
                                                           std::function<std::vector<Team>()> teams) {
    std::vector<std::unique_ptr<ReplyTaker>> takers;
    takers.push_back(std::make_unique<SwapReplies>(store, std::move(teams)));
    return takers;
}

std::unique_ptr<CalendarSource> make_source(std::stop_token stop) {
    HttpOptions options;
    options.stop = std::move(stop);
    return make_calendar_source(std::move(options));
}

void add_team_option(CLI::App& command, std::string& name) {
    add_option(command, "--team", name, "The team's name (may be left out where there is only one)", {"T"});
}

std::unique_ptr<TeamDesk> TeamDesk::open(const CommandContext& context, const std::string& team_name) {
    auto config = load_config_or_complain(context);
    if (!config) return nullptr;
    const Team* team = pick_team(*config, team_name);
    if (team == nullptr) return nullptr;
    std::unique_ptr<Store> store;
    if (database_exists(config->server.database)) {
        auto opened = open_store(config->server.database);
        if (!opened) {
            failure(opened.error());
            return nullptr;
        }
        store = std::move(*opened);
    }
    ical::initialise();
    auto shared = std::make_shared<const Team>(*team);
    return std::unique_ptr<TeamDesk>(new TeamDesk(std::move(*config), std::move(shared), std::move(store)));
}

TeamDesk::TeamDesk(Config config, std::shared_ptr<const Team> team, std::unique_ptr<Store> store)
    : config_(std::move(config)),
      team_(std::move(team)),
      store_(std::move(store)),
      source_(make_source()),
      planner_(make_planner()),
      log_(make_silent_logger()) {}

Ports TeamDesk::ports() const {
    return {source_.get(), store_.get(), planner_.get(), log_.get(), make_pacing()};
}
Ports TeamDesk::ports_without_store() const {
    return {source_.get(), nullptr, planner_.get(), log_.get(), make_pacing()};
}

std::optional<TeamView> TeamDesk::view(const PlanningWindow& window, const Ports& ports, Instant now,
                                       Asking asking) const {
    auto view = view_team(team_, window, ports, now, asking);
    if (!view) {
        failure(view.error());
        return std::nullopt;
    }
    for (const SourceState& source : view->sources) complain_of(source);
    return std::move(*view);
}

PlanningWindow TeamDesk::window_with(Instant now, Day day) const {
    PlanningWindow window = planning_window(*team_, now);
    if (day < window.days.end) return window;
    const PlanningWindow longer = planning_window_of(*team_, {window.days.first, day + std::chrono::days(1)});
    window.days.end = longer.days.end;
    window.known.end = longer.known.end;
    window.read.end = longer.read.end;
    return window;
}

}  // namespace watchbill::cli
