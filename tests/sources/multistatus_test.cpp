// Requests to and answers of DAV servers, as text. No network.
#include "sources/multistatus.h"

#include <catch2/catch.hpp>
#include <random>

#include "sources/dav_requests.h"
#include "sources/limits.h"
#include "time/format.h"

namespace multistatus_test {

using namespace watchbill;
using namespace watchbill::dav;

namespace {

Multistatus parsed(const std::string& bytes) {
    auto answer = parse_multistatus(bytes);
    if (!answer) FAIL(answer.error().message);
    return std::move(*answer);
}

ErrorCode code_of(const std::string& bytes) {
    const auto answer = parse_multistatus(bytes);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().message.size() > 20);
    return answer.error().code;
}

std::string multistatus(const std::string& inside) {
    return R"(<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" )"
           R"(xmlns:s="http://calendarserver.org/ns/">)" +
           inside + "</d:multistatus>";
}

Resource resource_with(const std::string& properties) {
    const Multistatus answer =
        parsed(multistatus("<d:response><d:href>/a/</d:href><d:propstat><d:prop>" + properties +
                           "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"));
    REQUIRE(answer.resources.size() == 1);
    return answer.resources[0];
}

}  // namespace

TEST_CASE("A collection tells what it is and can") {
    const Resource collection = resource_with(
        "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype><d:sync-token> urn:1 </d:sync-token>"
        "<s:getctag>\"7\"</s:getctag><d:supported-report-set><d:supported-report><d:report><c:calendar-query/"
        ">"
        "</d:report></d:supported-report><d:supported-report><d:report><d:sync-collection/></d:report>"
        "</d:supported-report></d:supported-report-set><c:supported-calendar-component-set>"
        "<c:comp name=\"vevent\"/><c:comp name=\"VTODO\"/></c:supported-calendar-component-set>"
        "<d:current-user-principal><d:href>/me/</d:href></d:current-user-principal>"
        "<d:current-user-privilege-set><d:privilege><d:read/></d:privilege><d:privilege><d:write/></"
        "d:privilege>"
        "</d:current-user-privilege-set>");
    CHECK(collection.href == "/a/");
    CHECK((collection.is_collection && collection.is_calendar && collection.can_sync));
    CHECK(collection.sync_token == "urn:1");
    CHECK(collection.ctag == "\"7\"");
    CHECK(collection.principal == "/me/");
    CHECK(collection.components == std::vector<std::string>{"VEVENT", "VTODO"});
    CHECK(collection.may_write == true);
    CHECK(
        resource_with("<d:supported-report-set><d:supported-report><d:sync-collection/></d:supported-report>"
                      "</d:supported-report-set>")
            .can_sync);
    CHECK(resource_with("<d:current-user-privilege-set><d:privilege><d:bind/></d:privilege>"
                        "</d:current-user-privilege-set>")
              .may_write == false);
    CHECK_FALSE(resource_with("").may_write);
    CHECK_FALSE(resource_with("").components);
}

TEST_CASE("A principal tells its addresses and its outbox") {
    const Resource principal = resource_with(
        "<c:schedule-outbox-URL><d:href>/out/</d:href></c:schedule-outbox-URL><c:calendar-user-address-set>"
        "<d:href>mailto:a@example.com</d:href><d:href/><x/></c:calendar-user-address-set>");
    CHECK(principal.outbox == "/out/");
    CHECK(principal.addresses == std::vector<std::string>{"mailto:a@example.com"});
}

TEST_CASE("Elements are told by their namespace, whatever their prefix") {
    const Multistatus answer = parsed(
        "<multistatus xmlns='DAV:'><response><href>/1</href><propstat><prop><getetag>\"1\"</getetag>"
        "<calendar-data xmlns='urn:ietf:params:xml:ns:caldav'>A</calendar-data>"
        "<d:getetag xmlns:d='other:'>\"other\"</d:getetag></prop></propstat></response>"
        "<x:response xmlns:x='other:'><href>/2</href></x:response>"
        "<D:response xmlns:D='DAV:'><D:href>/3</D:href></D:response></multistatus>");
    REQUIRE(answer.resources.size() == 2);
    CHECK(answer.resources[0].etag == "\"1\"");
    CHECK(answer.resources[0].calendar_data == "A");
    CHECK(answer.resources[1].href == "/3");
}

