#include "http/transport.h"

#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace watchbill::http {

namespace {

iovec piece_of(std::string_view bytes) {
    // sendmsg() does not change what it sends, but iovec serves readers too.
    return {const_cast<char*>(bytes.data()), bytes.size()};
}

class PlainTransport final : public Transport {
public:
    explicit PlainTransport(int socket) : socket_(socket) {}

    Transfer read(std::span<char> to) override {
        while (readable_) {
            const ssize_t got = ::recv(socket_, to.data(), to.size(), 0);
            if (got > 0) {
                // A short read emptied the socket, and what comes next is a new edge: no need to ask again.
                // Unless the peer has finished, for whose end there is no further edge.
                const auto count = static_cast<size_t>(got);
                if (count < to.size() && !finished_) readable_ = false;
                return {Status::done, count};
            }
            if (got == 0) return {Status::ended, 0};
            if (errno == EAGAIN || errno == EWOULDBLOCK) {
                readable_ = false;
            } else if (errno != EINTR) {
                return {Status::ended, 0};
            }
        }
        return {Status::blocked, 0};
    }

    Transfer write(const Outgoing& outgoing) override {
        while (writable_) {
            const ssize_t sent = try_write(outgoing);
            if (sent > 0) return {Status::done, static_cast<size_t>(sent)};
            if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
                writable_ = false;
            } else if (sent == 0 || errno != EINTR) {
                return {Status::ended, 0};
            }
        }
        return {Status::blocked, 0};
    }

    void end_writing() override { ::shutdown(socket_, SHUT_WR); }

    void stir(std::uint32_t events) override {
        constexpr std::uint32_t over = EPOLLHUP | EPOLLERR;
        if ((events & (EPOLLIN | EPOLLRDHUP | over)) != 0) readable_ = true;
        if ((events & (EPOLLOUT | over)) != 0) writable_ = true;
        if ((events & (EPOLLRDHUP | over)) != 0) finished_ = true;
    }

private:
    ssize_t try_write(const Outgoing& outgoing) const {
        const auto& [head, body, file, offset] = outgoing;
        if (body.empty()) return ::send(socket_, head.data(), head.size(), MSG_NOSIGNAL);
        if (file >= 0 && !head.empty())  // which waits for what follows
            return ::send(socket_, head.data(), head.size(), MSG_NOSIGNAL | MSG_MORE);
        if (file >= 0) {
            auto from = static_cast<off_t>(offset);
            return ::sendfile(socket_, file, &from, body.size());
        }
        std::array<iovec, 2> pieces{piece_of(head), piece_of(body)};
        msghdr message{};
        message.msg_iov = head.empty() ? &pieces[1] : pieces.data();
        message.msg_iovlen = head.empty() ? 1 : 2;
        return ::sendmsg(socket_, &message, MSG_NOSIGNAL);
    }

    int socket_;
    bool readable_ = false;
    bool writable_ = true;  // a new socket's buffer is empty
    bool finished_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_plain_transport(int socket) {
    return std::make_unique<PlainTransport>(socket);
}

}  // namespace watchbill::http
