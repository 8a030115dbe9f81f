#include <algorithm>

#include "http/page_assets.h"
#include "http/page_view.h"

namespace watchbill::http {

namespace {

// The newest ones are shown, and how many there are in all is said.
constexpr size_t most_shown = 20;

// What an expert helps with: "database, network", or nothing for who was only named.
std::string skills_of(const Invitation& expert) {
    constexpr std::string_view prefix = "skill:";
    std::string skills;
    for (const std::string& slot : expert.slots) {
        if (!slot.starts_with(prefix)) continue;
        skills += (skills.empty() ? "" : ", ") + slot.substr(prefix.size());
    }
    return skills;
}

Html role_of(const PageView& view, const Invitation& one) {
    switch (one.role) {
        case IncidentRole::commander: return view.words.html("incident_commander");
        case IncidentRole::stand_in: return view.words.html("incident_stand_in");
        case IncidentRole::expert: break;
        case IncidentRole::reporter: return view.words.html("incident_reported_by");
    }
    const std::string skills = skills_of(one);
    return skills.empty() ? view.words.html("incident_expert") : Html::text(skills);
}

Html person(const PageView& view, const Invitation& one) {
    const std::string answer(participation_name(one.rsvp));
    return Html::fill(asset_text("person.html"),
                      {{"role", role_of(view, one)},
                       {"name", Html::text(one.name.empty() ? one.member.email() : one.name)},
                       {"rsvp", Html::text(answer)},
                       {"answer", view.words.html("rsvp_" + answer)},
                       {"address", address_of(one.member)}});
}

Html unfilled_of(const PageView& view, const Incident& incident) {
    std::string skills;
    for (const std::string& skill : incident.unfilled()) skills += (skills.empty() ? "" : ", ") + skill;
    if (skills.empty()) return {};
    return Html::element("p", "complaint", view.words.html("incident_still_unfilled", {skills}));
}

Html join_of(const PageView& view, const Incident& incident) {
    if (!is_web_address(incident.conference)) return {};
    return Html::markup("<a class=\"button\" rel=\"noreferrer\" href=\"") + Html::text(incident.conference) +
           Html::markup("\">") + view.words.html("incident_join") + Html::markup("</a>");
}

Html article(const PageView& view, const Incident& incident) {
    const std::string severity(severity_name(incident.severity));
    Html people;
    for (const Invitation& one : incident.invitations)
        if (one.role != IncidentRole::reporter) people += person(view, one);
    return Html::fill(
        asset_text("incident.html"),
        {{"severity", Html::text(severity)},
         {"severity_name", view.words.html("short_" + severity)},
         {"title", Html::text(incident.title)},
         {"since", around(view.words, "incident_since", time_element(view, incident.when.start))},
         {"people", people},
         {"unfilled", unfilled_of(view, incident)},
         {"join", join_of(view, incident)},
         {"handle", view.words.html("incident_handle")}});
}

}  // namespace

Html open_incidents_view(const PageView& view) {
    if (!view.incidents) return Html::element("p", "complaint", view.words.html("incidents_unknown"));
    if (view.incidents->empty()) return {};
    Html articles;
    const size_t shown = std::min(view.incidents->size(), most_shown);
    for (size_t i = 0; i < shown; ++i) articles += article(view, (*view.incidents)[i]);
    const std::string count = std::to_string(view.incidents->size());
    if (shown < view.incidents->size()) {
        const std::string others = std::to_string(view.incidents->size() - shown);
        articles += Html::element("p", "note", view.words.html("and_more", {others}));
    }
    return Html::fill(asset_text("incidents.html"),
                      {{"title", view.words.html("incident_open_count", {count})}, {"incidents", articles}});
}

}  // namespace watchbill::http
