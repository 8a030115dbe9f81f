#include "http/server/processor.h"

#include <httplib.h>

namespace watchbill::http {

namespace {

// The library's handlers are not told which connection they serve.
thread_local Exchange* current = nullptr;

// Hands the library one message and no byte of what follows, and gathers what it writes.
class ExchangeStream final : public httplib::Stream {
public:
    explicit ExchangeStream(Exchange& exchange) : exchange_(exchange) {}

    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, size_t size) override {
        if (!exchange_.head.empty()) {
            const size_t taken = exchange_.head.copy(to, size);
            exchange_.head.remove_prefix(taken);
            return static_cast<ssize_t>(taken);
        }
        if (exchange_.body == 0) return 0;
        const ssize_t taken = exchange_.wire.take(to, std::min(size, exchange_.body));
        if (taken > 0) exchange_.body -= static_cast<size_t>(taken);
        return taken;
    }
    ssize_t write(const char* from, size_t size) override {
        Output& output = exchange_.output;
        // What is shared is written in one piece, behind all else.
        if (output.shared && from == output.shared->data()) {
            output.second = {from, size};
        } else {
            output.first.append(from, size);
        }
        return static_cast<ssize_t>(size);
    }
    void get_remote_ip_and_port(std::string&, int&) const override {}
    void get_local_ip_and_port(std::string&, int&) const override {}
    socket_t socket() const override { return INVALID_SOCKET; }

private:
    Exchange& exchange_;
};

// Before the request is looked at any further.
void prepare(httplib::Request& request) {
    // Of a feed nobody wants a part.
    request.ranges.clear();
    // The gate has asked for the body already.
    request.headers.erase("Expect");
    // The library would take "gzip;q=0" for a wish, and prefer an encoding that takes longer.
    const auto accepted = Request(request).header("Accept-Encoding");
    if (!accepted) return;
    request.headers.erase("Accept-Encoding");
    if (wants_gzip(accepted)) request.headers.emplace("Accept-Encoding", "gzip");
}

// The library reads a body with these only.
bool is_read(const httplib::Request& request) {
    return request.method == "POST" || request.method == "PUT" || request.method == "PATCH" ||
           request.method == "DELETE";
}

class Library final : public Processor, private httplib::Server {
public:
    explicit Library(RequestHandler& handler) : handler_(handler) {
        // It listens elsewhere, and writes nothing that is shared unless this is a socket's number.
        svr_sock_ = 0;
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
            // It is this process's own, and not const where it was made.
            const_cast<httplib::Request&>(request).ranges.clear();
            return answer(request, response);
        }));
        set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
            current->is_last = current->is_last || current->is_draining;
            if (!current->is_last) response.headers.erase("Connection");
            response.headers.erase("Accept-Ranges");
            // Neither has a body, and a length would be that of the 200 (RFC 9110 8.6).
            if (response.status == 304 || response.status == 204) response.headers.erase("Content-Length");
        });
    }

    void process(Exchange& exchange) override {
        current = &exchange;
        ExchangeStream stream(exchange);
        run(stream);
    }

private:
    // The one difference between the library's versions: 0.18 is told the addresses.
    template <typename Stream>
    void run(Stream& stream) {
        bool closes = false;
        if constexpr (requires { this->process_request(stream, "", 0, "", 0, true, closes, prepare); }) {
            this->process_request(stream, "", 0, "", 0, true, closes, prepare);
        } else {
            this->process_request(stream, true, closes, prepare);
        }
    }

    HandlerResponse answer(const httplib::Request& raw, httplib::Response& response) {
        Request request(raw);
        request.peer = current->peer;
        Response made = current->refusal
                            ? handler_.refuse(current->is_request ? &request : nullptr, *current->refusal)
                            : handler_.answer(request, *current->route);
        current->output.shared = made.move_to(response);
        current->is_answered = true;
        return HandlerResponse::Handled;
    }

    RequestHandler& handler_;
};

}  // namespace

std::unique_ptr<Processor> Processor::make(RequestHandler& handler) {
    return std::make_unique<Library>(handler);
}

}  // namespace watchbill::http
