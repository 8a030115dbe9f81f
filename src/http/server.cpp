#include "http/server.h"

#include <sys/resource.h>

#include <algorithm>

namespace watchbill::http {

namespace {

// For the database, calendars being fetched, logs.
constexpr size_t descriptors_for_others = 1024;

// Asks for as many descriptors as the connections need, and returns how many connections they allow.
size_t make_room_for(size_t connections) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return connections;
    const rlim_t wanted = connections + descriptors_for_others;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = std::min(wanted, limit.rlim_max);
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::getrlimit(RLIMIT_NOFILE, &limit);
    }
    // Where there are few, half of them.
    const size_t others = std::min<size_t>(limit.rlim_cur / 2, descriptors_for_others);
    return std::min<size_t>(connections, limit.rlim_cur - others);
}

}  // namespace

Result<std::unique_ptr<Server>> Server::open(const Router& router, const Clock& clock,
                                             ServerOptions options) {
    options.connections = make_room_for(options.connections);
    options.exempt.insert(options.exempt.end(), options.trusted_proxies.begin(),
                          options.trusted_proxies.end());
    std::unique_ptr<Server> server(new Server(clock));
    server->dispatcher_ =
        std::make_unique<Dispatcher>(router, clock, options.dispatch, options.trusted_proxies);
    auto gate = Gate::open(*server->dispatcher_, options);
    if (!gate) return tl::unexpected(gate.error());
    server->gate_ = std::move(*gate);
    return server;
}

std::optional<std::string> Server::certificate_complaint() const {
    const auto tls = gate_->tls();
    return tls ? tls->complaint(clock_.now()) : std::nullopt;
}

}  // namespace watchbill::http
