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
    auto head = parse_request_head(unread.substr((*place)->begin, (*place)->end - (*place)->begin));
    if (!head) return refuse(std::move(head.error()));
    if (head->body_size > 0) {
        const size_t most = (*limit_)(head->request.method, head->request.target);
        if (head->body_size > most)
            return refuse({413, "The request's body is larger than " + std::to_string(most / 1024) + " KB."});
    }
    head_ = std::move(*head);
    forget((*place)->end);
    if (bytes_.size() - begin_ < head_->body_size)
        bytes_.reserve(begin_ + std::min(head_->body_size, most_in_advance));
    return std::nullopt;
}

RequestReader::Step RequestReader::advance() {
    if (refused_) return Step::refused;
    if (!head_) {
        if (const auto step = read_head()) return *step;
    }
    if (bytes_.size() - begin_ >= head_->body_size) return Step::complete;
    if (!head_->waits_for_continue || asked_) return Step::needs_bytes;
    asked_ = true;
    // A client that has begun to send does not wait.
    return begin_ == bytes_.size() ? Step::asks_for_body : Step::needs_bytes;
}

Request RequestReader::take() {
    assert(head_ && bytes_.size() - begin_ >= head_->body_size);
    Request request = std::move(head_->request);
    request.body = bytes_.substr(begin_, head_->body_size);
    keeps_connection_ = head_->keeps_connection;
    forget(head_->body_size);
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
