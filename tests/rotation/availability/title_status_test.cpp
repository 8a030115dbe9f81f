#include "rotation/availability/title_status.h"

#include <catch2/catch.hpp>
#include <string>

namespace title_status_test {

using namespace watchbill;

namespace {

struct Example {
    const char* title;
    TitleStatus status;
    const char* rest;
};

constexpr auto none = TitleStatus::none;
constexpr auto cancelled = TitleStatus::cancelled;
constexpr auto declined = TitleStatus::declined;

void check(const Example& example) {
    CAPTURE(example.title);
    const TitleReading reading = read_title_status(example.title);
    CHECK(static_cast<int>(reading.status) == static_cast<int>(example.status));
    std::string rest(reading.rest);
    rest.erase(0, rest.find_first_not_of(' '));
    CHECK(rest == example.rest);
}

}  // namespace

TEST_CASE("the no before a title is read in many languages") {
    check(GENERATE(values<Example>({
        {"Canceled: Vacation", cancelled, "Vacation"},
        {"Cancelled: Vacation", cancelled, "Vacation"},
        {"CANCELLED: Vacation", cancelled, "Vacation"},
        {"cancelled : Vacation", cancelled, "Vacation"},
        {"Canceled:Vacation", cancelled, "Vacation"},
        {"Declined: MRO swap Alice / Bob", declined, "MRO swap Alice / Bob"},
        {"Canceled event: Night duty @ Mon", cancelled, "Night duty @ Mon"},
        {"Annulé : Vacances", cancelled, "Vacances"},
        {"Annulé\xC2\xA0: Vacances", cancelled, "Vacances"},
        {"Annulé\xE2\x80\xAF: Vacances", cancelled, "Vacances"},
        {"ANNULÉE: Vacances", cancelled, "Vacances"},
        {"Annule: Vacances", cancelled, "Vacances"},
        {"Annule\xCC\x81 : Vacances", cancelled, "Vacances"},
        {"Annulé(e) : Vacances", cancelled, "Vacances"},
        {"Événement annulé : Congés", cancelled, "Congés"},
        {"Refusé : Astreinte", declined, "Astreinte"},
        {"Refusée: Astreinte", declined, "Astreinte"},
        {"Abgesagt: Urlaub", cancelled, "Urlaub"},
        {"Termin abgesagt: Urlaub", cancelled, "Urlaub"},
        {"Entfällt: Urlaub", cancelled, "Urlaub"},
        {"Entfaellt: Urlaub", cancelled, "Urlaub"},
        {"Abgelehnt: MRO Tausch", declined, "MRO Tausch"},
        {"Cancelado: Vacaciones", cancelled, "Vacaciones"},
        {"Cancelada: Guardia", cancelled, "Guardia"},
        {"Rechazado: MRO cambio", declined, "MRO cambio"},
        {"Annullato: Ferie", cancelled, "Ferie"},
        {"Rifiutato: MRO scambio", declined, "MRO scambio"},
        {"Cancelado: Férias", cancelled, "Férias"},
        {"Recusado: MRO troca", declined, "MRO troca"},
        {"Geannuleerd: Vakantie", cancelled, "Vakantie"},
        {"Afgewezen: MRO ruil", declined, "MRO ruil"},
        {"Geweigerd: MRO ruil", declined, "MRO ruil"},
        {"Inställt: Semester", cancelled, "Semester"},
        {"Aflyst: Ferie", cancelled, "Ferie"},
        {"Avlyst: Ferie", cancelled, "Ferie"},
        {"Peruutettu: Loma", cancelled, "Loma"},
        {"Odwołane: Urlop", cancelled, "Urlop"},
        {"Odrzucono: MRO", declined, "MRO"},
        {"Zrušeno: Dovolená", cancelled, "Dovolená"},
        {"İptal edildi: İzin", cancelled, "İzin"},
        {"Отменено: Отпуск", cancelled, "Отпуск"},
        {"ОТКЛОНЕНО: Отпуск", declined, "Отпуск"},
        {"キャンセル済み：休暇", cancelled, "休暇"},
        {"已取消：休假", cancelled, "休假"},
        {"已拒绝: MRO", declined, "MRO"},
        {"취소됨: 휴가", cancelled, "휴가"},
    })));
}

TEST_CASE("the no before a title may stand in brackets, behind a reply's mark, and more than once") {
    check(GENERATE(values<Example>({
        {"[CANCELLED] Vacation", cancelled, "Vacation"},
        {"[Canceled]: Vacation", cancelled, ": Vacation"},
        {"[Canceled:] Vacation", cancelled, "Vacation"},
        {"(Declined) MRO swap", declined, "MRO swap"},
        {"{Annulé} Vacances", cancelled, "Vacances"},
        {"【キャンセル】休暇", cancelled, "休暇"},
        {"［CANCELLED］ Vacation", cancelled, "Vacation"},
        {"  [ Abgesagt ]  Urlaub", cancelled, "Urlaub"},
        {"Ｃａｎｃｅｌｅｄ： Vacation", cancelled, "Vacation"},
        {"❌ Canceled: Vacation", cancelled, "Vacation"},
        {"Canceled: Declined: MRO swap", cancelled, "MRO swap"},
        {"Declined: Canceled: MRO swap", declined, "MRO swap"},
        {"Abgelehnt: Canceled: [CANCELLED] MRO swap", declined, "MRO swap"},
        {"Re: Canceled: Vacation", cancelled, "Vacation"},
        {"Re[2]: FW: Canceled: Vacation", cancelled, "Vacation"},
        {"AW: WG: Abgesagt: Urlaub", cancelled, "Urlaub"},
        {"Canceled: Re: Declined: Vacation", cancelled, "Vacation"},
        {"TR : RE : Annulé : Vacances", cancelled, "Vacances"},
        {"[External] Declined: MRO swap", declined, "MRO swap"},
        {"Accepted: Canceled: MRO swap", cancelled, "MRO swap"},
        {"Canceled:", cancelled, ""},
    })));
}

TEST_CASE("a title that speaks of something cancelled is no cancelled title") {
    const std::string title =
        GENERATE(as<std::string>(), "", ":", "[", "[]", "Vacation", "Cancelled flight vacation",
                 "Cancelled flight: vacation", "Declined benefits meeting - vacation", "Cancelled - Vacation",
                 "Cancelled – Vacation", "Canceled Vacation", "Vacation: canceled flight",
                 "Vacation: Canceled: flight", "Vacation (trip canceled)", "Cancelled 10:30 flight, vacation",
                 "[Cancelled flight] Vacation", "[Cancelled: flight] Vacation", "(Cancelled flight) vacation",
                 "Not canceled: Vacation", "Cancel: Vacation", "Uncancelled: Vacation", "Re: Vacation",
                 "FW: [External] Vacation", "Annulée la réunion, congés", "Abgesagter Flug: Urlaub",
                 "Cancellations team: on call", "10:00 Canceled: Vacation", "Accepted: MRO swap",
                 "Cancelled] Vacation", "Alice: Canceled: Vacation", "\xff\xfe: x", "\xE2\x80",
                 "Canceled and again and again and again and again and again and again and again and again "
                 "and again: Vacation");
    CAPTURE(title);
    const TitleReading reading = read_title_status(title);
    CHECK((reading.status == none));
    CHECK(reading.rest == title);
}

TEST_CASE("a long title of prefixes alone is read in no time") {
    std::string title;
    for (int i = 0; i < 100'000; ++i) title += "Re: ";
    CHECK((read_title_status(title).status == none));
    title += "Canceled: x";
    CHECK((read_title_status(title).status == cancelled));
    CHECK((read_title_status(std::string(1'000'000, '[')).status == none));
}

}  // namespace title_status_test
