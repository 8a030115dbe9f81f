// `watchbill serve`: runs the service until it is told to stop. SIGHUP reads the configuration again.
#include <fmt/core.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

#include "cli/calendar_room.h"
#include "cli/composition.h"
#include "cli/feed_urls.h"
#include "cli/incident_takers.h"
#include "cli/logging.h"
#include "cli/mail_room.h"
#include "cli/maintenance.h"
#include "cli/on_duty_output.h"
#include "cli/terminal_text.h"
#include "config/values.h"
#include "http/application.h"
#include "http/server.h"
#include "ical/reader.h"
#include "service/escalation_worker.h"
#include "service/incident_replies.h"
#include "service/page_sessions.h"
#include "service/secret_file.h"
#include "service/service.h"
#include "store/open_store.h"

namespace watchbill::cli {

namespace {

struct ServeOptions {
    std::string listen;
};

// Signals become values that one thread waits for: no code runs inside a signal handler. To be made before
// any other thread, which then inherits the mask.
class Signals {
public:
    Signals() {
        sigemptyset(&set_);
        for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        // A reader of standard output that went away must not end the service.
        std::signal(SIGPIPE, SIG_IGN);
    }
    int wait() const {
        int signal = 0;
        while (sigwait(&set_, &signal) != 0) {
        }
        return signal;
    }

private:
    sigset_t set_;
};

// Nothing after a complaint, and nothing to complain of when --listen was not given.
std::optional<ListenAddress> parse_listen_option(const std::string& text) {
    ProblemLog log("--listen");
    const auto address = parse_listen_address({text, {"--listen", 1, 1}}, log);
    for (const Problem& problem : log.problems()) usage_error("--listen: " + problem.message);
    return address;
}

std::string scheme_of(const ServerConfig& server) { return server.tls ? "https://" : "http://"; }

// Where no public URL was configured, it is the address that we really listen on.
std::string public_url_of(const ServerConfig& configured, const ListenAddress& actual) {
    const std::string scheme = scheme_of(configured);
    const bool derived = configured.public_url == scheme + format_listen_address(configured.listen);
    return derived ? scheme + format_listen_address(actual) : configured.public_url;
}

// Tells people on standard output what is served: URLs at once, and who is on duty when that is known. Feeds'
// URLs are secrets, and what is no terminal is a log that others read and that is kept.
class Announcer {
public:
    Announcer(const Clock& clock) : clock_(clock) {}

    void urls(const Team& team, const std::vector<FeedUrl>& urls) {
        fmt::print("\n{} ({})\n", terminal_safe(team.title), team.name);
        if (!to_terminal_) {
            fmt::print("  {} feeds; their secret URLs: watchbill token list --team {}\n", urls.size(),
                       team.name);
            std::fflush(stdout);
            return;
        }
        for (const FeedUrl& url : urls) fmt::print("  {:<28}  {}\n", url.scope, url.links.url);
        std::fflush(stdout);
    }

