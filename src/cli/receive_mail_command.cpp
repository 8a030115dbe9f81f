// `watchbill receive-mail`: one mail on standard input, from a mail server's pipe. It works on the database,
// so that answers are taken also while the service is away.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "cli/composition.h"
#include "cli/incident_takers.h"
#include "cli/json_output.h"
#include "cli/logging.h"
#include "mail/receive.h"
#include "service/reply_desk.h"
#include "service/secret_file.h"
#include "store/open_store.h"

namespace watchbill::cli {

namespace {

// What mail servers take for "later" (sysexits.h, EX_TEMPFAIL): they keep the mail and try again.
constexpr int exit_later = 75;

// One byte more than is taken, so that the rest of an endless mail is not read to be refused.
std::optional<std::string> read_standard_input() {
    constexpr size_t enough = mail::largest_mail + 1;
    std::string bytes;
    std::string buffer(size_t{64} * 1024, '\0');
    while (bytes.size() < enough) {
        const ssize_t count =
            ::read(STDIN_FILENO, buffer.data(), std::min(buffer.size(), enough - bytes.size()));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return std::nullopt;
        if (count == 0) break;
        bytes.append(buffer, 0, static_cast<size_t>(count));
    }
    return bytes;
}

// The service looks at the outbox every few seconds anyway.
class NoBell final : public OutboxBell {
public:
    void ring() override {}
};

int later(const Error& error) {
    failure(error);
    return exit_later;
}

void print_as_json(const MailOutcome& outcome) {
    const ReplyVerdict& verdict = outcome.verdict;
    const char* result = outcome.fate == MailFate::taken     ? "taken"
                         : outcome.fate == MailFate::ignored ? "ignored"
                                                             : "refused";
    print_json({{"result", result},
                {"applied", verdict.applied},
                {"code", verdict.code},
                {"message", verdict.message},
                {"team", verdict.team.empty() ? Json() : Json(verdict.team)},
                {"about", verdict.about.empty() ? Json() : Json(verdict.about)}});
}

int run_receive_mail(const CommandContext& context) {
    // A broken configuration or database is not the sender's fault: the mail is to be kept.
    const auto config = load_config_or_complain(context);
    if (!config) return exit_later;
    const auto bytes = read_standard_input();
    if (!bytes) {
        failure("standard input cannot be read");
        return exit_later;
    }
    auto store = open_store(config->server.database);
    if (!store) return later(store.error());

    NoBell bell;
    const SystemClock clock;
    const mail::MimeReader reader(config->server.mail ? config->server.mail->authserv_id : "");
    const auto log = make_logger(config->server.log_format, LogLevel::error);
    const auto owned = make_reply_takers(**store, bell, [&config] { return config->teams; });
    const auto secret = load_or_make_secret(config->server.secret_file);
    if (!secret) return later(secret.error());
    IncidentTaker incidents(*config, **store, clock, *secret);
    std::vector<ReplyTaker*> takers{&incidents.replies()};
    for (const auto& taker : owned) takers.push_back(taker.get());
    const auto same = [&config](const MemberId& a, const MemberId& b) {
        return is_same_member(config->teams, a, b);
    };
    const auto outcome = ReplyDesk(reader, takers, same, clock, *log).receive(*bytes);
    if (!outcome) return later(outcome.error());
    if (context.json)
        print_as_json(*outcome);
    else if (outcome->fate != MailFate::refused)
        fmt::print("{}: {}\n", outcome->verdict.code, outcome->verdict.message);
    if (outcome->fate != MailFate::refused) return exit_ok;
    if (!context.json) failure(outcome->verdict.code + ": " + outcome->verdict.message);
    return exit_failed;
}

}  // namespace

void add_receive_mail_command(CLI::App& app, CommandContext& context) {
    CLI::App& command = add_command(
        app, context, "receive-mail",
        "Take one mail on standard input: somebody's answer to an invitation. Exit 1 and a reason "
        "when it is none, 75 when it is to be tried again");
    add_json_flag(command, context);
    set_action(command, context, [&context] { return run_receive_mail(context); });
}

}  // namespace watchbill::cli
