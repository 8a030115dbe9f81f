// The query of a request's target, read strictly: each parameter once, of its type, and none that the route
// does not know; a misspelt "form=" is never taken for "no from".
//
//     Query query(request, {"from", "to", "member"});
//     const auto from = query.day("from");
//     const auto member = query.member("member");
//     if (query.refused()) return *query.refused();
//
// Names and values are percent-decoded; "+" is itself (RFC 3986), since it stands in addresses and in UTC
// offsets.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server/message.h"
#include "watchbill/member_id.h"
#include "watchbill/time.h"

namespace watchbill::http {

class Query {
public:
    Query(const Request& request, const std::vector<std::string_view>& known);

    // Nothing where the parameter is not there, or is not of its type; then refused() says so.
    std::optional<Day> day(std::string_view name);
    std::optional<Instant> instant(std::string_view name);
    std::optional<MemberId> member(std::string_view name);
    std::optional<std::string> name(std::string_view name);     // of a rotation
    std::optional<int> count(std::string_view name, int most);  // 1 to `most`
    // Days [from, to): either may be missing, then it is that of `otherwise`; `to` must lie behind `from`.
    DaySpan days(std::string_view from, std::string_view to, DaySpan otherwise);
    // For parameters that a route cannot do without.
    void require(std::string_view name);

    // 400 with what is wrong first; nothing while all is well.
    const std::optional<Response>& refused() const { return refused_; }

private:
    void take(std::string_view pair, const std::vector<std::string_view>& known);
    // What `parse` makes of that parameter; where that is nothing, the refusal says `what` it must be.
    template <typename Parse>
    auto read(std::string_view name, std::string_view what, Parse parse)
        -> decltype(parse(std::string_view()));
    void refuse(const std::string& detail);

    std::map<std::string, std::string, std::less<>> values_;
    std::optional<Response> refused_;
};

// "from, to, member", or "none": what there is, for the sentence about what there is not.
std::string list_of_names(const std::vector<std::string_view>& names);

}  // namespace watchbill::http
