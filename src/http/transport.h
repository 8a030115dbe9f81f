// Bytes in and out of one accepted socket, never waiting. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace watchbill::http {

class Transport {
public:
    enum class Status {
        done,     // `bytes` of them, at least one
        blocked,  // nothing can be done until the socket stirs
        ended,    // reading: the peer will send nothing more; writing: it is gone
    };
    struct Transfer {
        Status status = Status::blocked;
        size_t bytes = 0;
    };

    virtual ~Transport() = default;
    virtual Transfer read(std::span<char> to) = 0;
    // As much of the head and then of the body as goes.
    struct Outgoing {
        std::string_view head;
        std::string_view body;
        // Where the body can be had, too, and from which byte on; -1: nowhere else.
        int file = -1;
        size_t offset = 0;
    };
    virtual Transfer write(const Outgoing& outgoing) = 0;
    // Tells the peer that nothing more comes.
    virtual void end_writing() = 0;
    // What epoll said, in edge-triggered mode: each of these must be called at every edge.
    virtual void stir(std::uint32_t events) = 0;
};

// The socket is non-blocking, and outlives the transport.
std::unique_ptr<Transport> make_plain_transport(int socket);

}  // namespace watchbill::http
