#include "http/server/processor.h"

#include <fcntl.h>
#include <httplib.h>

#include <cerrno>
#include <cstring>

namespace watchbill::http {

namespace {

// Who connects while the threads are busy for a moment; the kernel's own bound (net.core.somaxconn) is 4096.
constexpr int most_waiting = 1024;

// The library's handlers are not told which connection they serve.
thread_local Exchange* current = nullptr;

// Hands the library one message, and gathers what it writes.
class ExchangeStream final : public httplib::Stream {
public:
    explicit ExchangeStream(Exchange& exchange) : output_(exchange.output), rest_(exchange.bytes) {}

    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, size_t size) override {
        const size_t taken = rest_.copy(to, size);
        rest_.remove_prefix(taken);
        return static_cast<ssize_t>(taken);
    }
    ssize_t write(const char* from, size_t size) override {
        // What is shared is written in one piece, behind all else.
        if (output_.shared && from == output_.shared->data()) {
            output_.second = {from, size};
        } else {
            output_.first.append(from, size);
        }
        return static_cast<ssize_t>(size);
    }
    void get_remote_ip_and_port(std::string&, int&) const override {}
    void get_local_ip_and_port(std::string&, int&) const override {}
    socket_t socket() const override { return INVALID_SOCKET; }

private:
    Output& output_;
    std::string_view rest_;
};

// The library reads a body with these only.
bool is_read(const httplib::Request& request) {
    return request.method == "POST" || request.method == "PUT" || request.method == "PATCH" ||
           request.method == "DELETE";
}

// It compresses what it is given as a body, and leaves alone what it is given piece by piece. That is
// returned, to be kept until it is sent.
std::shared_ptr<const std::string> hand_over(const Response& made, httplib::Response& raw) {
    raw.status = made.status;
    raw.headers.clear();
    for (const auto& [name, value] : made.headers()) raw.headers.emplace(name, value);
    if (made.is_to_be_packed) raw.body = made.body();
    if (made.is_to_be_packed || made.body().empty()) return nullptr;
    raw.headers.erase("Content-Type");  // it is added once more
    raw.set_content_provider(made.body().size(),
                             made.header("Content-Type").value_or("application/octet-stream"),
                             [&bytes = made.body()](size_t from, size_t size, httplib::DataSink& sink) {
                                 return sink.write(bytes.data() + from, size);
                             });
    return made.shared_body();
}

}  // namespace

class Processor::Library final : public httplib::Server {
public:
    Library(RequestHandler& handler, const std::atomic<bool>& is_draining)
        : handler_(handler), is_draining_(is_draining) {
        set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
            if (current->body > 0 && !current->refusal && is_read(request)) {
                // The library would take such a body apart, and leave none.
                if (!request.is_multipart_form_data()) return HandlerResponse::Unhandled;
                current->refusal = {415, "A body of several parts is not taken."};
            }
            return answer(request, response);
        });
        // Comes after the body, since the library knows no route; where it did not like the request; and with
        // what was answered already.
        set_error_handler(HandlerWithResponse([this](const httplib::Request& request,
                                                     httplib::Response& response) {
            if (current->is_answered) return HandlerResponse::Unhandled;
            // A method that the library does not know is the routes' to refuse: it reads no further then.
            const bool is_unknown_method = response.status == 400 && request.path.empty();
            // A range that is none is ignored (RFC 9110 14.2).
            const bool is_whole = response.status == 404 || (response.status == 416 && current->body == 0);
            if (!is_unknown_method && !is_whole)
                current->refusal = {response.status, "The request cannot be read."};
            return answer(request, response);
        }));
        set_post_routing_handler([this](const httplib::Request&, httplib::Response& response) {
            current->is_last = current->is_last || is_draining_;
            if (!current->is_last) response.headers.erase("Connection");
            response.headers.erase("Accept-Ranges");
            // Neither has a body, and a length would be that of the 200 (RFC 9110 8.6).
            if (response.status == 304 || response.status == 204) response.headers.erase("Content-Length");
        });
        set_tcp_nodelay(true);  // answers leave in one piece: there is nothing to wait for
        set_socket_options([](socket_t socket) {
            // A restart need not wait for what is left of old connections. Not SO_REUSEPORT, as the library
            // would: a second server would take half of the requests.
            const int yes = 1;
            ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
            ::fcntl(socket, F_SETFL, O_NONBLOCK);
        });
    }

    // The port; -1: it failed.
    int bind(const std::string& host, std::uint16_t port) {
        const int bound = port == 0 ? bind_to_any_port(host) : bind_to_port(host, port) ? port : -1;
        // The library lets only five wait.
        return bound < 0 || ::listen(svr_sock_, most_waiting) != 0 ? -1 : bound;
    }
    int socket() const { return svr_sock_; }

    void process(Exchange& exchange) {
        current = &exchange;
        ExchangeStream stream(exchange);
        run(stream);
    }

private:
    // The one difference between the library's versions: 0.18 is told the addresses.
    template <typename Stream>
    void run(Stream& stream) {
        bool closes = false;
        // The gate has asked for the body already.
        const auto prepare = [](httplib::Request& request) { request.headers.erase("Expect"); };
        if constexpr (requires { this->process_request(stream, "", 0, "", 0, true, closes, prepare); }) {
            this->process_request(stream, "", 0, "", 0, true, closes, prepare);
        } else {
            this->process_request(stream, true, closes, prepare);
        }
    }

    HandlerResponse answer(const httplib::Request& raw, httplib::Response& response) {
        Request request(raw);
        request.peer = current->peer;
        const Response made = current->refusal ? handler_.refuse(request, *current->refusal)
                                               : handler_.answer(request, *current->route);
        // It is this process's own, and not const where it was made. Of a feed nobody wants a part; and the
        // library would take "gzip;q=0" for a wish, and prefer an encoding that takes longer.
        auto& own = const_cast<httplib::Request&>(raw);
        own.ranges.clear();
        own.headers.erase("Accept-Encoding");
        if (made.is_to_be_packed) own.headers.emplace("Accept-Encoding", "gzip");
        current->output.shared = hand_over(made, response);
        current->is_answered = true;
        return HandlerResponse::Handled;
    }

    RequestHandler& handler_;
    const std::atomic<bool>& is_draining_;
};

Processor::Processor(RequestHandler& handler, const std::atomic<bool>& is_draining)
    : library_(std::make_unique<Library>(handler, is_draining)) {}
Processor::~Processor() = default;

Result<Processor::Listener> Processor::listen(const std::string& host, std::uint16_t port) {
    errno = 0;
    const int bound = library_->bind(host, port);
    if (bound >= 0) return Listener{Descriptor(library_->socket()), static_cast<std::uint16_t>(bound)};
    const std::string reason = errno == 0 ? "there is no such address" : std::strerror(errno);
    return fail(ErrorCode::unavailable, "cannot listen on " + host + " port " + std::to_string(port) + ": " +
                                            reason + "; choose another address with `listen` or --listen");
}

void Processor::process(Exchange& exchange) noexcept {
    try {
        library_->process(exchange);
    } catch (const std::exception&) {
        exchange.output = {};
    }
}

}  // namespace watchbill::http
