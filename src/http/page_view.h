// The parts of the web page that are made here, so that they are there without any script: who is on duty,
// the next two weeks, the addresses to subscribe to. Pure: from what the notice board shows.
#pragma once

#include <string_view>

#include "http/html.h"
#include "http/page_words.h"
#include "service/notice_board.h"

namespace watchbill::http {

struct PageView {
    const TeamNotice& notice;
    const Words& words;
    Instant now;
    std::string_view public_url;  // without a trailing slash
};

// <section id="today">. Says so where there is no plan yet.
Html today_view(const PageView& view);
// <section id="sheet">: a table of the next 14 days, which is what is printed.
Html sheet_view(const PageView& view);
// <section id="subscribe">: every feed of the team, with one-click links.
Html subscribe_view(const PageView& view);

// What the views share.
// "<time datetime=...>18:00</time>", by the team's clocks.
Html time_element(const PageView& view, Instant at);
// "Alice Martin", or "nobody".
Html holder_of(const PageView& view, const Assignment& assignment);

}  // namespace watchbill::http
