// Names and values as forms send them (application/x-www-form-urlencoded, the WHATWG URL standard 5.1): in
// bodies, and in the queries of pages. Lenient, unlike http/query.h: what a page does not know it ignores.
// Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace watchbill::http {

class Form {
public:
    // At most 100 pairs are read. Of a name that comes twice the first counts; pairs with broken escapes do
    // not.
    explicit Form(std::string_view encoded);

    static Form of_query(const Request& request);
    // Empty where the body is of another type.
    static Form of_body(const Request& request);

    // "" where the name is not there.
    const std::string& get(std::string_view name) const;

private:
    std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace watchbill::http
