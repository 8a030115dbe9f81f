#include "service/reply_desk.h"

#include <catch2/catch.hpp>

#include "service/fakes.h"
#include "service/mail_fakes.h"

namespace reply_desk_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

struct Desk {
    FakeClock clock{at("2026-03-02T14:16:00Z")};
    FakeMailReader reader;
    FakeTaker taker;
    FakeTaker second;
    LogCapture log;
    std::vector<Team> teams;
    ReplyDesk desk{reader,
                   {&taker, &second},
                   [this](const MemberId& a, const MemberId& b) { return is_same_member(teams, a, b); },
                   clock,
                   *log.logger};

    MailOutcome receive(const std::string& bytes) {
        auto outcome = desk.receive(bytes);
        REQUIRE(outcome);
        return *outcome;
    }
    std::string refusal(const std::string& bytes) {
        const MailOutcome outcome = receive(bytes);
        CHECK(outcome.fate == MailFate::refused);
        CHECK_FALSE(outcome.verdict.message.empty());
        return outcome.verdict.code;
    }
};

}  // namespace

TEST_CASE("An answer goes to the one who knows its event, once") {
    Desk desk;
    const MailOutcome outcome = desk.receive(reply_mail("bob@example.com", "bob@example.com"));
    CHECK(outcome.fate == MailFate::taken);
    CHECK(outcome.verdict.code == "accepted");
    REQUIRE(desk.taker.taken.size() == 1);
    CHECK(desk.taker.taken[0].attendee == id("bob@example.com"));
    CHECK(desk.taker.taken[0].status == ParticipationStatus::accepted);
    CHECK(desk.second.taken.empty());
}

TEST_CASE("What is no answer, or not its sender's, is refused and reaches nobody") {
    Desk desk;
    CHECK(desk.refusal("x") == "no_calendar");
    CHECK(desk.refusal("bob@example.com\nREPLY\n<html>") == "not_an_answer");
    CHECK(desk.refusal(reply_mail("bob@example.com", "bob@example.com", "known@watchbill", "REQUEST")) ==
          "method_mismatch");
    CHECK(desk.refusal(reply_mail("bob@example.com", "bob@example.com", "known@watchbill", "COUNTER")) ==
          "method_mismatch");
    CHECK(desk.refusal(reply_mail("eve@example.com", "bob@example.com")) == "not_the_attendee");
    CHECK(desk.refusal(reply_mail("bob@example.com", "bob@example.com", "other@watchbill")) ==
          "unknown_event");
    CHECK(desk.taker.taken.empty());
    CHECK(desk.receive("bounce").fate == MailFate::ignored);
}

TEST_CASE("A type without a method is as good, and a member may answer from an alias") {
    Desk desk;
    CHECK(desk.receive(reply_mail("bob@example.com", "bob@example.com", "known@watchbill", "")).fate ==
          MailFate::taken);
    Team team = example_team();
    team.members[1].aliases = {id("robert@example.org")};
    desk.teams = {team};
    CHECK(desk.receive(reply_mail("robert@example.org", "bob@example.com")).fate == MailFate::taken);
    CHECK(desk.refusal(reply_mail("alice@example.com", "bob@example.com")) == "not_the_attendee");
}

TEST_CASE("Trouble of the store is no refusal: the mail is to come again") {
    Desk desk;
    desk.taker.failing = true;
    const auto outcome = desk.desk.receive(reply_mail("bob@example.com", "bob@example.com"));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == ErrorCode::unavailable);
}

TEST_CASE("The log has codes and no content") {
    Desk desk;
    desk.receive(reply_mail("bob@example.com", "bob@example.com"));
    desk.refusal(reply_mail("eve@example.com", "bob@example.com"));
    desk.refusal(reply_mail("bob@example.com", "bob@example.com", "secret-uid"));
    const std::string log = desk.log.text.str();
    CHECK(log.find("not_the_attendee") != std::string::npos);
    CHECK(log.find("accepted (payments 2026-17)") != std::string::npos);
    for (const char* secret : {"bob@", "eve@", "secret-uid", "VCALENDAR"})
        CHECK(log.find(secret) == std::string::npos);
}

}  // namespace reply_desk_test
