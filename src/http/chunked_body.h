// A body that comes in chunks (RFC 9112 7.1), for senders who do not know its length when they begin. Pure.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "http/refusal.h"

namespace watchbill::http {

class ChunkedBody {
public:
    // `most` bytes, without what is around the chunks.
    explicit ChunkedBody(size_t most) : most_(most) {}

    // Takes what it can from the front of `bytes`, and returns how much that was; the same body however they
    // were cut. Once it is complete() it takes nothing more. A refusal, as soon as a chunk is announced that
    // makes the body too long: nothing is to be taken after it.
    tl::expected<size_t, Refusal> take(std::string_view bytes);

    bool complete() const { return part_ == Part::complete; }
    size_t held() const { return body_.capacity(); }
    std::string release() { return std::move(body_); }

private:
    enum class Part { size, data, end_of_data, trailer, complete };

    tl::expected<size_t, Refusal> take_line(std::string_view bytes);
    tl::expected<void, Refusal> read_size(std::string_view line);
    tl::expected<void, Refusal> read_trailer(std::string_view line);

    size_t most_;
    std::string body_;
    Part part_ = Part::size;
    size_t left_ = 0;      // of the chunk
    size_t trailers_ = 0;  // bytes of them
};

}  // namespace watchbill::http
