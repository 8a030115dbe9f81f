#include "rotation/duty/override_phrases.h"

#include "rotation/duty/brief.h"
#include "rotation/planning/reasons.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

std::string say_dated_shift(const Team& team, const ShiftKey& key) {
    return say_rotation(team, key.rotation) + " on " + format_date_of_week(key.date);
}

}  // namespace

std::string say_ended_override(const Team& team, const EndedOverride& ended, const Assignment& now_held) {
    const std::string who = say_member(team, ended.fixed.member);
    return say_dated_shift(team, ended.fixed.shift) + ", which was given to " + who +
           ", goes back to the plan: " + who + " is " + say_why_ended(team, now_held.shift, ended.why) +
           ". " + say_holder(team, now_held) + " has it now.";
}

OverrideMail ended_override_mail(const Team& team, const EndedOverride& ended, const Assignment& now_held,
                                 const MemberId& recipient) {
    const Override& fixed = ended.fixed;
    OverrideMail mail;
    mail.subject = team.title + ": " + say_dated_shift(team, fixed.shift) + " is not " +
                   say_member(team, fixed.member) + "'s any more";
    mail.text = "Hello " + say_member(team, recipient) + ",\n\n" + say_ended_override(team, ended, now_held) +
                "\n\n" + say_author(team, fixed.by) + " had given it to " + say_member(team, fixed.member) +
                (fixed.reason.empty() ? "." : " (" + fixed.reason + ").");
    if (team.find_member(fixed.member) != nullptr) {
        mail.text +=
            " It does not come back by itself. Whoever administers the rotation can give the shift "
            "to somebody else, or to " +
            say_member(team, fixed.member) + " all the same.";
    }
    mail.text += "\n";
    return mail;
}

}  // namespace watchbill
