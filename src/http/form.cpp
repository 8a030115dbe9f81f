#include "http/form.h"

#include <algorithm>

#include "http/query.h"

namespace watchbill::http {

namespace {

constexpr size_t most_pairs = 100;
constexpr std::string_view form_type = "application/x-www-form-urlencoded";

std::optional<std::string> decode(std::string_view text) {
    std::string blanks(text);
    std::replace(blanks.begin(), blanks.end(), '+', ' ');
    return percent_decode(blanks);
}

}  // namespace

Form::Form(std::string_view encoded) {
    for (size_t pairs = 0; !encoded.empty() && pairs < most_pairs; ++pairs) {
        const std::string_view pair = encoded.substr(0, encoded.find('&'));
        encoded.remove_prefix(std::min(encoded.size(), pair.size() + 1));
        const size_t equals = std::min(pair.find('='), pair.size());
        auto name = decode(pair.substr(0, equals));
        auto value = decode(pair.substr(std::min(pair.size(), equals + 1)));
        if (name && value) values_.try_emplace(std::move(*name), std::move(*value));
    }
}

Form Form::of_query(const Request& request) {
    const std::string_view target = request.target;
    const size_t start = target.find('?');
    if (start == std::string_view::npos) return Form("");
    return Form(target.substr(start + 1, target.find('#', start) - start - 1));
}

Form Form::of_body(const Request& request) {
    const std::string type = request.headers.get("Content-Type").value_or("");
    const std::string_view essence = std::string_view(type).substr(0, type.find(';'));
    const size_t end = essence.find_last_not_of(" \t");
    const bool is_form =
        end != std::string_view::npos && same_without_case(essence.substr(0, end + 1), form_type);
    return Form(is_form ? std::string_view(request.body) : std::string_view());
}

const std::string& Form::get(std::string_view name) const {
    static const std::string nothing;
    const auto found = values_.find(name);
    return found == values_.end() ? nothing : found->second;
}

}  // namespace watchbill::http
