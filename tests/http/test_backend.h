// What stands behind the routes in tests: the real store, tokens and service, calendars in memory, and a
// clock that stands. The service runs only where a test ticks it.
#pragma once

#include "http/application.h"
#include "rotation/fairness/fair_planner.h"
#include "service/fakes.h"
#include "service/mail_fakes.h"
#include "service/service.h"

namespace watchbill::test {

struct TestBackend {
    TempDir folder;
    FakeClock clock{at("2026-11-22T12:00:00Z")};
    FakeSource source;
    WatchedStore store{folder.path()};
    FairPlanner planner;
    LogCapture log;
    NoticeBoard board;
    Service service{
        {&source, &store, &planner, log.logger.get()}, clock, FeedTokens("of some length"), board};
    ApiTokens tokens{store, clock};
    PageSessions sessions{"of some length", tokens, store, clock};
    std::string public_url = "https://rota.example.com";
    StoreHealth health;
    Metrics metrics{"1.2.3"};
    IncidentLinks links = [] {
        IncidentLinks made("of some length");
        made.set_public_url("https://rota.example.com");
        return made;
    }();
    MailMonitor mail{true};
    IncidentDesk incidents{
        store, clock, links, {id("rota@example.com"), log.logger.get(), &metrics, {}, {}, &mail}};
    http::RequestWatch watch{metrics, http::AccessLog(log.logger, http::AccessLog::Form::words)};

    // What comes in, and who knows of it: tests that ask put theirs here.
    FakeMailReader mail_reader;
    FakeTaker taker;
    ReplyDesk replies{mail_reader, {&taker}, {}, clock, *log.logger};

    http::Backend backend() {
        return {&board, &clock,   &tokens,    &service,  &store,      &metrics, &watch,
                {},     &replies, &incidents, &sessions, &public_url, &health};
    }

    // A new token's secret.
    std::string make_token(std::vector<ApiScope> scopes, std::optional<Instant> expires_at = {}) {
        const auto made = make_api_token({"ops bot", std::move(scopes), clock.now(), expires_at});
        REQUIRE(made);
        REQUIRE(store.add_api_token(made->token, {clock.now(), "cli:test", "", "", "token.create", ""}));
        return made->secret;
    }
};

}  // namespace watchbill::test
