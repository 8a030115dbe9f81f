#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "http/page_assets.h"
#include "http/page_view.h"
#include "rotation/fairness/shift_classes.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill::http {

namespace {

constexpr int days_shown = 14;

const Assignment* find_shift(const Plan& plan, const std::string& rotation, Day date) {
    const auto found = std::find_if(
        plan.assignments.begin(), plan.assignments.end(),
        [&](const Assignment& a) { return a.shift.key.date == date && a.shift.key.rotation == rotation; });
    return found == plan.assignments.end() ? nullptr : &*found;
}

Html shift_cell(const PageView& view, const Assignment* shift) {
    if (shift == nullptr) return Html::element("td", "none", Html::markup("–"));
    const Zone zone = Zone::get(view.notice.team->zone);
    const std::string hours =
        view.words.time(zone, shift->shift.when.start) + "–" + view.words.time(zone, shift->shift.when.end);
    const char* const state = !shift->member ? "uncovered" : shift->rest_broken ? "tired" : "";
    Html cell = Html::element("strong", "", holder_of(view, *shift)) + Html::markup(" ") +
                Html::element("span", "hours", Html::text(hours));
    if (shift->overridden)
        cell += Html::markup(" ") + Html::element("span", "tag", view.words.html("changed"));
    return Html::element("td", state, cell);
}

// Who is away that day and who is on duty the night that begins on it: one line for each kind, so that a
// holiday of everybody is one too.
Html notes_cell(const PageView& view, Day day) {
    const Team& team = *view.notice.team;
    const Interval whole_day = Zone::get(team.zone).interval_of({day, day + std::chrono::days(1)});
    std::vector<std::pair<std::string, std::string>> lines;  // kind, names
    const auto note = [&](const MemberId& member, const std::string& kind) {
        auto line =
            std::find_if(lines.begin(), lines.end(), [&](const auto& one) { return one.first == kind; });
        if (line == lines.end()) line = lines.insert(line, {kind, ""});
        line->second += (line->second.empty() ? "" : ", ") + say_member(team, member);
    };
    for (const auto& [member, theirs] : *view.notice.availability) {
        const auto away =
            std::find_if(theirs.absences.begin(), theirs.absences.end(),
                         [&](const Absence& absence) { return absence.when.overlaps(whole_day); });
        if (away != theirs.absences.end())
            note(member, view.words.say("kind_" + std::string(absence_kind_name(away->kind))));
        for (const Interval& night : theirs.night_duties)
            if (whole_day.contains(night.start)) note(member, view.words.say("night_duty"));
    }
    Html items;
    for (const auto& [kind, names] : lines)
        items += Html::element("li", "", view.words.html("name_and_kind", {names, kind}));
    return Html::element("td", "notes", items.empty() ? Html() : Html::element("ul", "", items));
}

Html row(const PageView& view, Day day, Day today) {
    Html cells;
    for (const Rotation& rotation : view.notice.team->rotations)
        cells += shift_cell(view, find_shift(*view.notice.plan, rotation.name, day));
    const char* const state = day == today ? "this-day" : is_weekend(day) ? "weekend" : "";
    const Html head = Html::markup("<th scope=\"row\"><time datetime=\"") + Html::text(format_day(day)) +
                      Html::markup("\">") + Html::text(view.words.short_day(day)) +
                      Html::markup("</time></th>");
    return Html::element("tr", state, head + cells + notes_cell(view, day)) + Html::markup("\n");
}

}  // namespace

Html sheet_view(const PageView& view) {
    if (!view.notice.ready()) return {};
    const Team& team = *view.notice.team;
    const Day today = Zone::get(team.zone).day_of(view.now);
    Html columns;
    for (const Rotation& rotation : team.rotations)
        columns += Html::markup("<th scope=\"col\">") + Html::text(rotation.title) + Html::markup("</th>");
    Html rows;
    for (int i = 0; i < days_shown; ++i) rows += row(view, today + std::chrono::days(i), today);
    const Day last = today + std::chrono::days(days_shown - 1);
    return Html::fill(asset_text("sheet.html"),
                      {{"title", view.words.html("sheet_title", {team.title})},
                       {"note", view.words.html("sheet_note", {view.words.day(today), view.words.day(last),
                                                               view.words.place(team.zone)})},
                       {"sheet", view.words.html("sheet")},
                       {"day", view.words.html("day")},
                       {"columns", columns},
                       {"notes", view.words.html("notes")},
                       {"rows", rows}});
}

}  // namespace watchbill::http
