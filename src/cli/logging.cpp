#include "cli/logging.h"

#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <nlohmann/json.hpp>

#include "cli/terminal_text.h"
#include "time/format.h"

namespace watchbill::cli {

namespace {

using Buffer = spdlog::memory_buf_t;

void append(Buffer& to, std::string_view text) { to.append(text.data(), text.data() + text.size()); }

std::string time_of(const spdlog::details::log_msg& message) {
    return format_instant(std::chrono::floor<std::chrono::seconds>(message.time));
}

std::string_view text_of(const spdlog::details::log_msg& message) {
    return {message.payload.data(), message.payload.size()};
}

std::string_view level_of(const spdlog::details::log_msg& message) {
    const auto level = spdlog::level::to_string_view(message.level);
    return {level.data(), level.size()};
}

// What calendars and servers say ends up in messages: it must not make lines of its own.
class HumanFormatter final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, Buffer& line) override {
        append(line, time_of(message));
        append(line, " ");
        append(line, level_of(message));
        append(line, ": ");
        append(line, terminal_safe(text_of(message)));
        append(line, "\n");
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<HumanFormatter>(); }
};

class JsonFormatter final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, Buffer& line) override {
        const nlohmann::ordered_json object{
            {"time", time_of(message)}, {"level", level_of(message)}, {"message", text_of(message)}};
        append(line, object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
        append(line, "\n");
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

}  // namespace

std::shared_ptr<spdlog::logger> make_logger(LogFormat format) {
    auto logger =
        std::make_shared<spdlog::logger>("watchbill", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    if (format == LogFormat::json) {
        logger->set_formatter(std::make_unique<JsonFormatter>());
    } else {
        logger->set_formatter(std::make_unique<HumanFormatter>());
    }
    logger->flush_on(spdlog::level::trace);
    return logger;
}

std::shared_ptr<spdlog::logger> make_silent_logger() {
    return std::make_shared<spdlog::logger>("silent", std::make_shared<spdlog::sinks::null_sink_mt>());
}

}  // namespace watchbill::cli
