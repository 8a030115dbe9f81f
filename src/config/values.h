// Strings of the configuration -> values of the vocabulary, and what to say when they are none. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"
#include "config/problem_log.h"

namespace watchbill {

bool is_blank(std::string_view text);  // shows nothing: blanks of any kind, and what cannot be seen

// Without control characters and what cannot be seen, and without what follows "://", since it may be a
// secret; at most 100 bytes.
std::string printable(std::string_view text);
std::string in_quotes(std::string_view text);  // printable, in double quotes

// Each notes in the log what is wrong and returns nothing.
std::optional<MemberId> parse_email(const Text& text, ProblemLog& log);
std::optional<ZoneName> parse_zone(const Text& text, ProblemLog& log);
std::optional<std::string> parse_name(const Text& text, std::string_view what, ProblemLog& log);  // in URLs
std::optional<unsigned> parse_weekday(const Text& text, ProblemLog& log);  // c_encoding: 0 is Sunday
std::optional<std::chrono::minutes> parse_clock(const Text& text, ProblemLog& log);  // "24:00" allowed
std::optional<Duration> parse_duration_between(const Text& text, std::string_view what, Duration least,
                                               Duration most, ProblemLog& log);
std::optional<int> parse_weight(const Located<double>& weight, ProblemLog& log);  // thousandths

std::optional<ListenAddress> parse_listen_address(const Text& text, ProblemLog& log);
std::string format_listen_address(const ListenAddress& address);  // "127.0.0.1:8080", "[::1]:8080"
bool is_loopback(std::string_view host);

}  // namespace watchbill
