#include "http/census.h"

namespace watchbill::http {

std::optional<Census::Place> Census::admit(const IpAddress& peer) {
    const IpAddress subscriber = peer.subscriber();
    const bool exempt = contains(exempt_, peer);
    const std::lock_guard lock(mutex_);
    if (total_ >= limits_.connections) return std::nullopt;
    size_t& count = by_subscriber_[subscriber];
    if (!exempt && count >= limits_.per_address) return std::nullopt;
    ++count;
    ++total_;
    if (watch_ != nullptr) watch_->note_connected();
    return Place(*this, subscriber);
}

void Census::leave(const IpAddress& subscriber) {
    const std::lock_guard lock(mutex_);
    const auto found = by_subscriber_.find(subscriber);
    if (--found->second == 0) by_subscriber_.erase(found);
    --total_;
    if (watch_ != nullptr) watch_->note_disconnected();
}

}  // namespace watchbill::http
