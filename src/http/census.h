// How many are connected, in all and from each address. Thread-safe.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "http/request_watch.h"
#include "watchbill/ip_address.h"

namespace watchbill::http {

class Census {
public:
    struct Limits {
        size_t connections = 10000;
        // Browsers open six; an office behind one address has many clients, each for a moment.
        size_t per_address = 128;
    };
    // `exempt` may have as many of all as they like: proxies, through which everybody comes.
    // The watch is told of all who come and go; it may be null.
    Census(const Limits& limits, std::vector<IpRange> exempt, const RequestWatch* watch = nullptr)
        : limits_(limits), exempt_(std::move(exempt)), watch_(watch) {}

    // Counts for as long as it lives. The census must outlive it.
    class Place {
    public:
        Place(Census& census, const IpAddress& subscriber) : census_(&census), subscriber_(subscriber) {}
        ~Place() {
            if (census_ != nullptr) census_->leave(subscriber_);
        }
        Place(Place&& other) noexcept : census_(other.census_), subscriber_(other.subscriber_) {
            other.census_ = nullptr;
        }
        Place& operator=(Place&&) = delete;

    private:
        Census* census_;
        IpAddress subscriber_;
    };
    // Nothing: there are enough.
    std::optional<Place> admit(const IpAddress& peer);

    // Three quarters are taken: who does nothing should go.
    bool is_crowded() const { return total_.load(std::memory_order_relaxed) * 4 > limits_.connections * 3; }

private:
    void leave(const IpAddress& subscriber);

    const Limits limits_;
    const std::vector<IpRange> exempt_;
    const RequestWatch* const watch_;
    std::atomic<size_t> total_ = 0;
    std::mutex mutex_;
    std::map<IpAddress, size_t> by_subscriber_;
};

}  // namespace watchbill::http
