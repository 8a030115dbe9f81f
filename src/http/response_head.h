// What goes out in front of an answer's body. Not thread-safe: each loop has its own.
#pragma once

#include <string>

#include "http/message.h"
#include "watchbill/time.h"

namespace watchbill::http {

class ResponseHeads {
public:
    ResponseHeads();

    // Replaces `head`, whose memory is used again. Status line, the answer's own headers, and those that
    // every answer has: Date, Content-Length, and what keeps browsers from making more of an answer than it
    // is (but for a 304, which renews one that has this). A header that the answer brings itself is not added
    // (a page has a policy of its own). `last`: the connection ends after this answer.
    void write(std::string& head, const Response& response, Instant now, bool last);

private:
    const std::string& date(Instant now);

    Headers for_browsers_;  // told with every answer, but for what this one says itself
    Instant dated_{};
    std::string date_;
};

}  // namespace watchbill::http
