// A line of the log for each answered request. Its route is a pattern: what stood in the path, a feed's token
// or a member's address, is not told. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

namespace spdlog {
class logger;
}

namespace watchbill::http {

// Refers to others' values.
struct Answered {
    std::string_view method;
    std::string_view route;  // its pattern; "" where no route answered
    int status = 0;
    size_t bytes = 0;  // of the body that is sent
    std::chrono::nanoseconds took{};
    std::string_view who;   // "token:ops bot"; "" where nobody had to say
    std::string_view from;  // the client's address
    std::string_view id;
    std::string_view failure;  // Response::failure
};

class AccessLog {
public:
    enum class Form {
        words,
        fields,  // each line a JSON object, to which the sink adds time and level
    };
    AccessLog(std::shared_ptr<spdlog::logger> log, Form form) : log_(std::move(log)), form_(form) {}

    // What went wrong on our side is an error, or a warning when it may pass (503, 504); changes, and
    // credentials that were refused (401, 403), are information. Reads are for debugging only, and so is what
    // no route answered: who floods us must not fill the disk too.
    void note(const Answered& answered) const;

private:
    std::shared_ptr<spdlog::logger> log_;
    Form form_;
};

}  // namespace watchbill::http