TEST_CASE("Calendars come escaped, in CDATA, or in pieces of both, their line ends kept") {
    const auto data = [](const std::string& text) {
        return *resource_with("<c:calendar-data>" + text + "</c:calendar-data>").calendar_data;
    };
    CHECK(data("a &amp; b &lt;c&gt; &#233;&#xD;\n") == "a & b <c> \xC3\xA9\r\n");
    CHECK(data("<![CDATA[a & <b>]]>") == "a & <b>");
    CHECK(data("a<![CDATA[&b]]>c<!-- no --><![CDATA[]]>&lt;") == "a&bc<");
    CHECK(data("").empty());
}

TEST_CASE("Properties that the server would not give are none, and say why") {
    const Multistatus answer =
        parsed(multistatus("<d:response><d:href>/1</d:href><d:propstat><d:prop><d:getetag>\"x\"</"
                           "d:getetag><c:calendar-data/></d:prop>"
                           "<d:status>HTTP/1.1 403 Forbidden</d:status></d:propstat></d:response>"));
    CHECK(answer.resources[0].etag.empty());
    CHECK_FALSE(answer.resources[0].calendar_data);
    CHECK(answer.resources[0].status == 0);
    CHECK(answer.resources[0].property_status == 403);
}

TEST_CASE("Changes tell what is gone, also several by one status, and the new token") {
    const Multistatus answer =
        parsed(multistatus("<d:response><d:href>/1</d:href><d:href>/2</d:href><d:status>HTTP/1.1 404 Not "
                           "Found</d:status></d:response>"
                           "<d:response><d:href>/3</d:href><d:status>nonsense</d:status></d:response>"
                           "<d:sync-token>urn:2</d:sync-token>"));
    REQUIRE(answer.resources.size() == 3);
    CHECK((answer.resources[0].status == 404 && answer.resources[1].status == 404));
    CHECK(answer.resources[1].href == "/2");
    CHECK(answer.resources[2].status == 0);
    CHECK(answer.sync_token == "urn:2");
}

TEST_CASE("What is no multistatus is refused") {
    for (const std::string& bytes :
         {std::string(), std::string("no XML"), std::string("<multistatus/>"),
          std::string("<a xmlns='DAV:'/>"), std::string("<multistatus xmlns='DAV:'><response>"),
          std::string(1000, '\0'), std::string("<!DOCTYPE html><html/>"),
          std::string("<!DOCTYPE x [<!ENTITY e \"boom\">]><multistatus xmlns='DAV:'>&e;</multistatus>")}) {
        INFO(bytes);
        CHECK(code_of(bytes) == ErrorCode::refused);
    }
}

TEST_CASE("An entity is never expanded, nor a file read") {
    const Resource resource = resource_with("<d:getetag>&xxe;&lol;</d:getetag>");
    CHECK(resource.etag == "&xxe;&lol;");
}

