#include "json/balances_json.h"

#include <fmt/core.h>

#include <algorithm>
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
        Json classes = Json::array();
        for (const ClassBalance& of_class : balance.classes) {
            classes.push_back({{"class", of_class.fair_class},
                               {"shares", rounded(of_class.shares)},
                               {"served", of_class.served},
                               {"balance", rounded(of_class.balance)}});
        }
        lines.push_back({{"rotation", balance.rotation},
                         {"member", balance.member.email()},
                         {"name", say_member(team, balance.member)},
                         {"shares", rounded(balance.shares)},
                         {"served", balance.served},
                         {"balance", rounded(balance.balance)},
                         {"nights", balance.nights},
                         {"weekends", balance.weekends},
                         {"holidays", balance.holidays},
                         {"classes", std::move(classes)}});
    }
    return Json{{"team", team.name},
                {"from", format_day(period.first)},
                {"to", format_day(period.end)},
                {"balances", std::move(lines)}};
}

// The columns of classes come last: a table that was made before has the others where they were.
std::string balances_csv(const Team& team, const std::vector<MemberBalance>& balances) {
    std::vector<std::string> classes;
    for (const MemberBalance& balance : balances) {
        for (const ClassBalance& of_class : balance.classes) {
            if (std::find(classes.begin(), classes.end(), of_class.fair_class) == classes.end())
                classes.push_back(of_class.fair_class);
        }
    }
    std::string text = "rotation,member,name,shares,served,balance,nights,weekends,holidays";
    for (const std::string& name : classes) text += fmt::format(",{0}_shares,{0}_served,{0}_balance", name);
    text += "\r\n";
    for (const MemberBalance& balance : balances) {
        text += fmt::format("{},{},{},{},{},{},{},{},{}", csv_field(balance.rotation),
                            csv_field(balance.member.email()), csv_field(say_member(team, balance.member)),
                            in_thousandths(balance.shares), balance.served, in_thousandths(balance.balance),
                            balance.nights, balance.weekends, balance.holidays);
        for (const std::string& name : classes) {
            const auto found = std::find_if(balance.classes.begin(), balance.classes.end(),
                                            [&](const ClassBalance& it) { return it.fair_class == name; });
            text += found == balance.classes.end()
                        ? ",,,"
                        : fmt::format(",{},{},{}", in_thousandths(found->shares), found->served,
                                      in_thousandths(found->balance));
        }
        text += "\r\n";
    }
    return text;
}

}  // namespace watchbill
