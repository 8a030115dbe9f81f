#include "json/balances_json.h"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "rotation/phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

using Json = nlohmann::ordered_json;

// Thousandths: finer than any difference that matters, and the same text on every machine.
std::string in_thousandths(double shifts) {
    std::array<char, 48> text{};
    const double tiny = 0.0005;
    std::snprintf(text.data(), text.size(), "%.3f", shifts > -tiny && shifts < tiny ? 0.0 : shifts);
    return text.data();
}

double rounded(double shifts) { return std::stod(in_thousandths(shifts)); }

std::string csv_field(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace

Json balances_json(const Team& team, DaySpan period, const std::vector<MemberBalance>& balances) {
    Json lines = Json::array();
    for (const MemberBalance& balance : balances) {
        lines.push_back({{"rotation", balance.rotation},
                         {"member", balance.member.email()},
                         {"name", say_member(team, balance.member)},
                         {"shares", rounded(balance.shares)},
                         {"served", balance.served},
                         {"balance", rounded(balance.balance)},
                         {"nights", balance.nights},
                         {"weekends", balance.weekends},
                         {"holidays", balance.holidays}});
    }
    return Json{{"team", team.name},
                {"from", format_day(period.first)},
                {"to", format_day(period.end)},
                {"balances", std::move(lines)}};
}

std::string balances_csv(const Team& team, const std::vector<MemberBalance>& balances) {
    std::string text = "rotation,member,name,shares,served,balance,nights,weekends,holidays\r\n";
    for (const MemberBalance& balance : balances) {
        text += csv_field(balance.rotation) + ',' + csv_field(balance.member.email()) + ',' +
                csv_field(say_member(team, balance.member)) + ',' + in_thousandths(balance.shares) + ',' +
                std::to_string(balance.served) + ',' + in_thousandths(balance.balance) + ',' +
                std::to_string(balance.nights) + ',' + std::to_string(balance.weekends) + ',' +
                std::to_string(balance.holidays) + "\r\n";
    }
    return text;
}

}  // namespace watchbill