TEST_CASE("Bombs of tags, depth and resources end early") {
    std::string tags;
    for (size_t i = 0; i <= max_xml_tags; ++i) tags += "<a>";
    CHECK(code_of(multistatus(tags)) == ErrorCode::too_large);

    std::string resources;
    for (size_t i = 0; i < max_dav_resources; ++i)
        resources += "<d:response><d:href>/1</d:href></d:response>";
    CHECK(parsed(multistatus(resources)).resources.size() == max_dav_resources);
    resources += "<d:response/>";
    CHECK(code_of(multistatus(resources)) == ErrorCode::too_large);

    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "<d:response>";
    for (int i = 0; i < 100'000; ++i) deep += "</d:response>";
    CHECK(parsed(multistatus(deep)).resources.size() == 1);

    std::string attributes = "<d:response";
    for (int i = 0; i < 200'000; ++i) attributes += " a='b'";
    attributes += ">";
    for (int i = 0; i < 50'000; ++i) attributes += "<d:href/>";
    CHECK(parsed(multistatus(attributes + "</d:response>")).resources.size() <= 50'000);
}

TEST_CASE("A value longer than anything that is meant is none") {
    CHECK(resource_with("<d:getetag>" + std::string(8001, 'x') + "</d:getetag>").etag.empty());
    CHECK(resource_with("<d:getetag>" + std::string(8000, 'x') + "</d:getetag>").etag.size() == 8000);
}

TEST_CASE("The precondition that a refusal names is found") {
    const std::string error = "<d:error xmlns:d=\"DAV:\"><d:valid-sync-token/></d:error>";
    CHECK(names_precondition(error, "valid-sync-token"));
    CHECK_FALSE(names_precondition(error, "need-privileges"));
    CHECK(names_precondition(
        "<error xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><C:no-uid-conflict/></error>",
        "no-uid-conflict"));
    for (const char* other : {"", "<d:error><d:valid-sync-token/></d:error>", "valid-sync-token"})
        CHECK_FALSE(names_precondition(other, "valid-sync-token"));
}

TEST_CASE("Requests are XML whatever they are made of, and say what is asked") {
    CHECK(escaped("a<b>&\"c\"\r\nd\x01\xC3\xA9") == "a&lt;b&gt;&amp;&quot;c&quot;  d\xC3\xA9");
    CHECK_THAT(sync_collection("urn:1<&>"), Catch::Contains("<sync-token>urn:1&lt;&amp;&gt;</sync-token>") &&
                                                Catch::Contains("<sync-level>1</sync-level>"));
    CHECK_THAT(calendar_multiget({"/a&b", "/c"}),
               Catch::Contains("<href>/a&amp;b</href><href>/c</href></C:calendar-multiget>"));
    const Interval span{*parse_instant("2026-03-01T08:00:00Z"), *parse_instant("2027-03-01T08:00:00Z")};
    CHECK_THAT(calendar_query("VEVENT", span),
               Catch::Contains(R"(<C:comp-filter name="VEVENT"><C:time-range start="20260301T080000Z" )"
                               R"(end="20270301T080000Z"/></C:comp-filter>)"));
    CHECK_THAT(calendar_query("VEVENT", "RRULE"), Catch::Contains(R"(<C:prop-filter name="RRULE"/>)"));
    CHECK_THAT(calendar_query("VFREEBUSY"), !Catch::Contains("time-range"));
}

TEST_CASE("Whatever happens to an answer on its way, it is read or refused") {
    const unsigned seed = std::random_device()();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto below = [&](size_t bound) {
        return std::uniform_int_distribution<size_t>(0, bound - 1)(random);
    };
    const std::string whole = multistatus(
        "<d:response><d:href>/1</d:href><d:propstat><d:prop><d:getetag>\"1\"</d:getetag><c:calendar-data>"
        "<![CDATA[BEGIN:VCALENDAR]]>&amp;</c:calendar-data></d:prop><d:status>HTTP/1.1 200 OK</d:status>"
        "</d:propstat></d:response><d:sync-token>urn:2</d:sync-token>");
    const std::string bytes = "<>/&;:'\"=![]?- \n\0\xff#x0dDcC";
    for (int round = 0; round < 2000; ++round) {
        std::string text = whole;
        for (size_t edits = 1 + below(5); edits > 0; --edits) {
            const size_t at = below(text.size());
            switch (below(4)) {
                case 0: text[at] = bytes[below(bytes.size())]; break;
                case 1: text.insert(at, 1, bytes[below(bytes.size())]); break;
                case 2: text.erase(at, 1 + below(10)); break;
                default: text.insert(at, text.substr(below(text.size()), below(80))); break;
            }
        }
        const auto answer = parse_multistatus(text);
        if (!answer) CHECK_FALSE(answer.error().message.empty());
    }
}

}  // namespace multistatus_test
