#include "http/request_reader.h"

#include <algorithm>
#include <cassert>

namespace watchbill::http {

namespace {

// An idle connection keeps so much, since its next request will be about as long as the last one.
constexpr size_t kept_when_empty = 1024;

// Room for a body is made once, up to so much: growing leaves holes in the heap that nothing fits into.
constexpr size_t most_in_advance = size_t{64} * 1024;

}  // namespace

void RequestReader::append(std::string_view bytes) {
    if (begin_ > 0) {
        bytes_.erase(0, begin_);
        begin_ = 0;
    }
    bytes_.append(bytes);
}

RequestReader::Step RequestReader::refuse(Refusal refusal) {
    refusal_ = std::move(refusal);
    refused_ = true;
    keeps_connection_ = false;
    return Step::refused;
}

// Nothing once it is there.
std::optional<RequestReader::Step> RequestReader::read_head() {
    const std::string_view unread = std::string_view(bytes_).substr(begin_);
    const auto place = scanner_.scan(unread);
    if (!place) return refuse(place.error());
    if (!*place) return Step::needs_bytes;
    const auto head = unread.substr((*place)->begin, (*place)->end - (*place)->begin);
    if (auto parsed = parse_request_head(head, head_.emplace()); !parsed) {
        head_.reset();
        return refuse(std::move(parsed.error()));
    }
    forget((*place)->end);
    return expect_body();
}

// Nothing, unless it is too large.
std::optional<RequestReader::Step> RequestReader::expect_body() {
    if (head_->body_size == 0 && !head_->is_chunked) return std::nullopt;
    const size_t most = (*limit_)(head_->request.method, head_->request.target);
    if (head_->body_size > most) return refuse(body_too_large(most));
    if (head_->is_chunked) {
        head_->body_size = most;
        chunks_.emplace(most);
    } else if (bytes_.size() - begin_ < head_->body_size) {
        bytes_.reserve(begin_ + std::min(head_->body_size, most_in_advance));
    }
    return std::nullopt;
}

bool RequestReader::has_body() const {
    return chunks_ ? chunks_->complete() : bytes_.size() - begin_ >= head_->body_size;
}

RequestReader::Step RequestReader::advance() {
    if (refused_) return Step::refused;
    if (!head_) {
        if (const auto step = read_head()) return *step;
    }
    const bool begun = begin_ < bytes_.size();
    if (chunks_) {
        const auto taken = chunks_->take(std::string_view(bytes_).substr(begin_));
        if (!taken) return refuse(taken.error());
        forget(*taken);
    }
    if (has_body()) return Step::complete;
    if (!head_->waits_for_continue || asked_) return Step::needs_bytes;
    asked_ = true;
    // A client that has begun to send does not wait.
    return !begun ? Step::asks_for_body : Step::needs_bytes;
}

Request RequestReader::take() {
    assert(head_ && has_body());
    Request request = std::move(head_->request);
    keeps_connection_ = head_->keeps_connection;
    if (chunks_) {
        request.body = chunks_->release();
    } else {
        request.body = bytes_.substr(begin_, head_->body_size);
        forget(head_->body_size);
    }
    chunks_.reset();
    head_.reset();
    scanner_ = {};
    asked_ = false;
    return request;
}

void RequestReader::forget(size_t count) {
    begin_ += count;
    if (begin_ < bytes_.size()) return;
    begin_ = 0;
    bytes_.clear();
    if (bytes_.capacity() > kept_when_empty) std::string().swap(bytes_);
}

}  // namespace watchbill::http
