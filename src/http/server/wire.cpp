#include "http/server/wire.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace watchbill::http {

namespace {

// What is skipped stays in the kernel until it is this much: looking past it costs less than a call for each
// request.
constexpr size_t most_skipped = size_t{4} * 1024;

class PlainWire final : public Wire {
public:
    explicit PlainWire(int socket) : socket_(socket) {}
    ~PlainWire() override { drop_skipped(); }  // a socket with bytes unread would be reset when it closes

    Seen look(std::span<char> room) override {
        ssize_t got = receive(room.data(), room.size(), MSG_PEEK);
        if (skipped_ > 0 && got <= static_cast<ssize_t>(skipped_)) {
            // Only without them can the end be seen.
            drop_skipped();
            got = receive(room.data(), room.size(), MSG_PEEK);
        }
        if (got <= 0) return {{}, got == 0};
        return {{room.data() + skipped_, static_cast<size_t>(got) - skipped_}};
    }

    size_t count(size_t) override {
        int there = 0;
        return ::ioctl(socket_, FIONREAD, &there) == 0 ? static_cast<size_t>(there) - skipped_ : 0;
    }

    void wait_for(size_t bytes) override {
        if (least_ == bytes) return;
        if (bytes > 1) drop_skipped();
        // Makes room for them in the kernel, too; which counts what they lie in as well. Without room for
        // twice as many some would never come.
        if (bytes > 1) set_least(2 * bytes);
        set_least(bytes);
        least_ = bytes;
    }

    void skip(size_t bytes) override {
        skipped_ += bytes;
        if (skipped_ > most_skipped) drop_skipped();
    }

    ssize_t take(char* to, size_t size) override {
        drop_skipped();
        return receive(to, size, to == nullptr ? MSG_TRUNC : 0);
    }

    ssize_t send(std::string_view first, std::string_view second) override {
        // sendmsg() does not change what it sends, but iovec serves readers too.
        std::array<iovec, 2> pieces{{{const_cast<char*>(first.data()), first.size()},
                                     {const_cast<char*>(second.data()), second.size()}}};
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = pieces.size();
        for (;;) {
            const ssize_t sent = ::sendmsg(socket_, &message, MSG_NOSIGNAL);
            if (sent >= 0 || errno != EINTR) return sent >= 0 ? sent : (errno == EAGAIN ? 0 : -1);
        }
    }

    void end_writing() override { ::shutdown(socket_, SHUT_WR); }
    bool holds_bytes() const override { return false; }

private:
    void set_least(size_t bytes) const {
        const int least = static_cast<int>(bytes);
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVLOWAT, &least, sizeof(least));
    }

    void drop_skipped() {
        if (skipped_ > 0) receive(nullptr, std::exchange(skipped_, 0), MSG_TRUNC);
    }

    ssize_t receive(char* to, size_t size, int flags) const {
        for (;;) {
            const ssize_t got = ::recv(socket_, to, size, flags);
            if (got >= 0 || errno != EINTR) return got >= 0 ? got : (errno == EAGAIN ? -1 : 0);
        }
    }

    int socket_;
    size_t least_ = 1;
    size_t skipped_ = 0;
};

}  // namespace

std::unique_ptr<Wire> plain_wire(int socket) { return std::make_unique<PlainWire>(socket); }

}  // namespace watchbill::http
