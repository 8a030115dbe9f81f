#include "http/message.h"

#include <algorithm>

namespace watchbill::http {

bool same_length_without_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(),
                      [&lower](char x, char y) { return lower(x) == lower(y); });
}

void Headers::add(std::string_view name, std::string_view value) {
    if (places_.empty()) {
        // A feed's answer and a calendar client's request fit.
        places_.reserve(12);
        text_.reserve(384);
    }
    const size_t begin = text_.size();
    text_.append(name).append(value);
    places_.push_back({begin, begin + name.size(), text_.size()});
}

void Headers::append(std::string_view name, std::string_view value) {
    for (size_t i = 0; i < size(); ++i) {
        const Field first = field(i);
        if (!same_without_case(first.name, name)) continue;
        // The longer list goes behind all others; what it was stays unused.
        const std::string list = std::string(first.value).append(", ").append(value);
        const std::string same_name(first.name);
        const size_t begin = text_.size();
        text_.append(same_name).append(list);
        places_[i] = {begin, begin + same_name.size(), text_.size()};
        return;
    }
    add(name, value);
}

std::optional<std::string> Headers::get(std::string_view name) const {
    std::optional<std::string> list;
    for (const Field field : *this) {
        if (!same_without_case(field.name, name)) continue;
        if (list) {
            list->append(", ").append(field.value);
        } else {
            list = field.value;
        }
    }
    return list;
}

Response text_response(int status, std::string_view content_type, std::string body) {
    Response response;
    response.status = status;
    response.headers.add("Content-Type", content_type);
    response.body = std::make_shared<const std::string>(std::move(body));
    return response;
}

}  // namespace watchbill::http
