#include "http/message.h"

#include <algorithm>

namespace watchbill::http {

bool same_without_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&lower](char x, char y) { return lower(x) == lower(y); });
}

void Headers::append(std::string_view name, std::string_view value) {
    for (auto& [field, list] : fields_) {
        if (same_without_case(field, name)) {
            list.append(", ").append(value);
            return;
        }
    }
    add(std::string(name), std::string(value));
}

std::optional<std::string> Headers::get(std::string_view name) const {
    std::optional<std::string> list;
    for (const auto& [field, value] : fields_) {
        if (!same_without_case(field, name)) continue;
        list = list ? *list + ", " + value : value;
    }
    return list;
}

Response text_response(int status, std::string content_type, std::string body) {
    Response response;
    response.status = status;
    response.headers.add("Content-Type", std::move(content_type));
    response.body = std::make_shared<const std::string>(std::move(body));
    return response;
}

}  // namespace watchbill::http
