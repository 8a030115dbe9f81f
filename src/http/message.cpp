#include "http/message.h"

#include <algorithm>
#include <cassert>

namespace watchbill::http {

bool same_length_without_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(),
                      [&lower](char x, char y) { return lower(x) == lower(y); });
}

void Headers::add(std::string_view name, std::string_view value) {
    // A line end in it would begin a header of somebody else's choice.
    assert(is_clean(name) && is_clean(value));
    if (places_.empty()) {
        // A feed's answer and a calendar client's request fit.
        places_.reserve(12);
        text_.reserve(384);
    }
    places_.push_back({text_.size(), name.size(), value.size()});
    append_field(text_, name, value);
}

size_t Headers::find(std::string_view name, size_t from) const {
    for (size_t i = from; i < places_.size(); ++i) {
        if (places_[i].name == name.size() && same_length_without_case(field(i).name, name)) return i;
    }
    return places_.size();
}

void Headers::append(std::string_view name, std::string_view value) {
    const size_t first = find(name, 0);
    if (first == size()) return add(name, value);
    assert(is_clean(value));
    const std::string more = std::string(", ").append(value);
    Place& place = places_[first];
    text_.insert(place.begin + place.name + field_colon.size() + place.value, more);
    place.value += more.size();
    for (size_t later = first + 1; later < size(); ++later) places_[later].begin += more.size();
}

std::optional<std::string> Headers::get(std::string_view name) const {
    std::optional<std::string> list;
    for (size_t i = find(name, 0); i < size(); i = find(name, i + 1)) {
        if (list) {
            list->append(", ").append(field(i).value);
        } else {
            list = field(i).value;
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
