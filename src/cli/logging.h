// The log of `serve`, on standard error: for people, or one JSON object a line.
#pragma once

#include <spdlog/spdlog.h>

#include <memory>

#include "config/config.h"
#include "http/access_log.h"

namespace watchbill::cli {

std::shared_ptr<spdlog::logger> make_logger(LogFormat format, LogLevel level);
// Of answered requests, into a logger that make_logger made with that format.
http::AccessLog make_access_log(const spdlog::logger& log, LogFormat format);
// For commands, which tell in their own words what went wrong.
std::shared_ptr<spdlog::logger> make_silent_logger();

}  // namespace watchbill::cli
