// The members of a request's body, each of its type; what is not there is empty, and null counts as not
// there.
//
//     OrderBody body(request, {"text", "date"});
//     const NoteOrder order{body.required_text("text"), body.day("date")};
//     if (body.refused()) return *body.refused();
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/json_message.h"
#include "watchbill/time.h"

namespace watchbill::http {

class OrderBody {
public:
    OrderBody(const Request& request, const std::vector<std::string_view>& known);

    std::string text(const std::string& name);
    std::string required_text(const std::string& name);
    std::optional<std::string> optional_text(const std::string& name);
    std::vector<std::string> texts(const std::string& name);
    std::optional<std::vector<std::string>> optional_texts(const std::string& name);
    bool flag(const std::string& name);
    std::optional<Day> day(const std::string& name);
    std::optional<Instant> instant(const std::string& name);
    // "45m", or a number of minutes.
    std::optional<Duration> duration(const std::string& name);

    // The answer to what was wrong first; nothing while all is well.
    const std::optional<Response>& refused() const { return refused_; }

private:
    const Json* find(const std::string& name) const;  // null where it is not there
    void refuse(const std::string& detail);

    Json json_ = Json::object();
    std::optional<Response> refused_;
};

}  // namespace watchbill::http
