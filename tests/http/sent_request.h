// A request as a test sends it past the sockets: what the library would have made of its bytes.
#pragma once

#include <httplib.h>

#include "http/server/message.h"

namespace watchbill::test {

class SentRequest {
public:
    SentRequest(std::string method, std::string target, const http::HeaderList& headers = {},
                std::string body = "", http::Caller caller = {})
        : caller_(std::move(caller)) {
        raw_->method = std::move(method);
        raw_->target = std::move(target);
        raw_->body = std::move(body);
        for (const auto& [name, value] : headers) add_header(name, value);
    }
    void add_header(const std::string& name, const std::string& value) { raw_->headers.emplace(name, value); }
    void set_body(std::string body) { raw_->body = std::move(body); }
    void arrives(std::chrono::steady_clock::time_point when) { arrived_ = when; }

    const http::Request& view() {
        raw_->params.clear();
        const size_t query = raw_->target.find('?');
        if (query != std::string::npos)
            httplib::detail::parse_query_text(raw_->target.substr(query + 1), raw_->params);
        if (raw_->get_header_value("Content-Type").starts_with("application/x-www-form-urlencoded"))
            httplib::detail::parse_query_text(raw_->body, raw_->params);
        view_.caller = caller_;
        view_.arrived = arrived_;
        return view_;
    }
    operator const http::Request&() {
        return view();
    }  // NOLINT(google-explicit-constructor): as a test hands it on

private:
    std::shared_ptr<httplib::Request> raw_ = std::make_shared<httplib::Request>();
    http::Request view_{*raw_};
    http::Caller caller_;
    std::chrono::steady_clock::time_point arrived_ = std::chrono::steady_clock::now();
};

}  // namespace watchbill::test
