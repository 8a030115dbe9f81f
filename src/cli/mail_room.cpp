#include "cli/mail_room.h"

#include "crypto/crypto.h"

namespace watchbill::cli {

namespace {

OutboxWorkerOptions mail_worker_options() {
    OutboxWorkerOptions options;
    options.name = crypto::random_hex(8);
    return options;
}

// Null without [mail].
std::unique_ptr<MessageTransport> monitored(const ServerConfig& settings, MailMonitor& monitor) {
    if (!settings.mail) return nullptr;
    return std::make_unique<MonitoredTransport>(make_mail_transport(*settings.mail), monitor);
}

}  // namespace

MailRoom::MailRoom(const ServerConfig& settings, Store& store, const Clock& clock, Metrics& metrics,
                   spdlog::logger& log, ReplyTaker& taker, MailMonitor& monitor)
    : transport_(monitored(settings, monitor)),
      worker_(store, transport_.get(), clock, metrics.outbox(), log, random_fraction(),
              mail_worker_options()),
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
