// Bytes of one connection -> its requests, one after the other. Pure: no socket, no clock. Not thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/chunked_body.h"
#include "http/request_head.h"

namespace watchbill::http {

// What a route takes, known before its request's body is read.
using BodyLimit = std::function<size_t(std::string_view method, std::string_view target)>;

class RequestReader {
public:
    enum class Step {
        needs_bytes,
        asks_for_body,  // as needs_bytes, and the client waits for "100 Continue" (told once)
        complete,       // take() it
        refused,        // refusal() says why; nothing that follows is looked at
    };

    // `limit` must outlive the reader.
    explicit RequestReader(const BodyLimit& limit) : limit_(&limit) {}

    void append(std::string_view bytes);
    // As far as the bytes go. The same however they were cut.
    Step advance();
    Request take();

    const Refusal& refusal() const { return refusal_; }
    // The request taken last leaves the connection open.
    bool keeps_connection() const { return keeps_connection_; }
    // Nothing of a further request is there.
    bool idle() const { return begin_ == bytes_.size() && !head_; }
    // Of the request whose head is there, at most: 0 while none is.
    size_t body_size() const { return head_ ? head_->body_size : 0; }
    // Memory held for what was received.
    size_t held() const { return bytes_.capacity() + (chunks_ ? chunks_->held() : 0); }

private:
    Step refuse(Refusal refusal);
    std::optional<Step> read_head();
    std::optional<Step> expect_body();
    bool has_body() const;
    void forget(size_t count);

    const BodyLimit* limit_;
    std::string bytes_;
    size_t begin_ = 0;  // of what is not taken yet
    HeadScanner scanner_;
    std::optional<RequestHead> head_;
    std::optional<ChunkedBody> chunks_;  // where the body comes in chunks
    Refusal refusal_;
    bool refused_ = false;
    bool asked_ = false;
    bool keeps_connection_ = false;
};

}  // namespace watchbill::http
