#include <algorithm>
#include <array>

#include "http/page_assets.h"
#include "http/page_view.h"
#include "rotation/duty/duty_chain.h"
#include "rotation/duty/on_duty.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill::http {

namespace {

// Beyond that a shift without rest is no news that anybody must act on today.
constexpr Duration soon = std::chrono::days(14);
constexpr size_t most_named_days = 6;

Html line(const char* css_class, const Html& content) {
    return Html::element("p", css_class, content) + Html::markup("\n");
}

Html card(const char* state, const Html& title, const Html& lines) {
    return Html::fill(asset_text("card.html"),
                      {{"state", Html::text(state)}, {"title", title}, {"lines", lines}});
}

Html person(const PageView& view, const MemberId& member, const Html& more) {
    const Html name = Html::element("strong", "", Html::text(say_member(*view.notice.team, member)));
    return Html::element("li", "", name + Html::markup(" ") + more) + Html::markup("\n");
}

Html rule_of(const PageView& view, const DutyLink& link) {
    const Words& words = view.words;
    switch (link.rule) {
        case DutyRule::rotation:
            return words.html("rule_rotation", {say_rotation(*view.notice.team, link.rotation)});
        case DutyRule::night_duty: return words.html("rule_night_duty");
        case DutyRule::backup: return words.html(link.absent ? "rule_backup_absent" : "rule_backup");
        case DutyRule::reporter: break;
    }
    return {};
}

Html others_in(const PageView& view, const DutyChain& chain) {
    if (chain.links.size() < 2) return {};
    Html items;
    for (size_t i = 1; i < chain.links.size(); ++i) {
        const DutyLink& link = chain.links[i];
        items += person(
            view, link.member,
            Html::element("span", "", rule_of(view, link)) + Html::markup(" ") + address_of(link.member));
    }
    return Html::element(
        "div", "others",
        Html::element("p", "", view.words.html("no_answer")) + Html::element("ol", "", items));
}

Html until_of(const PageView& view, const std::optional<Instant>& until) {
    if (!until) return {};
    const Html left = view.words.html("left", {view.words.duration(*until - view.now)});
    return around(view.words, "until", time_element(view, *until)) + Html::markup(" ") +
           Html::element("span", "left", left);
}

// Who holds a running shift and is passed over.
Html away_in(const PageView& view, const DutyChain& chain) {
    Html lines;
    for (const AwayHolder& holder : chain.away) {
        const Html kind = view.words.html("kind_" + std::string(absence_kind_name(holder.kind)));
        const bool began = holder.when.start > holder.shift.start;
        lines += line("away",
                      Html::element("strong", "", Html::text(say_member(*view.notice.team, holder.member))) +
                          Html::markup(" ") + view.words.html("holder_away") + Html::markup(" ") + kind +
                          (began ? Html::markup(" ") +
                                       around(view.words, "since", time_element(view, holder.when.start))
                                 : Html()));
    }
    return lines;
}

Html hero(const PageView& view) {
    const TeamNotice& notice = view.notice;
    const DutyChain chain =
        duty_chain_at({notice.team.get(), notice.plan.get(), notice.availability.get()}, view.now);
    const auto answer = chain.answer();
    HtmlParts parts{{"state", Html::text(answer ? "held" : "open")},
                    {"label", view.words.html("on_duty_now")},
                    {"away", away_in(view, chain)},
                    {"name", view.words.html("nobody")},
                    {"until", until_of(view, chain.until)},
                    {"rule", view.words.html("rule_nobody")},
                    {"contact", {}},
                    {"others", others_in(view, chain)}};
    if (answer) {
        parts["name"] = Html::text(say_member(*notice.team, answer->member));
        parts["rule"] = rule_of(view, *answer);
        parts["contact"] = line("contact", address_of(answer->member));
    }
    return Html::fill(asset_text("hero.html"), parts);
}

Html next_of(const PageView& view, const OnDuty& duty) {
    if (!duty.next) return line("next", view.words.html("no_next"));
    const Html who = Html::element("strong", "", holder_of(view, *duty.next));
    return line("next", around(view.words, "next", who) + Html::markup(", ") +
                            time_element(view, duty.next->shift.when.start));
}

Html rotation_card(const PageView& view, const OnDuty& duty) {
    const Html title = Html::text(say_rotation(*view.notice.team, duty.rotation));
    if (!duty.current)
        return card("idle", title, line("name", view.words.html("no_shift")) + next_of(view, duty));
    Html lines = line("name", holder_of(view, *duty.current)) +
                 line("until", until_of(view, duty.current->shift.when.end));
    if (!duty.current->reasons.empty() && duty.current->member) {
        const std::string code(reason_name(duty.current->reasons.front().code));
        lines += line("why", view.words.html("reason_" + code));
    }
    return card(duty.current->member ? "running" : "uncovered", title, lines + next_of(view, duty));
}

Html list_card(const Html& title, const Html& items, const Html& otherwise) {
    if (items.empty()) return card("idle", title, line("name", otherwise));
    return card("", title, Html::element("ul", "people", items));
}

// Now, or in the night that comes.
Html night_card(const PageView& view) {
    const Interval window{view.now, view.now + std::chrono::hours(24)};
    Html items;
    for (const auto& [member, theirs] : *view.notice.availability) {
        for (const Interval& night : theirs.night_duties) {
            if (!night.overlaps(window)) continue;
            const bool running = night.contains(view.now);
            const Html when = running ? around(view.words, "until", time_element(view, night.end))
                                      : around(view.words, "from", time_element(view, night.start));
            items += person(view, member, when);
            break;
        }
    }
    return list_card(view.words.html("night_duty"), items, view.words.html("no_night_duty"));
}

Html away_card(const PageView& view) {
    Html items;
    for (const auto& [member, theirs] : *view.notice.availability) {
        const auto found =
            std::find_if(theirs.absences.begin(), theirs.absences.end(),
                         [&](const Absence& absence) { return absence.when.contains(view.now); });
        if (found == theirs.absences.end()) continue;
        const Html kind = view.words.html("kind_" + std::string(absence_kind_name(found->kind)));
        // An all-day absence ends when its last day does.
        const Html end =
            found->all_day ? view.words.html(
                                 "to_day", {view.words.short_day(found->all_day->end - std::chrono::days(1))})
                           : around(view.words, "until", time_element(view, found->when.end));
        items += person(view, member, kind + Html::markup(", ") + end);
    }
    return list_card(view.words.html("away_now"), items, view.words.html("nobody_away"));
}

Html alert(const char* state, const Html& title, const Html& content) {
    return Html::element("li", state, Html::element("strong", "", title) + Html::markup(" ") + content) +
           Html::markup("\n");
}

Html day_list(const PageView& view, const std::vector<const Assignment*>& assignments) {
    std::string days;
    for (size_t i = 0; i < std::min(assignments.size(), most_named_days); ++i) {
        const ShiftKey& key = assignments[i]->shift.key;
        days += (i == 0 ? "" : "; ") + view.words.short_day(key.date) + " (" +
                say_rotation(*view.notice.team, key.rotation) + ")";
    }
    if (assignments.size() > most_named_days)
        days += " " + view.words.say("and_more", {std::to_string(assignments.size() - most_named_days)});
    return Html::text(days);
}

Html plan_alerts(const PageView& view) {
    std::vector<const Assignment*> uncovered;
    std::vector<const Assignment*> tired;
    for (const Assignment& assignment : view.notice.plan->assignments) {
        if (assignment.shift.when.end <= view.now) continue;
        if (!assignment.member) uncovered.push_back(&assignment);
        if (assignment.rest_broken && assignment.shift.when.start < view.now + soon)
            tired.push_back(&assignment);
    }
    Html alerts;
    if (!uncovered.empty())
        alerts += alert("bad", view.words.html("uncovered", {std::to_string(uncovered.size())}),
                        day_list(view, uncovered));
    if (!tired.empty()) alerts += alert("warn", view.words.html("rest_broken"), day_list(view, tired));
    return alerts;
}

Html source_alerts(const PageView& view) {
    Html alerts;
    for (const SourceState& source : view.notice.sources) {
        // A copy from before the start is stale until it was asked for, which is no trouble.
        const bool stale = source.health == SourceHealth::stale && source.last_error;
        const bool failing = source.health == SourceHealth::failing;
        if (!stale && !failing) continue;
        const Html since = source.last_success
                               ? around(view.words, "last_read", time_element(view, *source.last_success))
                               : view.words.html("never_read");
        alerts +=
            alert(failing ? "bad" : "warn", view.words.html(failing ? "calendar_failing" : "calendar_stale"),
                  Html::text(source.label) + Html::markup(" – ") + since);
    }
    return alerts;
}

Html alert_list(const Html& alerts) {
    return alerts.empty() ? Html() : Html::element("ul", "alerts", alerts);
}

}  // namespace

