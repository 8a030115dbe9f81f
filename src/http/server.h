// The HTTP server: the gate (http/server/gate.h) with the routes behind it.
#pragma once

#include <memory>

#include "http/dispatcher.h"
#include "http/server/gate.h"

namespace watchbill::http {

struct ServerOptions : GateOptions {
    // From these, and from nobody else, X-Forwarded-For is believed; and they may have as many connections as
    // there are.
    std::vector<IpRange> trusted_proxies = {};
    DispatchLimits dispatch = {};
};

class Server {
public:
    // Listens when it returns, and answers from start() on. The router and the clock must outlive it. Errors:
    // those of Gate::open().
    static Result<std::unique_ptr<Server>> open(const Router& router, const Clock& clock,
                                                ServerOptions options);

    std::uint16_t port() const { return gate_->port(); }
    void start() { gate_->start(); }
    // To be used with a server that has TLS.
    Result<void> use_certificate(const TlsFiles& files) { return gate_->use_certificate(files); }
    // What is wrong with the certificate in use.
    std::optional<std::string> certificate_complaint() const;
    void stop() { gate_->stop(); }

private:
    explicit Server(const Clock& clock) : clock_(clock) {}

    const Clock& clock_;
    std::unique_ptr<Dispatcher> dispatcher_;
    std::unique_ptr<Gate> gate_;  // ends first
};

}  // namespace watchbill::http
