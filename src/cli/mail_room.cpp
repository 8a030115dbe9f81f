#include "cli/mail_room.h"

#include "crypto/crypto.h"
#include "service/process_name.h"

namespace watchbill::cli {

namespace {

// One slow recipient holds up a quarter of them.
constexpr size_t connections = 4;

OutboxWorkerOptions mail_worker_options(StoreHealth& health, MailMonitor& monitor) {
    OutboxWorkerOptions options;
    options.name = name_of_this_process(crypto::random_hex(8));
    options.is_gone = process_is_gone;
    options.health = &health;
    options.on_settled = [&monitor](const DeliveryReport& report) { monitor.note(report); };
    return options;
}

std::vector<std::unique_ptr<MessageTransport>> make_transports(const std::optional<MailSettings>& mail) {
    std::vector<std::unique_ptr<MessageTransport>> transports;
    transports.reserve(connections);
    for (size_t i = 0; mail && i < connections; ++i) transports.push_back(make_mail_transport(*mail));
    return transports;
}

std::vector<MessageTransport*> pointers_to(const std::vector<std::unique_ptr<MessageTransport>>& transports) {
    std::vector<MessageTransport*> pointers;
    pointers.reserve(transports.size());
    for (const auto& transport : transports) pointers.push_back(transport.get());
    return pointers;
}

}  // namespace

MailRoom::MailRoom(const ServerConfig& settings, Store& store, const Clock& clock, Metrics& metrics,
                   StoreHealth& health, spdlog::logger& log, ReplyTaker& taker, MailMonitor& monitor)
    : transports_(make_transports(settings.mail)),
      worker_(store, pointers_to(transports_), clock, metrics.outbox(), log, random_fraction(),
              mail_worker_options(health, monitor)),
      reader_(settings.mail ? settings.mail->authserv_id : ""),
      takers_(make_reply_takers(store, worker_, [this] { return teams(); })),
      replies_(
          reader_, takers(taker), [this](const MemberId& a, const MemberId& b) { return same_person(a, b); },
          clock, log) {}

MailRoom::~MailRoom() { stop(); }

std::vector<ReplyTaker*> MailRoom::takers(ReplyTaker& first) const {
    std::vector<ReplyTaker*> takers{&first};
    for (const auto& taker : takers_) takers.push_back(taker.get());
    return takers;
}

void MailRoom::set_teams(const std::vector<Team>& teams) {
    const std::lock_guard lock(mutex_);
    teams_ = teams;
}

bool MailRoom::same_person(const MemberId& a, const MemberId& b) const {
    const std::lock_guard lock(mutex_);
    return is_same_member(teams_, a, b);
}

std::vector<Team> MailRoom::teams() const {
    const std::lock_guard lock(mutex_);
    return teams_;
}

void MailRoom::start() {
    thread_ = std::thread([this] { worker_.run(); });
}

void MailRoom::stop() {
    if (!thread_.joinable()) return;
    worker_.stop();
    thread_.join();
}

}  // namespace watchbill::cli