    // Called by the service's thread only.
    void on_posted(const TeamNotice& notice) {
        if (!notice.ready() || !announced_.insert(notice.team->name).second) return;
        fmt::print("\nOn duty now, {}:\n{}", terminal_safe(notice.team->title),
                   on_duty_in_words({notice.team.get(), notice.plan.get(), notice.availability.get()},
                                    clock_.now()));
        std::fflush(stdout);
    }

private:
    const Clock& clock_;
    const bool to_terminal_ = isatty(STDOUT_FILENO) == 1;
    std::set<std::string> announced_;
};

// Everything that runs while the service does, in the order in which it is made; stopped in reverse.
class Running {
public:
    Running(const CommandContext& context, ServerConfig server, std::unique_ptr<Store> store,
            const std::string& secret, std::shared_ptr<spdlog::logger> log)
        : context_(context),
          settings_(std::move(server)),
          log_(std::move(log)),
          store_(std::move(store)),
          source_(make_source(stopping_.get_token())),
          planner_(make_planner()),
          tokens_(secret),
          announcer_(clock_),
          watch_(metrics_, make_access_log(*log_, settings_.log_format)),
          links_(secret),
          calendars_(event_calendar_maker(stopping_.get_token()), clock_, organizer_of(settings_), *log_),
          mail_monitor_(settings_.mail.has_value(), [this] { escalation_.ring(); }),
          incidents_(*store_, clock_, links_,
                     {organizer_of(settings_), log_.get(), &metrics_, [this] { on_incident_changed(); },
                      [this](const Team& team) { return calendars_.inviter(team); }, &mail_monitor_}),
          incident_replies_(*store_, incidents_,
                            [this](const std::string& team) { return board_.find(team); }),
          mail_room_(settings_, *store_, clock_, metrics_, health_, *log_, incident_replies_, mail_monitor_),
          escalation_(incidents_, board_, clock_, *log_),
          calendar_room_(*store_, incidents_, calendars_, board_, clock_, metrics_, mail_room_.bell(), *log_),
          service_({source_.get(), store_.get(), planner_.get(), log_.get(), make_pacing(), &metrics_,
                    &mail_room_.bell()},
                   clock_, tokens_, board_, options()),
          api_tokens_(*store_, clock_),
          sessions_(secret, api_tokens_, *store_, clock_),
          router_(http::make_router({&board_, &clock_, &api_tokens_, &service_, store_.get(), &metrics_,
                                     &watch_, settings_.cors_origins, &mail_room_.replies(), &incidents_,
                                     &sessions_, &public_url_, &health_})),
          maintenance_(settings_.database, *store_, clock_, health_, *log_) {}

    Result<void> listen(const ListenAddress& address) {
        http::ServerOptions options;
        options.host = address.host;
        options.port = address.port;
        if (settings_.tls) options.tls = files_of(*settings_.tls);
        options.trusted_proxies = settings_.trusted_proxies;
        auto opened = http::Server::open(router_, clock_, options);
        if (!opened) return tl::unexpected(opened.error());
        server_ = std::move(*opened);
        const ListenAddress actual{address.host, server_->port()};
        public_url_ = public_url_of(settings_, actual);
        links_.set_public_url(public_url_);
        server_->start();
        fmt::print("Watchbill listens on {}{}\n", scheme_of(settings_), format_listen_address(actual));
        fmt::print(
            "Web page: {}/ (to sign in: watchbill token create --scope read --scope incident --name NAME)\n",
            public_url_);
        warn_of_certificate();
        return {};
    }

    void serve(std::vector<Team> teams) {
        for (const Team& team : teams) {
            const auto urls = feed_urls(team, tokens_, store_.get(), public_url_);
            if (urls) announcer_.urls(team, *urls);
        }
        mail_room_.set_teams(teams);
        maintenance_.set_teams(teams);
        service_.set_teams(std::move(teams));
        calendar_room_.hold_mails();
        mail_room_.start();
        calendar_room_.start();
        flow_ = std::thread([this] { service_.run(); });
        calls_ = std::thread([this] { escalation_.run(); });
        maintenance_.start();
    }

    void reload() {
        ConfigLoad load = load_config(context_.config_path);
        for (const Problem& problem : load.problems) {
            const bool error = problem.severity == ProblemSeverity::error;
            log_->log(error ? spdlog::level::err : spdlog::level::warn, "{}", format_problem(problem));
        }
        if (!load.config) {
            log_->error("the new configuration has errors: nothing changes");
            return;
        }
        // The files may be others of the same names.
        if (settings_.tls && load.config->server.tls) renew_certificate(*load.config->server.tls);
        if (with_tls_of(load.config->server, settings_) != settings_)
            log_->warn("the server's own settings changed: they take effect with the next start");
        mail_room_.set_teams(load.config->teams);
        maintenance_.set_teams(load.config->teams);
        service_.set_teams(std::move(load.config->teams));
        log_->info("the configuration was read again");
    }

