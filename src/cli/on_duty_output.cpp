#include "cli/on_duty_output.h"

#include "cli/terminal_text.h"
#include "rotation/duty/on_duty.h"
#include "rotation/planning/reasons.h"
#include "texts/phrases.h"

namespace watchbill::cli {

std::string on_duty_in_words(const DutyInput& input, Instant at) {
    const Team& team = *input.team;
    std::string text;
    const auto line = [&text](const std::string& words) { text += terminal_safe(words) + '\n'; };
    line(say_answer(team, duty_chain_at(input, at), at));
    for (const OnDuty& duty : on_duty_at(team, *input.plan, at)) {
        const Zone zone = zone_of_rotation(team, duty.rotation);
        const auto moment = [&](Instant when) { return say_moment(zone, when, zone.day_of(at)); };
        const std::string title = say_rotation(team, duty.rotation);
        if (duty.current) {
            line(title + ": " + say_holder(team, *duty.current) + ", until " +
                 moment(duty.current->shift.when.end) + " (" + zone.name() + ")");
            line("  why: " + say_why_on_duty(team, *duty.current));
        } else {
            line(title + ": nobody, no shift is running");
        }
        if (duty.next) {
            line("  next: " + say_holder(team, *duty.next) + ", from " + moment(duty.next->shift.when.start) +
                 " (" + zone.name() + ")");
        }
    }
    return text;
}

}  // namespace watchbill::cli
