// Bytes in and out of one accepted socket, in the clear or encrypted, never waiting. Not thread-safe.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace watchbill::http {

class Wire {
public:
    virtual ~Wire() = default;
    // What has come and was not taken yet, as far as it goes into `room`, and whether nothing more will come.
    // Valid until the next call.
    struct Seen {
        std::string_view bytes;
        bool ended = false;
    };
    virtual Seen look(std::span<char> room) = 0;
    // How much of so many bytes has come.
    virtual size_t count(size_t wanted) = 0;
    // The socket is to become readable when so many are there, or it ended.
    virtual void wait_for(size_t bytes) = 0;
    // So many that were looked at count as taken.
    virtual void skip(size_t bytes) = 0;
    // Bytes taken; 0: the end; -1: none are there. To null: they are dropped.
    virtual ssize_t take(char* to, size_t size) = 0;
    // Of both, one behind the other: bytes sent; 0: not now; -1: the peer is gone.
    virtual ssize_t send(std::string_view first, std::string_view second) = 0;
    // Tells the peer that nothing more comes.
    virtual void end_writing() = 0;
    // It is to be looked at again though the socket tells nothing new.
    virtual bool holds_bytes() const = 0;
};

// The socket is non-blocking, and outlives the wire. The kernel keeps what was looked at only.
std::unique_ptr<Wire> plain_wire(int socket);

}  // namespace watchbill::http