    void stop() {
        // First the fetches and whoever waits for them: the server then has short answers left to give only.
        stopping_.request_stop();
        service_.stop();
        escalation_.stop();
        maintenance_.stop();
        server_->stop();
        flow_.join();
        calls_.join();
        calendar_room_.stop();
        mail_room_.stop();  // last: what the final answers wrote may still go out
    }

private:
    static http::TlsFiles files_of(const TlsSettings& tls) { return {tls.certificate, tls.key}; }

    // What a reload takes over is no difference; that there is encryption at all is one.
    static ServerConfig with_tls_of(ServerConfig server, const ServerConfig& other) {
        if (server.tls && other.tls) server.tls = other.tls;
        return server;
    }

    void renew_certificate(const TlsSettings& tls) {
        if (const auto renewed = server_->use_certificate(files_of(tls)); !renewed) {
            log_->error("{}: {}: the old certificate stays in use", renewed.error().where,
                        renewed.error().message);
        }
        warn_of_certificate();
    }

    void warn_of_certificate() const {
        if (const auto complaint = server_->certificate_complaint()) log_->warn("{}", *complaint);
    }

    void on_incident_changed() {
        mail_room_.bell().ring();
        calendar_room_.ring();
        escalation_.ring();
        service_.nudge();
    }

    ServiceOptions options() {
        ServiceOptions options;
        options.on_posted = [this](const TeamNotice& notice) {
            announcer_.on_posted(notice);
            escalation_.ring();
        };
        return options;
    }

    const CommandContext& context_;
    const ServerConfig settings_;
    const std::shared_ptr<spdlog::logger> log_;
    std::stop_source stopping_;
    SystemClock clock_;
    std::unique_ptr<Store> store_;
    std::unique_ptr<CalendarSource> source_;
    std::unique_ptr<const Planner> planner_;
    FeedTokens tokens_;
    NoticeBoard board_;
    Announcer announcer_;
    Metrics metrics_{WATCHBILL_VERSION};
    StoreHealth health_;
    http::RequestWatch watch_;
    IncidentLinks links_;
    IncidentCalendars calendars_;
    MailMonitor mail_monitor_;
    IncidentDesk incidents_;
    IncidentReplies incident_replies_;
    MailRoom mail_room_;
    EscalationWorker escalation_;
    CalendarRoom calendar_room_;
    Service service_;
    ApiTokens api_tokens_;
    PageSessions sessions_;
    std::string public_url_;
    http::Router router_;
    std::unique_ptr<http::Server> server_;
    std::thread flow_;
    std::thread calls_;
    Maintenance maintenance_;
};

int run_serve(const ServeOptions& options, const CommandContext& context) {
    std::optional<ListenAddress> listen;
    if (!options.listen.empty()) {
        listen = parse_listen_option(options.listen);
        if (!listen) return exit_usage;
    }
    auto config = load_config_or_complain(context);
    if (!config) return exit_failed;
    auto secret = load_or_make_secret(config->server.secret_file);
    if (!secret) return failure(secret.error());
    auto store = open_store(config->server.database);
    if (!store) return failure(store.error());

    const Signals signals;
    ical::initialise();
    const auto log = make_logger(config->server.log_format, config->server.log_level);
    Running running(context, config->server, std::move(*store), *secret, log);
    if (auto listening = running.listen(listen.value_or(config->server.listen)); !listening)
        return failure(listening.error());
    running.serve(std::move(config->teams));
    log->info("serving");
    while (signals.wait() == SIGHUP) running.reload();
    log->info("stopping");
    running.stop();
    return exit_ok;
}

}  // namespace

void add_serve_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<ServeOptions>();
    CLI::App& command = add_command(app, context, "serve", "Run the service");
    add_option(command, "--listen", options->listen,
               "Where to listen instead of the configured address; port 0 takes any free one", {"HOST:PORT"});
    set_action(command, context, [options, &context] { return run_serve(*options, context); });
}

}  // namespace watchbill::cli
