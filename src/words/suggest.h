// "Did you mean ...?": the known word nearest to a mistyped one. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchbill {

// Insertions, deletions, substitutions and swaps of neighbours that lead from `a` to `b`; ASCII case is
// ignored.
size_t edit_distance(std::string_view a, std::string_view b);

// Nothing when no word is near enough to be what was meant. Of equally near ones the first.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

// The same among the zones that most people live in; by city alone too ("paris").
std::optional<std::string> nearest_zone(std::string_view word);

// The same among e-mail addresses: a mistyped name in the same domain, or the same name in a mistyped one. A
// shared domain alone makes nobody alike.
std::optional<std::string> nearest_email(std::string_view email, const std::vector<std::string>& known);

// ", did you mean "X"?" or nothing to say.
std::string did_you_mean(const std::optional<std::string>& word);

}  // namespace watchbill
