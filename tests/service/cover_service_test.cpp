// A holder who is away, over the real store and a real worker: who is asked when, and what their answers do.
#include "service/cover_service.h"

#include <catch2/catch.hpp>

#include "service/fakes.h"
#include "service/mail_fakes.h"
#include "service/mail_monitor.h"
#include "service/metrics.h"
#include "service/outbox_worker.h"
#include "service/staffed_team.h"

namespace cover_service_test {

using namespace watchbill;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");
const Actor link{"link", "192.0.2.7"};
const ShiftKey shift{"mro", day("2026-11-24")};

// Alice holds the shift until 17:00Z and has been sick since 11:00Z; Bob and Carol are there.
struct World : StaffedTeam {
    World() {
        links.set_public_url("https://rota.example.com");
        availability[id("alice@example.com")].absences = {
            {{at("2026-11-24T11:00:00Z"), at("2026-11-25T00:00:00Z")}, {}, AbsenceKind::sick}};
        post();
    }
    // The worker's turn, and the service's.
    std::optional<Instant> turn() {
        worker.tick();
        return covers.ask_due(board, clock.now());
    }
    std::vector<std::string> told(const std::string& about = "") {
        std::vector<std::string> told;
        const auto entries = store.outbox("payments", "", 100);
        for (const OutboxEntry& entry : *entries) {
            if (entry.message.subject.find(about) != std::string::npos)
                told.insert(told.begin(), entry.message.recipient.email());
        }
        return told;
    }
    ActionResult<CoverVisit> answer(const std::string& who, bool yes) {
        return covers.answer(known(), shift, links.cover_token("payments", shift, id(who)), yes, link);
    }

    TempDir folder;
    WatchedStore store{folder.path()};
    FakeClock clock{noon};
    LogCapture log;
    Metrics metrics{"1.2.3"};
    IncidentLinks links{"a secret of some length"};
    MailMonitor monitor{true};
    int changes = 0;
    CoverService covers{
        store, clock, links, {[this] { ++changes; }, [this] { return monitor.service(); }, log.logger.get()}};
    FakeTransport mail;
    OutboxWorker worker{store,
                        &mail,
                        clock,
                        metrics.outbox(),
                        *log.logger,
                        [] { return 0.5; },
                        [this] {
                            OutboxWorkerOptions options;
                            options.name = "mails";
                            options.on_settled = [this](const DeliveryReport& report) {
                                monitor.note(report);
                            };
                            return options;
                        }()};
};

using People = std::vector<std::string>;

}  // namespace

TEST_CASE("The others are asked in turn, each for the timeout, and the first yes has the shift") {
    World world;
    world.turn();
    CHECK(world.told() == People{"bob@example.com"});
    world.turn();
    CHECK(world.turn() == noon + minutes(5));
    world.clock.advance(minutes(5) - Duration(1));
    world.turn();
    CHECK(world.told().size() == 1);
    world.clock.advance(Duration(1));
    world.turn();
    CHECK(world.told() == People{"bob@example.com", "carol@example.com"});

    const auto taken = world.answer("carol@example.com", true);
    REQUIRE(taken);
    CHECK(taken->holder == id("carol@example.com"));
    const auto fixed = world.store.overrides("payments", {shift.date, shift.date + std::chrono::days(1)});
    REQUIRE(fixed->size() == 1);
    CHECK(fixed->front().member == id("carol@example.com"));
    CHECK(fixed->front().by == "carol@example.com");
    CHECK_THAT(fixed->front().reason, Contains("(away: sick since 12:00)"));
    const auto audit = world.store.audit_log("payments", 1);
    CHECK(audit->front().action == "cover.accepted");
    CHECK(audit->front().from == "192.0.2.7");
    CHECK(world.told("You have it") == People{"carol@example.com"});
    CHECK(world.told("has it").size() == 2);  // Alice and Bob

    // Before the plan follows, Bob's yes is too late, and nobody else is asked.
    const auto late = world.answer("bob@example.com", true);
    REQUIRE_FALSE(late);
    CHECK(late.error().code == "taken");
    CHECK_THAT(late.error().error.message, Contains("carol"));
    CHECK(world.answer("carol@example.com", true));  // again
    world.clock.advance(hours(1));
    world.turn();
    CHECK(world.store.outbox("payments", "", 100)->size() == 5);
}

TEST_CASE("A no asks the next one at once, and only once") {
    World world;
    world.turn();
    world.turn();
    REQUIRE(world.answer("bob@example.com", false));
    CHECK(world.told() == People{"bob@example.com", "carol@example.com"});
    REQUIRE(world.answer("bob@example.com", false));
    CHECK(world.told().size() == 2);
    // Bob may change his mind.
    CHECK(world.answer("bob@example.com", true));
}

TEST_CASE("While no mail server answers nobody else is asked, and whose mailbox is gone is passed over") {
    World world;
    world.mail.answer = [](const OutboxMessage&) {
        return DeliveryReport{Delivery::no_server, "the mail server accepts no connection"};
    };
    for (int minute = 0; minute < 30; ++minute) {
        world.turn();
        world.clock.advance(minutes(1));
    }
    CHECK(world.told() == People{"bob@example.com"});
    world.mail.answer = [](const OutboxMessage&) {
        return DeliveryReport{Delivery::refused_for_good, "no such mailbox"};
    };
    world.clock.advance(hours(1));
    world.turn();
    CHECK(world.told() == People{"bob@example.com", "carol@example.com"});
}

TEST_CASE("A link is one person's, and nobody asks for what is over") {
    World world;
    world.turn();
    CHECK(world.covers.answer(world.known(), shift, std::string(32, '0'), true, link).error().code ==
          "bad_token");
    // She is back.
    world.availability.clear();
    world.post();
    const auto late = world.answer("bob@example.com", true);
    REQUIRE_FALSE(late);
    CHECK(late.error().code == "taken");
    CHECK_FALSE(world.turn());
}

}  // namespace cover_service_test
