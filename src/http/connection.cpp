#include "http/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace watchbill::http {

namespace {

using std::chrono::steady_clock;

}  // namespace

bool Connection::wait(short events, Deadline deadline) const {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
        if (left.count() <= 0) return false;
        std::array<pollfd, 2> polled{{{socket_, events, 0}, {stop_, POLLIN, 0}}};
        const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(left.count()));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return false;
        if (polled[0].revents != 0) return true;
        // An answer under way is still delivered; a request is no longer waited for.
        if ((events & POLLIN) != 0) return false;
        std::array<pollfd, 1> alone{{{socket_, events, 0}}};
        return ::poll(alone.data(), alone.size(), static_cast<int>(limits_.farewell.count())) > 0;
    }
}

bool Connection::receive(Deadline deadline) {
    std::array<char, 4096> buffer;
    for (;;) {
        if (!wait(POLLIN, deadline)) return false;
        const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (got > 0) {
            unread_.append(buffer.data(), static_cast<size_t>(got));
            return true;
        }
        if (got == 0) return false;
        if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) return false;
    }
}

// Moves a complete head out of what was received. Empty lines in front are ignored (RFC 9112 2.2).
bool Connection::take_head() {
    while (unread_.starts_with("\r\n")) unread_.erase(0, 2);
    constexpr std::string_view end_of_head = "\r\n\r\n";
    const size_t end = unread_.find(end_of_head);
    if (end == std::string::npos) return false;
    head_ = unread_.substr(0, end + end_of_head.size());
    unread_.erase(0, head_.size());
    return true;
}

Connection::Outcome Connection::read_head() {
    const Deadline begun_by = steady_clock::now() + limits_.idle;
    if (unread_.empty() && !receive(begun_by)) return Outcome::closed;
    const Deadline complete_by = steady_clock::now() + limits_.head;
    while (!take_head()) {
        verdict_ = inspect_incomplete_head(unread_);
        if (verdict_.status != 0) return Outcome::refused;
        if (!receive(complete_by)) return Outcome::closed;
    }
    verdict_ = inspect_head(head_);
    return verdict_.status == 0 ? Outcome::complete : Outcome::refused;
}

std::optional<std::string> Connection::read_body() {
    const size_t size = verdict_.body_size;
    if (unread_.size() < size && verdict_.waits_for_continue && !send("HTTP/1.1 100 Continue\r\n\r\n"))
        return std::nullopt;
    const Deadline complete_by = steady_clock::now() + limits_.body;
    while (unread_.size() < size) {
        if (!receive(complete_by)) return std::nullopt;
    }
    std::string body = unread_.substr(0, size);
    unread_.erase(0, size);
    return body;
}

bool Connection::send(std::string_view bytes) {
    const Deadline deadline = steady_clock::now() + limits_.answer;
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<size_t>(sent));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!wait(POLLOUT, deadline)) return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

void Connection::say_farewell() {
    ::shutdown(socket_, SHUT_WR);
    const Deadline deadline = steady_clock::now() + limits_.farewell;
    constexpr size_t most = size_t{64} * 1024;
    for (size_t swallowed = 0; swallowed < most; swallowed += unread_.size()) {
        unread_.clear();
        if (!receive(deadline)) return;
    }
}

}  // namespace watchbill::http