Html address_of(const MemberId& member) {
    const Html email = Html::text(member.email());
    return Html::markup("<a href=\"mailto:") + email + Html::markup("\">") + email + Html::markup("</a>");
}

Html around(const Words& words, std::string_view sentence, const Html& inner) {
    const std::string text = words.say(sentence);
    const size_t place = std::min(text.find("{0}"), text.size());
    const size_t rest = std::min(text.size(), place + 3);
    return Html::text(std::string_view(text).substr(0, place)) + inner +
           Html::text(std::string_view(text).substr(rest));
}

Html time_element(const PageView& view, Instant at) {
    const Zone zone = Zone::get(view.notice.team->zone);
    return Html::markup("<time datetime=\"") + Html::text(format_instant(at)) + Html::markup("\">") +
           Html::text(view.words.moment(zone, at, view.now)) + Html::markup("</time>");
}

Html holder_of(const PageView& view, const Assignment& assignment) {
    if (!assignment.member) return view.words.html("nobody");
    return Html::text(say_member(*view.notice.team, *assignment.member));
}

Html today_view(const PageView& view) {
    const Team& team = *view.notice.team;
    HtmlParts parts{{"today", view.words.html("today")},
                    {"date", Html::text(view.words.day(Zone::get(team.zone).day_of(view.now)))},
                    {"incidents", open_incidents_view(view)},
                    {"alerts", {}},
                    {"hero", {}},
                    {"cards", {}},
                    {"zone_note", view.words.html("zone_note", {view.words.place(team.zone)})}};
    if (!view.notice.ready()) {
        parts["alerts"] =
            alert_list(alert("warn", view.words.html("no_plan_yet"), view.words.html("no_plan_yet_more")));
        return Html::fill(asset_text("today.html"), parts);
    }
    parts["alerts"] = alert_list(plan_alerts(view) + source_alerts(view));
    parts["hero"] = hero(view);
    Html cards;
    for (const OnDuty& duty : on_duty_at(team, *view.notice.plan, view.now))
        cards += rotation_card(view, duty);
    parts["cards"] = cards + night_card(view) + away_card(view);
    return Html::fill(asset_text("today.html"), parts);
}

}  // namespace watchbill::http
