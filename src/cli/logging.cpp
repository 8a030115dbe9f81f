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

// Loggers share a sink and differ in name: by this one the sink knows lines that are objects already.
constexpr const char* access_log_name = "access";

bool is_of_access_log(const spdlog::details::log_msg& message) {
    return std::string_view(message.logger_name.data(), message.logger_name.size()) == access_log_name;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warning: return spdlog::level::warn;
        case LogLevel::error: break;
    }
    return spdlog::level::err;
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
        nlohmann::ordered_json object{{"time", time_of(message)}, {"level", level_of(message)}};
        if (is_of_access_log(message)) {
            object.update(nlohmann::ordered_json::parse(text_of(message)));
        } else {
            object["message"] = text_of(message);
        }
        append(line, object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
        append(line, "\n");
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

}  // namespace

std::shared_ptr<spdlog::logger> make_logger(LogFormat format, LogLevel level) {
    auto logger =
        std::make_shared<spdlog::logger>("watchbill", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    if (format == LogFormat::json) {
        logger->set_formatter(std::make_unique<JsonFormatter>());
    } else {
        logger->set_formatter(std::make_unique<HumanFormatter>());
    }
    logger->set_level(to_spdlog(level));
    logger->flush_on(spdlog::level::trace);
    return logger;
}

http::AccessLog make_access_log(const spdlog::logger& log, LogFormat format) {
    using Form = http::AccessLog::Form;
    auto logger = std::make_shared<spdlog::logger>(access_log_name, log.sinks().begin(), log.sinks().end());
    logger->set_level(log.level());
    logger->flush_on(log.flush_level());
    return {std::move(logger), format == LogFormat::json ? Form::fields : Form::words};
}

std::shared_ptr<spdlog::logger> make_silent_logger() {
    return std::make_shared<spdlog::logger>("silent", std::make_shared<spdlog::sinks::null_sink_mt>());
}

}  // namespace watchbill::cli
