#include "rotation/availability/classify.h"

#include <catch2/catch.hpp>
#include <memory>

#include "time/format.h"
#include "time/zone.h"

namespace classify_test {

using namespace watchbill;

namespace {

MemberId id(std::string_view email) { return MemberId::parse(email).value(); }

Member member(std::string_view email, std::string name) {
    Member made;
    made.id = id(email);
    made.name = std::move(name);
    made.zone = "Europe/Paris";
    return made;
}

const Member alice = [] {
    Member made = member("alice@example.com", "Alice Martin");
    made.aliases = {id("a.martin@example.org")};
    return made;
}();

Classifier classifier_for(std::vector<Member> members, Keywords extra = {}) {
    return Classifier(std::move(extra), std::move(members));
}

Classifier team_classifier() {
    return classifier_for({alice, member("bob@example.com", "Bob Durand"),
                           member("jp@example.com", "Jean-Pierre Lefèvre"),
                           member("juergen@example.com", "Jürgen Groß")});
}

Interval span(std::string_view from, std::string_view to) {
    return {parse_instant(from).value(), parse_instant(to).value()};
}

// Tuesday 3 March 2026, in Paris: UTC+1.
const Interval working_day = span("2026-03-03T08:00:00Z", "2026-03-03T17:00:00Z");
const Interval night = span("2026-03-03T21:00:00Z", "2026-03-04T06:00:00Z");  // 22:00 to 07:00

EventDetails titled(std::string summary) {
    EventDetails event;
    event.uid = "event-1";
    event.summary = std::move(summary);
    return event;
}

Occurrence occurrence(EventDetails event, Interval when = working_day) {
    return {std::make_shared<const EventDetails>(std::move(event)), "", when, std::nullopt};
}

EventDetails invitation(std::string summary, std::string_view organizer, ParticipationStatus alices_answer) {
    EventDetails event = titled(std::move(summary));
    event.organizer = id(organizer);
    event.attendees = {{id("bob@example.com"), ParticipationStatus::accepted, "Bob"},
                       {alice.id, alices_answer, "Alice"}};
    return event;
}

OccurrenceKind kind_of(EventDetails event, Interval when = working_day) {
    return team_classifier().classify(occurrence(std::move(event), when), alice).kind;
}

OccurrenceKind kind_of(std::string title, Interval when = working_day) {
    return kind_of(titled(std::move(title)), when);
}

struct Example {
    const char* title;
    OccurrenceKind kind;
    AbsenceKind absence_kind = AbsenceKind::other;
};

constexpr auto none = OccurrenceKind::none;
constexpr auto absence = OccurrenceKind::absence;
constexpr auto night_duty = OccurrenceKind::night_duty;
constexpr auto swap = OccurrenceKind::swap;
constexpr auto cover = OccurrenceKind::cover;
constexpr auto vacation = AbsenceKind::vacation;
constexpr auto sick = AbsenceKind::sick;
constexpr auto out_of_office = AbsenceKind::out_of_office;
constexpr auto holiday = AbsenceKind::holiday;
constexpr auto unavailable = AbsenceKind::unavailable;

}  // namespace

TEST_CASE("absences are recognised by their titles in seven languages") {
    const Example example = GENERATE(values<Example>({
        {"Vacation", absence, vacation},
        {"VACATION in Greece", absence, vacation},
        {"PTO!", absence, vacation},
        {"🏖 vacances", absence, vacation},
        {"Annual leave (approved)", absence, vacation},
        {"Alice - day off", absence, vacation},
        {"Off", absence, vacation},
        {"Alice off", absence, vacation},
        {"OFF 2026", absence, vacation},
        {"Parental leave", absence, vacation},
        {"sick", absence, sick},
        {"Sick leave", absence, sick},
        {"Out of office", absence, out_of_office},
        {"Out-of-Office", absence, out_of_office},
        {"OOO - dentist and bank", absence, out_of_office},
        {"Away", absence, out_of_office},
        {"Unavailable", absence, unavailable},
        {"Bank holiday", absence, holiday},
        {"Holiday", absence, holiday},

        {"Congés d’été", absence, vacation},
        {"CONGE PAYE", absence, vacation},
        {"Conge\xCC\x81 parental", absence, vacation},  // e + combining acute accent
        {"RTT", absence, vacation},
        {"Pont", absence, vacation},
        {"Arrêt maladie", absence, sick},
        {"Enfant malade", absence, sick},
        {"Absent du bureau", absence, out_of_office},
        {"Absent(e)", absence, out_of_office},
        {"Hors du bureau", absence, out_of_office},
        {"Jour férié : Ascension", absence, holiday},

        {"Urlaub", absence, vacation},
        {"Resturlaub/Überstundenabbau", absence, vacation},
        {"Ueberstundenabbau", absence, vacation},
        {"Elternzeit", absence, vacation},
        {"Krankgeschrieben", absence, sick},
        {"Abwesend", absence, out_of_office},
        {"Nicht im Büro", absence, out_of_office},
        {"nicht im Buero", absence, out_of_office},
        {"Außer Haus", absence, out_of_office},
        {"AUSSER HAUS", absence, out_of_office},
        {"Feiertag", absence, holiday},

        {"Vacaciones", absence, vacation},
        {"Día libre", absence, vacation},
        {"Baja médica", absence, sick},
        {"Fuera de la oficina", absence, out_of_office},
        {"Festivo local", absence, holiday},

        {"Ferie", absence, vacation},
        {"In malattia", absence, sick},
        {"Fuori sede", absence, out_of_office},
        {"Fuori dall'ufficio", absence, out_of_office},
        {"Festività", absence, holiday},

        {"Férias de verão", absence, vacation},
        {"Folga", absence, vacation},
        {"Licença-maternidade", absence, vacation},
        {"Atestado médico", absence, sick},
        {"Fora do escritório", absence, out_of_office},
        {"Ausente", absence, out_of_office},
        {"Feriado", absence, holiday},

        {"Vakantie", absence, vacation},
        {"Dag vrĳ", absence, vacation},  // the ligature ĳ
        {"Ziekgemeld", absence, sick},
        {"Afwezig", absence, out_of_office},
        {"Feestdag", absence, holiday},

        {"Ｖａｃａｔｉｏｎ", absence, vacation},  // full-width letters
    }));
    CAPTURE(example.title);
    const Classified classified = team_classifier().classify(occurrence(titled(example.title)), alice);
    CHECK(classified.kind == example.kind);
    CHECK(classified.absence_kind == example.absence_kind);
    CHECK_FALSE(classified.warning);
}

TEST_CASE("titles that only resemble an absence are nothing") {
    const std::string title = GENERATE(
        as<std::string>(), "", "   ", "🏝️", "Busy", "Free", "Frei", "Libre", "Occupé", "Gebucht",
        "Vacationing", "Urlaubsplanung", "Kick-off", "Offsite", "Leave early", "Office hours",
        "Service unavailable: postmortem", "Away day with the team", "Baker & Sons", "Pont de Neuilly",
        "Récupération des données", "Licença de software", "Dar de baja servidor viejo", "Focus time",
        "Home office", "I'll be late", "Illustrator course", "Coffee", "Swap winter tires",
        "Cover letter review", "Échange avec le client", "Cambio de turno", "MRO-Übergabe", "MRO handover",
        "Discover MRO", "\xff\xfe\xfa");
    CAPTURE(title);
    CHECK(kind_of(title) == none);
    CHECK(kind_of(title, night) == none);
}

TEST_CASE("night duty is recognised by its title in seven languages") {
    const std::string title = GENERATE(
        as<std::string>(), "On call", "on-call night", "ONCALL", "On_Call: payments", "Night duty",
        "PagerDuty primary", "Night shift", "Astreinte", "D'astreinte", "Garde de nuit", "Garde",
        "Équipe de nuit", "Rufbereitschaft", "Bereitschaftsdienst", "Nachtschicht", "Pikett",
        "Guardia nocturna", "de guardia", "Turno de noche", "Reperibilità", "REPERIBILITA", "Turno di notte",
        "Plantão", "Sobreaviso", "Nachtdienst", "Piketdienst", "Bereikbaarheidsdienst");
    CAPTURE(title);
    CHECK(kind_of(title, night) == night_duty);
    CHECK(kind_of(title, working_day) == none);  // by day it is only a title
}

TEST_CASE("a category named after night duty counts like the title") {
    EventDetails event = titled("Payments");
    event.categories = {"Work", "On-Call"};
    CHECK(kind_of(event, night) == night_duty);
    event.categories = {"Work", "Vacation"};
    CHECK(kind_of(event, night) == none);
}

TEST_CASE("night duty has at least four hours between 20:00 and 08:00 in the member's zone") {
    // Paris is UTC+1 on 3 March 2026.
    CHECK(kind_of("On call", span("2026-03-03T13:00:00Z", "2026-03-03T22:59:59Z")) == none);  // to 23:59:59
    CHECK(kind_of("On call", span("2026-03-03T13:00:00Z", "2026-03-03T23:00:00Z")) ==
          night_duty);  // to 24:00
    CHECK(kind_of("On call", span("2026-03-03T03:00:01Z", "2026-03-03T15:00:00Z")) == none);
    CHECK(kind_of("On call", span("2026-03-03T03:00:00Z", "2026-03-03T15:00:00Z")) ==
          night_duty);  // from 04:00
    // Two hours of each of two nights make four.
    CHECK(kind_of("On call", span("2026-03-03T05:00:00Z", "2026-03-03T21:00:00Z")) == night_duty);
    CHECK(kind_of("On call", span("2026-03-03T05:00:01Z", "2026-03-03T21:00:00Z")) == none);

    // The same hours are a working day in Montreal's summer.
    Member in_montreal = alice;
    in_montreal.zone = "America/Montreal";
    const Occurrence parisian_night =
        occurrence(titled("On call"), span("2026-07-01T13:00:00Z", "2026-07-01T23:59:00Z"));
    CHECK(team_classifier().classify(parisian_night, in_montreal).kind == none);
    Member in_tokyo = alice;
    in_tokyo.zone = "Asia/Tokyo";
    CHECK(team_classifier().classify(parisian_night, in_tokyo).kind == night_duty);
}

TEST_CASE("an all-day night duty spans the night's hours") {
    Occurrence duty = occurrence(titled("Astreinte"), span("2026-03-02T23:00:00Z", "2026-03-03T23:00:00Z"));
    duty.all_day = DaySpan{parse_day("2026-03-03").value(), parse_day("2026-03-04").value()};
    CHECK(team_classifier().classify(duty, alice).kind == night_duty);
}

TEST_CASE("nights of daylight saving changes are measured in real hours") {
    // Paris, 29 March 2026: 02:00 becomes 03:00, so 00:00 to 05:00 on the clock are four hours.
    CHECK(kind_of("On call", span("2026-03-28T23:00:00Z", "2026-03-29T03:00:00Z")) == night_duty);
    CHECK(kind_of("On call", span("2026-03-28T23:00:00Z", "2026-03-29T02:59:00Z")) == none);
}

TEST_CASE("swaps and covers are recognised by their titles in seven languages") {
    const Example example = GENERATE(values<Example>({
        {"MRO swap", swap},
        {"MRO swap 2026-12-03", swap},
        {"mro-swap", swap},
        {"Swap MRO", swap},
        {"Swap my MRO with Bob", swap},
        {"MRO swap with Bob", swap},
        {"Shift swap", swap},
        {"Swap with Bob", swap},
        {"Swap", swap},
        {"Échange MRO", swap},
        {"Echange d'astreinte avec Bob", swap},
        {"MRO Tausch", swap},
        {"MRO tauschen mit Jürgen", swap},
        {"Diensttausch", swap},
        {"Cambio MRO", swap},
        {"Intercambio de turno", swap},
        {"Scambio turno", swap},
        {"Scambio MRO con Bob", swap},
        {"Troca de plantão", swap},
        {"Troca MRO", swap},
        {"MRO ruilen", swap},
        {"Dienst ruilen met Bob", swap},
        {"MRO cover", cover},
        {"Cover MRO for Alice", cover},
        {"MRO remplacement", cover},
        {"MRO-Vertretung", cover},
        {"Cobertura MRO", cover},
        {"Sostituzione MRO", cover},
        {"Substituição MRO", cover},
        {"MRO vervanging", cover},
        {"Vacation: MRO swap with Bob", swap},  // before absence
        {"MRO swap, on call", swap},            // before night duty
    }));
    CAPTURE(example.title);
    CHECK(kind_of(example.title) == example.kind);
    CHECK(kind_of(example.title, night) == example.kind);
}

TEST_CASE("a phrase that says something else takes its words, and only those") {
    CHECK(kind_of("School holidays") == none);
    CHECK(kind_of("Vacances scolaires zone C") == none);
    CHECK(kind_of("Back from vacation!") == none);
    CHECK(kind_of("Zurück aus dem Urlaub") == none);
    CHECK(kind_of("Zurueck aus dem Urlaub") == none);
    CHECK(kind_of("Pas d'astreinte", night) == none);
    CHECK(kind_of("Vacances scolaires : congé") == absence);
    CHECK(kind_of("Vacances (vacances scolaires)") == absence);
    Keywords extra;
    extra.absence = {"holiday party"};
    const Classifier classifier = classifier_for({alice}, extra);
    CHECK(classifier.classify(occurrence(titled("Holiday party")), alice).kind == absence);
}

TEST_CASE("a team's own keywords are added to the built-in ones") {
    Keywords extra;
    extra.night_duty = {"Dyżur"};
    extra.absence = {"Wolne", "отпуск", "", " - "};
    extra.swap = {"ops swap"};
    extra.cover = {"ops cover"};
    const Classifier classifier = classifier_for({alice}, extra);
    const auto kind = [&](std::string title, Interval when = working_day) {
        return classifier.classify(occurrence(titled(std::move(title)), when), alice).kind;
    };
    CHECK(kind("dyzur", night) == night_duty);
    CHECK(kind("Wolne!") == absence);
    CHECK(kind("ОТПУСК до 5") == absence);
    CHECK(kind("Ops-Swap") == swap);
    CHECK(kind("Ops Cover") == cover);
    CHECK(kind("Vacation") == absence);
    CHECK(kind("Something else") == none);
}

TEST_CASE("only events that the member organises or has accepted count") {
    using enum ParticipationStatus;
    CHECK(kind_of(invitation("Vacation", "boss@example.com", accepted)) == absence);
    CHECK(kind_of(invitation("Vacation", "boss@example.com", needs_action)) == none);
    CHECK(kind_of(invitation("Vacation", "boss@example.com", tentative)) == none);
    CHECK(kind_of(invitation("Vacation", "boss@example.com", delegated)) == none);
    CHECK(kind_of(invitation("Vacation", "boss@example.com", other)) == none);
    CHECK(kind_of(invitation("Vacation", "boss@example.com", declined)) == none);
    CHECK(kind_of(invitation("Vacation", "alice@example.com", accepted)) == absence);
    CHECK(kind_of(invitation("Vacation", "alice@example.com", needs_action)) == absence);
    CHECK(kind_of(invitation("Vacation", "alice@example.com", tentative)) == none);
    CHECK(kind_of(invitation("Vacation", "alice@example.com", declined)) == none);
    CHECK(kind_of(invitation("MRO swap", "bob@example.com", needs_action)) == none);
    CHECK(kind_of(invitation("MRO swap", "bob@example.com", accepted)) == swap);
}

TEST_CASE("a member is found by any of their addresses") {
    EventDetails event = invitation("Vacation", "boss@example.com", ParticipationStatus::declined);
    event.attendees.pop_back();
    CHECK(kind_of(event) == none);
    event.attendees.push_back({id("MAILTO:A.Martin@Example.org"), ParticipationStatus::accepted, ""});
    CHECK(kind_of(event) == absence);
    event.attendees.pop_back();
    event.organizer = id("a.martin@example.org");
    CHECK(kind_of(event) == absence);
}

TEST_CASE("an event to others, organised by others, is not the member's") {
    EventDetails event = titled("Vacation");
    event.organizer = id("boss@example.com");
    event.attendees = {{id("everybody@example.com"), ParticipationStatus::accepted, ""}};
    CHECK(kind_of(event) == none);
    event.organizer.reset();
    CHECK(kind_of(event) == none);
}

TEST_CASE("an event without attendees is the member's own") {
    EventDetails event = titled("Vacation");
    CHECK(kind_of(event) == absence);
    event.organizer = id("hr@example.com");  // as HR tools and METHOD:PUBLISH write it
    CHECK(kind_of(event) == absence);
    event.status = EventStatus::tentative;
    CHECK(kind_of(event) == absence);
    event.status = EventStatus::cancelled;
    CHECK(kind_of(event) == none);
}

TEST_CASE("without a member every event counts that is not cancelled") {
    Member nobody;
    nobody.zone = "Europe/Paris";
    const Classifier classifier = team_classifier();
    const auto kind = [&](EventDetails event) {
        return classifier.classify(occurrence(std::move(event)), nobody).kind;
    };
    CHECK(kind(invitation("Vacation", "boss@example.com", ParticipationStatus::needs_action)) == absence);
    CHECK(kind(titled("Bob vacation")) == absence);
    EventDetails cancelled = titled("Vacation");
    cancelled.status = EventStatus::cancelled;
    CHECK(kind(cancelled) == none);
}

TEST_CASE("what Outlook cancels or declines in the title is nothing") {
    const std::string before = GENERATE(
        as<std::string>(), "Canceled: ", "Cancelled: ", "[CANCELLED] ",
        "Declined: ", "Annulé : ", "Refusé : ", "Abgesagt: ", "Abgelehnt: ", "Cancelado: ", "Rechazado: ",
        "Annullato: ", "Rifiutato: ", "Recusado: ", "Geannuleerd: ", "Afgewezen: ", "Canceled: Declined: ");
    CAPTURE(before);
    for (const char* title : {"Vacation", "Bob vacation", "MRO swap Bob", "MRO cover for Bob", "lunch"}) {
        EventDetails event = titled(before + title);
        event.status = EventStatus::confirmed;
        event.busy_status = BusyStatus::out_of_office;
        const Classified classified = team_classifier().classify(occurrence(event), alice);
        CHECK(classified.kind == none);
        CHECK_FALSE(classified.warning);
    }
    EventDetails duty = titled(before + "Night duty");
    duty.categories = {"On call"};
    CHECK(kind_of(duty, night) == none);
    CHECK(kind_of(before + "Nachtdienst", night) == none);
    CHECK(kind_of("Cancelled flight, vacation") == absence);
    CHECK(kind_of("Declined benefits meeting - vacation") == absence);

    CalendarReading reading;
    reading.occurrences = {occurrence(titled(before + "Company day")), occurrence(titled("Company day"))};
    CHECK(holidays_of(reading).size() == 1);
}

TEST_CASE("of a swap that its guest has declined in the title the no is kept, of a cancelled one nothing") {
    CalendarReading reading;
    reading.occurrences = {occurrence(titled("Declined: MRO swap Bob 9 March")),
                           occurrence(titled("Canceled: MRO swap Bob"))};
    const ClassifiedCalendar calendar = classify_calendar(team_classifier(), reading, alice);
    REQUIRE(calendar.swaps.size() == 1);
    CHECK(calendar.swaps.front().declined);
    CHECK_FALSE(calendar.swaps.front().own);
    CHECK(calendar.swaps.front().title == " mro swap bob 9 march ");
    CHECK(calendar.swaps.front().dates.dates.size() == 1);
}

TEST_CASE("a title that names another member is nothing, with a warning") {
    const std::string title = GENERATE(
        as<std::string>(), "Bob vacation", "Vacation: Bob Durand", "BOB DURAND OOO", "Durand Bob - congés",
        "bob@example.com out of office", "Bob's day off", "Jean-Pierre congés", "jean pierre lefevre malade",
        "Urlaub Jürgen", "Urlaub Juergen Gross", "Urlaub JU\xCC\x88RGEN", "Bob off");
    CAPTURE(title);
    const Classified classified = team_classifier().classify(occurrence(titled(title)), alice);
    CHECK(classified.kind == none);
    REQUIRE(classified.warning);
    CHECK(classified.warning->code == "names_other_member");
    CHECK(classified.warning->message.find("event-1") != std::string::npos);
    CHECK(classified.warning->message.find("2026-03-03T08:00:00Z") != std::string::npos);
    CHECK(classified.warning->message.find("Bob") == std::string::npos);  // titles are private
}

TEST_CASE("a title that names the owner too, or nobody exactly, counts") {
    const std::string title = GENERATE(as<std::string>(), "Alice & Bob vacation", "Alice Martin, Bob: OOO",
                                       "a.martin@example.org + Bob vacation", "Bobby's vacation",
                                       "Vacation in Durand's village", "Jean's vacation", "Vacation");
    CAPTURE(title);
    const Classified classified = team_classifier().classify(occurrence(titled(title)), alice);
    CHECK(classified.kind == absence);
    CHECK_FALSE(classified.warning);
}

TEST_CASE("other members' names matter to nothing else") {
    const Classified lunch = team_classifier().classify(occurrence(titled("Lunch with Bob")), alice);
    CHECK(lunch.kind == none);
    CHECK_FALSE(lunch.warning);
    const Classified swapped = team_classifier().classify(occurrence(titled("MRO swap with Bob")), alice);
    CHECK(swapped.kind == swap);
    CHECK_FALSE(swapped.warning);
}

TEST_CASE("night duty that names another member is theirs") {
    const Classified duty = team_classifier().classify(occurrence(titled("On call: Bob"), night), alice);
    CHECK(duty.kind == none);
    CHECK(duty.warning);
}

TEST_CASE("a name that several members bear means the owner if it can") {
    const Member alex = member("alex.a@example.com", "Alex Archer");
    const Member other_alex = member("alex.b@example.com", "Alex Baker");
    const Member carol = member("carol@example.com", "Carol Alex");
    const Classifier classifier = classifier_for({alex, other_alex, carol});
    const Occurrence vacation_of_alex = occurrence(titled("Alex vacation"));
    CHECK(classifier.classify(vacation_of_alex, alex).kind == absence);
    CHECK(classifier.classify(vacation_of_alex, other_alex).kind == absence);
    CHECK(classifier.classify(vacation_of_alex, carol).kind == none);
    CHECK(classifier.classify(occurrence(titled("Alex Baker vacation")), alex).kind == none);
    CHECK(classifier.classify(occurrence(titled("Carol Alex vacation")), carol).kind == absence);
}

TEST_CASE("the longest name takes its words") {
    const Member jean = member("jean@example.com", "Jean Roux");
    const Member jean_pierre = member("jp@example.com", "Jean-Pierre Blanc");
    const Member martin = member("martin@example.com", "Martin Noir");
    const Classifier classifier = classifier_for({alice, jean, jean_pierre, martin});
    CHECK(classifier.classify(occurrence(titled("Jean-Pierre vacances")), jean).kind == none);
    CHECK(classifier.classify(occurrence(titled("Jean vacances")), jean_pierre).kind == none);
    CHECK(classifier.classify(occurrence(titled("Jean vacances")), jean).kind == absence);
    CHECK(classifier.classify(occurrence(titled("Alice Martin vacances")), martin).kind == none);
    CHECK(classifier.classify(occurrence(titled("Alice Martin vacances")), alice).kind == absence);
}

TEST_CASE("a first name that is an ordinary word does not count alone") {
    const Classifier classifier = classifier_for(
        {alice, member("will@example.com", "Will Smith"), member("may@example.com", "May Jones"),
         member("x@example.com", "J. Doe"), member("n@example.com", "")});
    const auto kind = [&](std::string title) {
        return classifier.classify(occurrence(titled(std::move(title))), alice).kind;
    };
    CHECK(kind("I will be out of office in May") == absence);
    CHECK(kind("Will Smith out of office") == none);
    CHECK(kind("J'ai un congé") == absence);
}

TEST_CASE("umlauts may be written out, composed or decomposed, on either side") {
    const std::string name = GENERATE(as<std::string>(), "Jörg", "Joerg", "Jo\xCC\x88rg");
    const std::string title =
        GENERATE(as<std::string>(), "Jörg Urlaub", "JOERG Urlaub", "Jo\xCC\x88rg Urlaub");
    CAPTURE(name, title);
    const Classifier classifier = classifier_for({alice, member("joerg@example.com", name)});
    CHECK(classifier.classify(occurrence(titled(title)), alice).kind == none);
}

TEST_CASE("names written last name first are the same person") {
    const Classifier classifier = classifier_for({alice, member("bob@example.com", "Durand, Bob")});
    CHECK(classifier.classify(occurrence(titled("Bob vacation")), alice).kind == none);
    CHECK(classifier.classify(occurrence(titled("Durand vacation")), alice).kind == absence);
}

TEST_CASE("keywords and out of office beat transparency and free") {
    EventDetails event = titled("Vacation");
    event.transparent = true;
    event.busy_status = BusyStatus::free;
    CHECK(kind_of(event) == absence);

    EventDetails untold = titled("Trip");
    untold.transparent = true;
    const auto with = [&untold](BusyStatus status) {
        untold.busy_status = status;
        return kind_of(untold);
    };
    CHECK(with(BusyStatus::out_of_office) == absence);
    CHECK(with(BusyStatus::free) == none);
    CHECK(with(BusyStatus::working_elsewhere) == none);
    CHECK(with(BusyStatus::busy) == none);
    CHECK(with(BusyStatus::tentative) == none);
    CHECK(with(BusyStatus::unspecified) == none);
}

TEST_CASE("free/busy and availability say unavailable and nothing else") {
    for (const ComponentKind component : {ComponentKind::free_busy, ComponentKind::availability}) {
        EventDetails event = titled("Vacation");  // a title they do not have
        event.component = component;
        event.organizer = id("boss@example.com");
        event.busy_status = BusyStatus::busy;
        CHECK(kind_of(event) == none);
        event.busy_status = BusyStatus::out_of_office;
        const Classified away = team_classifier().classify(occurrence(event), alice);
        CHECK(away.kind == absence);
        CHECK(away.absence_kind == unavailable);
    }
}

TEST_CASE("a whole calendar becomes availability, swaps and one warning for a series") {
    const Interval next_day = span("2026-03-04T08:00:00Z", "2026-03-04T17:00:00Z");
    CalendarReading reading;
    reading.warnings = {{"unknown_zone", "as the reader said"}};
    reading.occurrences = {
        occurrence(titled("Vacation"), next_day),
        occurrence(titled("On call"), night),
        occurrence(titled("Sick"), working_day),
        occurrence(titled("Bob vacation"), working_day),
        occurrence(titled("Bob vacation"), next_day),
        occurrence(titled("MRO swap"), working_day),
        occurrence(titled("MRO cover"), next_day),
        occurrence(titled("Sick"), {working_day.start, working_day.start}),
    };
    reading.occurrences.front().all_day =
        DaySpan{parse_day("2026-03-04").value(), parse_day("2026-03-05").value()};
    const ClassifiedCalendar calendar = classify_calendar(team_classifier(), reading, alice);

    REQUIRE(calendar.availability.absences.size() == 2);
    CHECK(calendar.availability.absences[0] == Absence{working_day, std::nullopt, sick});
    CHECK(calendar.availability.absences[1].when == next_day);
    CHECK(calendar.availability.absences[1].all_day == reading.occurrences.front().all_day);
    CHECK(calendar.availability.night_duties == std::vector{night});
    REQUIRE(calendar.swaps.size() == 2);
    CHECK(calendar.swaps[0].title == " mro swap ");
    REQUIRE(calendar.warnings.size() == 2);
    CHECK(calendar.warnings[0].code == "unknown_zone");
    CHECK(calendar.warnings[1].code == "names_other_member");
}

TEST_CASE("every confirmed occurrence of a holiday calendar is a holiday") {
    EventDetails tentative = titled("Eid");
    tentative.status = EventStatus::tentative;
    EventDetails cancelled = titled("Moved");
    cancelled.status = EventStatus::cancelled;
    CalendarReading reading;
    reading.occurrences = {occurrence(titled("Toussaint")), occurrence(tentative), occurrence(cancelled)};
    const std::vector<Absence> holidays = holidays_of(reading);
    REQUIRE(holidays.size() == 1);
    CHECK(holidays.front() == Absence{working_day, std::nullopt, holiday});
}

TEST_CASE("kinds have the names that scripts see") {
    CHECK(occurrence_kind_name(none) == "none");
    CHECK(occurrence_kind_name(absence) == "absence");
    CHECK(occurrence_kind_name(night_duty) == "night_duty");
    CHECK(occurrence_kind_name(swap) == "swap");
    CHECK(occurrence_kind_name(cover) == "cover");
}

}  // namespace classify_test
