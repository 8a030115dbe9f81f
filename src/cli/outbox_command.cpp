// `watchbill outbox`: what waits to be told to people, and what became of it. Never what it says.
#include <fmt/core.h>

#include <algorithm>

#include "cli/composition.h"
#include "cli/json_output.h"
#include "cli/terminal_text.h"
#include "service/process_name.h"
#include "store/open_store.h"
#include "time/format.h"

namespace watchbill::cli {

namespace {

struct OutboxOptions {
    std::string team;
    std::string about;
    std::string state;
    int limit = 100;
    std::string id;
};

// Complains where there is none.
std::unique_ptr<Store> open_or_complain(const CommandContext& context, std::optional<Config>& config) {
    config = load_config_or_complain(context);
    if (!config) return nullptr;
    auto store = open_store(config->server.database);
    if (!store) {
        failure(store.error());
        return nullptr;
    }
    return std::move(*store);
}

Json to_json(const std::optional<Instant>& instant) {
    return instant ? Json(format_instant(*instant)) : Json();
}

// What is known of whoever took a message last and has not said what came of it.
enum class ClaimState { none, sending, ended, expired };

ClaimState claim_state(const OutboxEntry& entry, Instant now) {
    if (entry.state != DeliveryState::queued || !entry.claimed_until) return ClaimState::none;
    if (process_is_gone(entry.claimed_by)) return ClaimState::ended;
    // One that ends too late is from before the clock was set back.
    const bool stands = now < *entry.claimed_until && *entry.claimed_until <= now + 2 * longest_claim;
    return stands ? ClaimState::sending : ClaimState::expired;
}

Json claim_to_json(const OutboxEntry& entry, Instant now) {
    const ClaimState state = claim_state(entry, now);
    if (state == ClaimState::none) return {};
    const char* const name = state == ClaimState::sending ? "sending"
                             : state == ClaimState::ended ? "ended"
                                                          : "expired";
    return {{"state", name}, {"by", entry.claimed_by}, {"until", format_instant(*entry.claimed_until)}};
}

Json to_json(const OutboxEntry& entry, Instant now) {
    const bool queued = entry.state == DeliveryState::queued;
    return Json{{"id", entry.message.id},
                {"team", entry.message.team},
                {"transport", std::string(transport_name(entry.message.transport))},
                {"kind", entry.message.kind},
                {"about", entry.message.about},
                {"recipient", entry.message.recipient.email()},
                {"state", std::string(delivery_state_name(entry.state))},
                {"attempts", entry.attempts},
                {"created_at", format_instant(entry.message.created_at)},
                {"next_attempt", queued ? Json(format_instant(entry.next_attempt)) : Json()},
                {"claimed_until", to_json(entry.claimed_until)},
                {"claim", claim_to_json(entry, now)},
                {"settled_at", to_json(entry.settled_at)},
                {"held_until", queued ? to_json(entry.held_until) : Json()},
                {"error", entry.last_error.empty() ? Json() : Json(entry.last_error)}};
}

std::string when_in_words(const OutboxEntry& entry, Instant now) {
    if (entry.settled_at) return format_instant(*entry.settled_at);
    if (claim_state(entry, now) == ClaimState::sending) return "being sent now";
    return "next " + format_instant(std::max(entry.next_attempt, entry.held_until.value_or(Instant::min())));
}

// "" where nobody has taken it.
std::string claim_in_words(const OutboxEntry& entry, Instant now) {
    const std::string by = process_in_words(entry.claimed_by).value_or("another process");
    switch (claim_state(entry, now)) {
        case ClaimState::none: break;
        case ClaimState::sending: return "by " + by + ", until " + format_instant(*entry.claimed_until);
        case ClaimState::ended:
            return by + " took it and has ended: it is sent again once the service runs, or with --retry";
        case ClaimState::expired:
            return by + " took it and has not said what came of it: it is sent again by whoever runs";
    }
    return {};
}

void print_in_words(const std::vector<OutboxEntry>& entries, const OutboxSummary& summary, bool has_mail,
                    Instant now) {
    for (const OutboxEntry& entry : entries) {
        fmt::print("{:<8} {:<26} {:<6} {:<13} {} {}\n", delivery_state_name(entry.state),
                   when_in_words(entry, now), transport_name(entry.message.transport),
                   terminal_safe(entry.message.kind), terminal_safe(entry.message.recipient.email()),
                   terminal_safe(entry.message.id));
        if (!entry.last_error.empty()) {
            fmt::print("         attempt {}: {}\n", entry.attempts, terminal_safe(entry.last_error));
        }
        if (const std::string claim = claim_in_words(entry, now); !claim.empty())
            fmt::print("         {}\n", terminal_safe(claim));
    }
    fmt::print("{} queued, {} failed{}\n", summary.queued, summary.failed,
               has_mail ? "" : "; there is no [mail] in the configuration: no mail is sent");
}

int run_outbox(const OutboxOptions& options, const CommandContext& context) {
    std::optional<DeliveryState> only;
    if (!options.state.empty()) {
        only = delivery_state_from_name(options.state);
        if (!only) {
            return usage_error(fmt::format(
                "--state: there is no \"{}\"; there is: queued, sent, failed, dropped", options.state));
        }
    }
    std::optional<Config> config;
    const auto store = open_or_complain(context, config);
    if (store == nullptr) return exit_failed;
    auto entries = store->outbox(options.team, options.about, options.limit);
    if (!entries) return failure(entries.error());
    auto summary = store->outbox_summary(Transport::mail);
    if (!summary) return failure(summary.error());
    const auto events = store->outbox_summary(Transport::caldav);
    if (!events) return failure(events.error());
    summary->queued += events->queued;
    summary->failed += events->failed;
    if (events->oldest_queued)
        summary->oldest_queued =
            std::min(*events->oldest_queued, summary->oldest_queued.value_or(Instant::max()));
    if (only) std::erase_if(*entries, [&](const OutboxEntry& entry) { return entry.state != *only; });
    const bool has_mail = config->server.mail.has_value();
    const Instant now = SystemClock().now();
    if (!context.json) {
        print_in_words(*entries, *summary, has_mail, now);
        return exit_ok;
    }
    Json list = Json::array();
    for (const OutboxEntry& entry : *entries) list.push_back(to_json(entry, now));
    print_json({{"sending", has_mail},
                {"queued", summary->queued},
                {"failed", summary->failed},
                {"oldest_queued", to_json(summary->oldest_queued)},
                {"messages", std::move(list)}});
    return exit_ok;
}

int run_retry(const OutboxOptions& options, const CommandContext& context) {
    std::optional<Config> config;
    const auto store = open_or_complain(context, config);
    if (store == nullptr) return exit_failed;
    const Instant now = SystemClock().now();
    // What an ended process had taken is nobody's.
    const auto claimants = store->outbox_claimants();
    if (!claimants) return failure(claimants.error());
    for (const std::string& worker : *claimants) {
        if (!process_is_gone(worker)) continue;
        if (const auto freed = store->free_outbox_claims(worker, now); !freed) return failure(freed.error());
    }
    if (const auto done = store->retry_outbox(options.id, now); !done) return failure(done.error());
    fmt::print("{} is sent again within seconds, if the service runs\n", terminal_safe(options.id));
    return exit_ok;
}

}  // namespace

void add_outbox_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<OutboxOptions>();
    CLI::App& outbox =
        add_command(app, context, "outbox",
                    "Print which mails, and events for incidents' calendars, wait, were sent or failed, the "
                    "newest first and without what they say");
    add_option(outbox, "--team", options->team, "Only this team's", {"T"});
    add_option(outbox, "--about", options->about, "Only those of this incident or swap", {"ID"});
    add_option(outbox, "--state", options->state, "Only queued, sent, failed or dropped ones", {"STATE"});
    add_number_option(outbox, "--limit", options->limit, "How many to look at (default: 100)", "N", 1, 10000);
    add_option(outbox, "--retry", options->id, "Instead: send this one, which failed or waits, now", {"ID"});
    add_json_flag(outbox, context);
    set_action(outbox, context, [options, &context] {
        return options->id.empty() ? run_outbox(*options, context) : run_retry(*options, context);
    });
}

}  // namespace watchbill::cli
