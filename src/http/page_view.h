// The parts of the web page that are made here, so that they are there without any script: who is on duty,
// the next two weeks, the addresses to subscribe to. Pure: from what the notice board shows.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "http/html.h"
#include "http/page_words.h"
#include "service/notice_board.h"
#include "watchbill/incident.h"

namespace watchbill::http {

struct PageView {
    const TeamNotice& notice;
    const Words& words;
    Instant now;
    std::string_view public_url;                          // without a trailing slash
    std::optional<std::vector<Incident>> incidents = {};  // the open ones, newest first; unset: not known now
};

// <section id="today">. Says so where there is no plan yet.
Html today_view(const PageView& view);
// What of it is about incidents: who leads and helps in each, and who has answered. Empty where none is open.
Html open_incidents_view(const PageView& view);
// <section id="sheet">: a table of the next 14 days, which is what is printed.
Html sheet_view(const PageView& view);
// <section id="subscribe">: every feed of the team, with one-click links.
Html subscribe_view(const PageView& view);

// What the views share.
// "<time datetime=...>18:00</time>", by the team's clocks.
Html time_element(const PageView& view, Instant at);
// A link that writes a mail to them.
Html address_of(const MemberId& member);
// The sentence of that name with `inner` in the place of {0}: "until <time>18:00</time>".
Html around(const Words& words, std::string_view sentence, const Html& inner);
// "Alice Martin", or "nobody".
Html holder_of(const PageView& view, const Assignment& assignment);

}  // namespace watchbill::http
