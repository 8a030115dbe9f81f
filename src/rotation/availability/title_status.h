// The no that calendars write into titles: "Canceled: Vacation", "[CANCELLED] Night duty", "Refusé : MRO
// swap". Outlook publishes cancelled and declined events so, with STATUS:CONFIRMED and without attendees
// (CALENDARS.md 28); mail programs and Google use the same words. Pure, thread-safe.
//
// Only what stands before the title counts, and only in two forms: words and a colon (also full-width, also
// with blanks before it, as French writes it), or words in brackets. The words are such as "Canceled", alone
// or beside a noun for the event ("Event canceled:", "Termin abgesagt:"), in any case and with or without
// accents. Prefixes of replies, forwards and gateways ("Re:", "AW:", "[External]") may stand before them, and
// several may follow each other. So "Cancelled flight, vacation", "Declined benefits: vacation" and
// "Cancelled - vacation" stay what they say: better an absence too many than one lost.
#pragma once

#include <string_view>

namespace watchbill {

enum class TitleStatus {
    none,
    cancelled,  // by whoever organises it
    declined,   // by the calendar's owner
};

struct TitleReading {
    TitleStatus status = TitleStatus::none;  // of several the first, which was written last
    std::string_view rest;                   // behind the prefixes; the whole title without a status
};

// `title` is UTF-8 of any size and content; what comes back points into it.
TitleReading read_title_status(std::string_view title);

}  // namespace watchbill
