// The log of `serve`, on standard error: for people, or one JSON object a line.
#pragma once

#include <spdlog/spdlog.h>

#include <memory>

#include "config/config.h"

namespace watchbill::cli {

std::shared_ptr<spdlog::logger> make_logger(LogFormat format);
// For commands, which tell in their own words what went wrong.
std::shared_ptr<spdlog::logger> make_silent_logger();

}  // namespace watchbill::cli
