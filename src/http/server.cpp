#include "http/server.h"

#include <httplib.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>
#include <thread>

#include "http/http_date.h"
#include "http/problem.h"

namespace watchbill::http {

namespace {

// "192.0.2.7"; "" where the client is gone already.
std::string peer_address(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
    std::array<char, NI_MAXHOST> text{};
    const int failed = ::getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, text.data(),
                                     text.size(), nullptr, 0, NI_NUMERICHOST);
    return failed != 0 ? std::string() : std::string(text.data());
}

// Reads one head from memory, and collects the answer so that it leaves in one piece.
class RequestStream final : public httplib::Stream {
public:
    RequestStream(std::string_view head, int socket) : unread_(head), socket_(socket) {}

    const std::string& answer() const { return answer_; }

    bool is_readable() const override { return !unread_.empty(); }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, size_t size) override {
        const size_t count = std::min(size, unread_.size());
        unread_.copy(to, count);
        unread_.remove_prefix(count);
        return static_cast<ssize_t>(count);
    }
    ssize_t write(const char* from, size_t size) override {
        answer_.append(from, size);
        return static_cast<ssize_t>(size);
    }
    void get_remote_ip_and_port(std::string& address, int&) const override {
        address = peer_address(socket_);
    }
    void get_local_ip_and_port(std::string&, int&) const override {}
    socket_t socket() const override { return socket_; }

private:
    std::string_view unread_;
    int socket_;
    std::string answer_;
};

Request to_request(const httplib::Request& from) {
    Request request{from.method, from.target, {}, from.body, {"", from.remote_addr}};
    for (const auto& [name, value] : from.headers) request.headers.add(name, value);
    return request;
}

void add_common_headers(Response& response, Instant now) {
    Headers& headers = response.headers;
    headers.add("Date", format_http_date(now));
    headers.add("X-Content-Type-Options", "nosniff");
    // Feed addresses are secrets: no page may carry them on.
    headers.add("Referrer-Policy", "no-referrer");
    headers.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

// 304 has no body, and a Content-Length there would be that of the 200 (RFC 9110 8.6).
bool has_length(const Response& response) { return response.status != 304 && response.status != 204; }

// For requests that httplib never sees.
std::string to_bytes(const Response& response) {
    std::string bytes = "HTTP/1.1 " + std::to_string(response.status) + ' ';
    bytes += std::string(status_title(response.status)) + "\r\n";
    for (const auto& [name, value] : response.headers.all()) bytes += name + ": " + value + "\r\n";
    bytes += "Connection: close\r\nContent-Length: " + std::to_string(response.body->size()) + "\r\n\r\n";
    return bytes + *response.body;
}

// httplib would let a second server listen on the same port (SO_REUSEPORT), and half of the requests go
// there.
void allow_quick_restart(socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

}  // namespace

class Server::Listener final : public httplib::Server {
public:
    Listener(const Router& router, const Clock& clock, const ServerOptions& options)
        : router_(router), clock_(clock), limits_(options.limits), stop_event_(::eventfd(0, EFD_CLOEXEC)) {
        if (stop_event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
        new_task_queue = [threads = options.threads] { return new httplib::ThreadPool(threads); };
        set_socket_options(allow_quick_restart);
        set_tcp_nodelay(true);
        // Ours is the only routing. The answer is made after httplib has applied ranges and compression,
        // which feeds must not have: a snapshot is compressed already, and has an ETag for each form.
        set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) {
            response.status = 200;
            return HandlerResponse::Handled;
        });
        set_post_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
            answer(request, response);
        });
    }
    ~Listener() override {
        stop_listening();
        ::close(stop_event_);
    }

    bool bind(const ServerOptions& options) {
        port_ = options.port;
        if (options.port != 0) return bind_to_port(options.host, options.port);
        const int port = bind_to_any_port(options.host);
        port_ = static_cast<std::uint16_t>(std::max(port, 0));
        return port > 0;
    }
    std::uint16_t port() const { return port_; }

    void start() {
        thread_ = std::thread([this] {
            listen_after_bind();
            ended_ = true;
        });
        // stop() does nothing before httplib has begun to accept, which takes it a few microseconds.
        while (!is_running() && !ended_) std::this_thread::yield();
    }

    void stop_listening() {
        if (!thread_.joinable()) return;
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(stop_event_, &one, sizeof(one));
        stop();
        thread_.join();
    }

