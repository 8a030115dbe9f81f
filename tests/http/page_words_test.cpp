// The page's languages against each other, markup and forms.
#include "http/page_words.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "http/cookies.h"
#include "http/html.h"
#include "http/page_assets.h"
#include "http/qr_code.h"
#include "http/sent_request.h"
#include "watchbill/incident.h"
#include "watchbill/outbox.h"
#include "watchbill/swap.h"

namespace page_words_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;

TEST_CASE("Every sentence exists in every language, with the same places") {
    const auto english = nlohmann::json::parse(asset_text("en.json"));
    const auto french = nlohmann::json::parse(asset_text("fr.json"));
    CHECK(english.size() == french.size());
    for (const auto& item : english.items()) {
        const std::string& name = item.key();
        INFO(name);
        REQUIRE(french.contains(name));
        for (const char* place : {"{0}", "{1}", "{2}"}) {
            const auto has = [&](const nlohmann::json& json) {
                return json.at(name).get<std::string>().find(place) != std::string::npos;
            };
            CHECK(has(english) == has(french));
        }
    }
}

TEST_CASE("Whatever state people, swaps and mails can be in has its words") {
    const auto english = nlohmann::json::parse(asset_text("en.json"));
    const auto check = [&](const std::string& prefix, std::string_view name) {
        INFO(prefix << name);
        CHECK(english.contains(prefix + std::string(name)));
    };
    for (int i = 0; i <= static_cast<int>(ParticipationStatus::other); ++i)
        check("rsvp_", participation_name(static_cast<ParticipationStatus>(i)));
    for (int i = 0; i <= static_cast<int>(SwapState::expired); ++i)
        check("swap_state_", swap_state_name(static_cast<SwapState>(i)));
    for (int i = 1; i <= static_cast<int>(SwapReason::unknown_person); ++i)
        check("swap_reason_", swap_reason_name(static_cast<SwapReason>(i)));
    for (int i = 0; i <= static_cast<int>(Severity::sev4); ++i) {
        check("short_", severity_name(static_cast<Severity>(i)));
        check("severity_", severity_name(static_cast<Severity>(i)));
    }
    check("mail_", delivery_state_name(DeliveryState::failed));
    check("mail_", delivery_state_name(DeliveryState::dropped));
}

TEST_CASE("Times are said in the reader's words") {
    using namespace std::chrono;
    const Words& english = Words::in(Language::en);
    const Words& french = Words::in(Language::fr);
    const Zone paris = Zone::get("Europe/Paris");
    const Instant now = sys_days(2026y / 12 / 3) + hours(8);
    CHECK(english.day(paris.day_of(now)) == "Thursday 3 December");
    CHECK(french.day(paris.day_of(now)) == "jeudi 3 décembre");
    CHECK(english.moment(paris, now + hours(2), now) == "11:00");
    CHECK(english.moment(paris, now + hours(24), now) == "Fri 4 Dec, 09:00");
    CHECK(english.duration(minutes(160)) == "2 h 40 min");
    CHECK(english.duration(minutes(5)) == "5 min");
    CHECK(english.duration(hours(3)) == "3 h");
    CHECK(french.duration(hours(72)) == "3 jours");
    CHECK(english.place("America/Argentina/Buenos_Aires") == "Buenos Aires time");
    CHECK(english.say("until", {"{0}"}) == "until {0}");
}

TEST_CASE("Text is escaped, and templates are filled once") {
    CHECK(Html::text("<a href='x'>\"&").string() == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;");
    const HtmlParts parts{{"a", Html::text("{b}")}, {"b", Html::text("<")}};
    CHECK(Html::fill("{a}{b}{ c }{C}{", parts).string() == "{b}&lt;{ c }{C}{");
}

TEST_CASE("Forms are read as browsers send them") {
    CHECK(SentRequest("GET", "/?x=1&token=a+b%20c&empty=&token=other").view().parameter("token") == "a b c");
    CHECK(SentRequest("GET", "/?empty=&nothing").view().parameter("empty").empty());
    SentRequest request{"POST", "/sign-in", {}, "token=t"};
    CHECK(request.view().parameter("token").empty());
    request.add_header("Content-Type", "application/x-www-form-urlencoded ; charset=utf-8");
    CHECK(request.view().parameter("token") == "t");
}

TEST_CASE("A cookie is found among others, and only by its whole name") {
    SentRequest request{"GET", "/", {}};
    CHECK_FALSE(cookie(request, "watchbill"));
    request.add_header("Cookie", "xwatchbill=1; watchbill=a.b.c;watchbill=2; broken");
    CHECK(cookie(request, "watchbill") == "a.b.c");
    CHECK_FALSE(cookie(request, "watch"));
    CHECK_FALSE(cookie(request, "broken"));
}

TEST_CASE("A QR code has its finders and its quiet zone") {
    const auto svg = qr_code_svg("webcal://rota.example.com/feeds/payments/0123456789abcdef/rotation.ics");
    REQUIRE(svg);
    // The first dark module is the first finder's corner, behind four light ones.
    CHECK(svg->find("d=\"M4 4h1v1h-1zM5 4h1v1h-1z") != std::string::npos);
    CHECK_FALSE(qr_code_svg(std::string(2001, 'a')));
    CHECK_FALSE(qr_code_svg(""));
}

}  // namespace page_words_test
