#include "json/balances_json.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "time/format.h"

namespace balances_json_test {

using namespace watchbill;

namespace {

Team team_with(const std::string& name) {
    Team team;
    team.name = "payments";
    Member member;
    member.id = MemberId::parse("bob@example.com").value();
    member.name = name;
    team.members = {member};
    return team;
}

std::vector<MemberBalance> one_line() {
    MemberBalance balance;
    balance.rotation = "mro";
    balance.member = MemberId::parse("bob@example.com").value();
    balance.shares = 2.0 / 3;
    balance.served = 1;
    balance.nights = 2;
    balance.weekends = 3;
    balance.holidays = 4;
    balance.balance = -0.00001;
    return {balance};
}

}  // namespace

TEST_CASE("balances as CSV are for spreadsheets: CRLF, quotes, and no name is a formula") {
    const std::string header = "rotation,member,name,shares,served,balance,nights,weekends,holidays\r\n";
    CHECK(balances_csv(team_with("Bob Durand"), one_line()) ==
          header + "mro,bob@example.com,Bob Durand,0.667,1,0.000,2,3,4\r\n");
    CHECK(balances_csv(team_with("Durand, \"Bob\""), one_line()) ==
          header + "mro,bob@example.com,\"Durand, \"\"Bob\"\"\",0.667,1,0.000,2,3,4\r\n");
    CHECK(balances_csv(team_with("=HYPERLINK(1)"), one_line()) ==
          header + "mro,bob@example.com,'=HYPERLINK(1),0.667,1,0.000,2,3,4\r\n");
}

TEST_CASE("balances as JSON name the period and each line") {
    const DaySpan period{parse_day("2026-03-01").value(), parse_day("2026-04-01").value()};
    CHECK(balances_json(team_with("Bob"), period, one_line()).dump() ==
          R"({"team":"payments","from":"2026-03-01","to":"2026-04-01","balances":[{"rotation":"mro",)"
          R"("member":"bob@example.com","name":"Bob","shares":0.667,"served":1,"balance":0.0,"nights":2,)"
          R"("weekends":3,"holidays":4,"classes":[]}]})");

    auto lines = one_line();
    lines.front().classes = {{"weekend", 2.5, 3, -0.5}};
    CHECK(
        nlohmann::json::parse(balances_json(team_with("Bob"), period, lines).dump())["balances"][0]["classes"]
            .dump() == R"([{"balance":-0.5,"class":"weekend","served":3,"shares":2.5}])");
}

TEST_CASE("balances as CSV have three columns more for each class that any line has") {
    auto lines = one_line();
    lines.push_back(lines.front());
    lines.front().classes = {{"weekend", 2.5, 3, -0.5}, {"holiday", 1.0 / 3, 0, 1.0 / 3}};
    CHECK(balances_csv(team_with("Bob"), lines) ==
          "rotation,member,name,shares,served,balance,nights,weekends,holidays,weekend_shares,weekend_served,"
          "weekend_balance,holiday_shares,holiday_served,holiday_balance\r\n"
          "mro,bob@example.com,Bob,0.667,1,0.000,2,3,4,2.500,3,-0.500,0.333,0,0.333\r\n"
          "mro,bob@example.com,Bob,0.667,1,0.000,2,3,4,,,,,,\r\n");
}

}  // namespace balances_json_test
