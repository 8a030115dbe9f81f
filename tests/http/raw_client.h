// A client that sends exactly the bytes a test gives it, and shows exactly what comes back.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace watchbill::test {

struct RawResponse {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
};

class RawClient {
public:
    explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        must(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0, "connect");
        // A test that waits for what never comes must fail, not hang.
        const timeval patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    }
    ~RawClient() {
        if (socket_ >= 0) ::close(socket_);
    }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(const std::string& bytes) {
        must(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()),
             "send");
    }

    // Sends nothing more, and still reads.
    void finish() { must(::shutdown(socket_, SHUT_WR) == 0, "finish"); }

    // One response; for an answer to HEAD, and for 304, without the body that its headers speak of.
    RawResponse read(bool has_body = true) {
        while (received_.find("\r\n\r\n") == std::string::npos) must(receive(), "receive");
        const size_t end = received_.find("\r\n\r\n");
        RawResponse response = parse_head(received_.substr(0, end + 2));
        received_.erase(0, end + 4);
        const auto length = response.headers.find("content-length");
        if (!has_body || length == response.headers.end()) return response;
        const size_t size = std::stoul(length->second);
        while (received_.size() < size) must(receive(), "receive");
        response.body = received_.substr(0, size);
        received_.erase(0, size);
        return response;
    }

    RawResponse exchange(const std::string& bytes) {
        send(bytes);
        return read();
    }

    // Until there is something to read, of which it takes a little.
    void await() { must(receive(), "receive"); }

    // Ends the connection at once, with what came unread.
    void reset() {
        const linger at_once{1, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        ::close(std::exchange(socket_, -1));
    }

    // True when the server has closed the connection and nothing more came.
    bool is_closed() { return received_.empty() && !receive(); }

    // True when the server has ended the connection without having read all that was sent.
    bool is_reset() {
        char byte = 0;
        return ::recv(socket_, &byte, 1, 0) < 0 && errno == ECONNRESET;
    }

private:
    // Not Catch's REQUIRE, which only one thread may use.
    static void must(bool done, const std::string& what) {
        if (!done) throw std::runtime_error("the client could not " + what);
    }

    bool receive() {
        std::array<char, 65536> buffer;
        const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (got <= 0) return false;
        received_.append(buffer.data(), static_cast<size_t>(got));
        return true;
    }

    static RawResponse parse_head(const std::string& head) {
        RawResponse response;
        response.status = std::stoi(head.substr(head.find(' ') + 1));
        size_t line = head.find("\r\n") + 2;
        while (line < head.size()) {
            const size_t end = head.find("\r\n", line);
            const std::string text = head.substr(line, end - line);
            const size_t colon = text.find(": ");
            std::string name = text.substr(0, colon);
            std::transform(name.begin(), name.end(), name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            must(response.headers.emplace(name, text.substr(colon + 2)).second,
                 "see each header once: " + name);
            line = end + 2;
        }
        return response;
    }

    int socket_;
    std::string received_;
};

}  // namespace watchbill::test