private:
    bool process_and_close_socket(socket_t socket) override {
        Connection connection(socket, stop_event_, limits_);
        try {
            for (size_t served = 1; serve_one(connection, socket, served >= limits_.requests); ++served) {
            }
        } catch (const std::exception&) {
            // Out of memory: this connection ends, the server goes on.
        }
        ::shutdown(socket, SHUT_RDWR);
        ::close(socket);
        return true;
    }

    // False: the connection is over.
    bool serve_one(Connection& connection, socket_t socket, bool last) {
        switch (connection.read_head()) {
            case Connection::Outcome::closed: return false;
            case Connection::Outcome::refused: refuse(connection); return false;
            case Connection::Outcome::complete: break;
        }
        const bool has_body = connection.verdict().body_size > 0;
        auto body = connection.read_body();
        if (!body) return false;
        RequestStream stream(connection.head(), socket);
        bool closed = false;
        // The body is ours to read, and so is the answer to an expectation.
        const auto add_body = [&body](httplib::Request& request) {
            request.body = std::move(*body);
            request.headers.erase("Expect");
        };
        const bool answered = process_request(stream, last || has_body, closed, add_body);
        if (!connection.send(stream.answer())) return false;
        // Requests with bodies are rare: ending the connection costs little, and what was smuggled behind one
        // is never looked at.
        if (has_body) connection.say_farewell();
        return answered && !closed && !last && !has_body;
    }

    void refuse(Connection& connection) {
        Response response = problem(connection.verdict().status, connection.verdict().detail);
        add_common_headers(response, clock_.now());
        if (connection.send(to_bytes(response))) connection.say_farewell();
    }

    void answer(const httplib::Request& request, httplib::Response& to) {
        // httplib does not know every method (it answers PROPFIND with 400): the router does.
        Response response = router_.answer(to_request(request));
        add_common_headers(response, clock_.now());
        to.status = response.status;
        // Connection is httplib's word; what it says of lengths, ranges and how long it waits is not ours.
        for (const char* name : {"Content-Length", "Content-Type", "Accept-Ranges", "Keep-Alive"})
            to.headers.erase(name);
        for (const auto& [name, value] : response.headers.all()) to.headers.emplace(name, value);
        to.body = response.body != nullptr ? *response.body : std::string();
        if (has_length(response)) to.headers.emplace("Content-Length", std::to_string(to.body.size()));
    }

    const Router& router_;
    const Clock& clock_;
    const ConnectionLimits limits_;
    const int stop_event_;
    std::uint16_t port_ = 0;
    std::atomic<bool> ended_ = false;
    std::thread thread_;
};

Server::Server(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(const Router& router, const Clock& clock,
                                             const ServerOptions& options) {
    auto listener = std::make_unique<Listener>(router, clock, options);
    errno = 0;
    if (!listener->bind(options)) {
        const std::string reason = errno != 0 ? std::string(": ") + std::strerror(errno) : std::string();
        return fail(ErrorCode::unavailable, "cannot listen on " + options.host + " port " +
                                                std::to_string(options.port) + reason +
                                                "; choose another address with `listen` or --listen");
    }
    return std::unique_ptr<Server>(new Server(std::move(listener)));
}

std::uint16_t Server::port() const { return listener_->port(); }
void Server::start() { listener_->start(); }
void Server::stop() { listener_->stop_listening(); }

}  // namespace watchbill::http
