#include "http/order_body.h"

#include <algorithm>
#include <cstdint>

#include "http/problem.h"
#include "time/format.h"

namespace watchbill::http {

namespace {

constexpr std::int64_t most_minutes = std::int64_t{60} * 24 * 366;

}  // namespace

OrderBody::OrderBody(const Request& request, const std::vector<std::string_view>& known) {
    auto read = read_json_object(request, known);
    if (read) {
        json_ = std::move(*read);
    } else {
        refused_ = std::move(read.error());
    }
}

const Json* OrderBody::find(const std::string& name) const {
    const auto found = json_.find(name);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
}

void OrderBody::refuse(const std::string& detail) {
    if (!refused_) refused_ = problem(422, detail);
}

std::string OrderBody::text(const std::string& name) { return optional_text(name).value_or(""); }

std::string OrderBody::required_text(const std::string& name) {
    if (find(name) == nullptr) refuse("\"" + name + "\" is missing.");
    return text(name);
}

std::optional<std::string> OrderBody::optional_text(const std::string& name) {
    const Json* value = find(name);
    if (value != nullptr && value->is_string()) return value->get<std::string>();
    if (value != nullptr) refuse("\"" + name + "\" must be a text.");
    return std::nullopt;
}

std::vector<std::string> OrderBody::texts(const std::string& name) {
    return optional_texts(name).value_or(std::vector<std::string>{});
}

std::optional<std::vector<std::string>> OrderBody::optional_texts(const std::string& name) {
    const Json* value = find(name);
    if (value == nullptr) return std::nullopt;
    const bool all_texts =
        value->is_array() &&
        std::all_of(value->begin(), value->end(), [](const Json& item) { return item.is_string(); });
    if (all_texts) return value->get<std::vector<std::string>>();
    refuse("\"" + name + "\" must be a list of texts.");
    return std::vector<std::string>();
}

bool OrderBody::flag(const std::string& name) {
    const Json* value = find(name);
    if (value != nullptr && value->is_boolean()) return value->get<bool>();
    if (value != nullptr) refuse("\"" + name + "\" must be true or false.");
    return false;
}

std::optional<Day> OrderBody::day(const std::string& name) {
    if (find(name) == nullptr) return std::nullopt;
    const auto parsed = parse_day(text(name));
    if (!parsed) refuse("\"" + name + "\" must be a date such as 2026-03-01.");
    return parsed;
}

std::optional<Instant> OrderBody::instant(const std::string& name) {
    if (find(name) == nullptr) return std::nullopt;
    const auto parsed = parse_instant(text(name));
    if (!parsed)
        refuse("\"" + name + "\" must be an instant with its offset, such as 2026-03-01T09:00:00+01:00.");
    return parsed;
}

std::optional<Duration> OrderBody::duration(const std::string& name) {
    const Json* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) {
        if (const auto parsed = parse_duration(value->get<std::string>())) return parsed;
    } else if (value->is_number_integer()) {
        const auto minutes = value->get<std::int64_t>();
        if (minutes > 0 && minutes <= most_minutes) return std::chrono::minutes(minutes);
    }
    refuse("\"" + name + "\" must be a duration such as \"45m\" or \"1h30m\", or a number of minutes.");
    return std::nullopt;
}

}  // namespace watchbill::http
