#include <algorithm>

#include "http/page_view.h"

namespace watchbill::http {

namespace {

constexpr std::string_view incidents_markup = R"(<section class="incidents" aria-labelledby="open-incidents">
<h3 id="open-incidents">{title}</h3>
{incidents}
</section>)";

constexpr std::string_view incident_markup = R"(<article class="incident {severity}">
<h4><span class="tag severity">{severity_name}</span> {title}</h4>
<p class="note">{since}</p>
<ul class="people">
{people}
</ul>
{unfilled}
<p class="links">{join} <a class="button needs-script" href="#incident">{handle}</a></p>
</article>
)";

constexpr std::string_view person_markup = R"(<li><span class="role">{role}</span> <strong>{name}</strong> )"
                                           R"(<span class="tag rsvp {rsvp}">{answer}</span> {address}</li>
)";

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
    return Html::fill(person_markup, {{"role", role_of(view, one)},
                                      {"name", Html::text(one.name.empty() ? one.member.email() : one.name)},
                                      {"rsvp", Html::text(answer)},
                                      {"answer", view.words.html("rsvp_" + answer)},
                                      {"address", address_of(one.member)}});
}

Html unfilled_of(const PageView& view, const Incident& incident) {
    std::string skills;
    for (const std::string& skill : incident.unfilled()) skills += (skills.empty() ? "" : ", ") + skill;
    if (skills.empty()) return {};
    return Html::markup("<p class=\"complaint\">") + view.words.html("incident_still_unfilled", {skills}) +
           Html::markup("</p>");
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
        incident_markup,
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
    if (!view.incidents) {
        return Html::markup("<p class=\"complaint\">") + view.words.html("incidents_unknown") +
               Html::markup("</p>");
    }
    if (view.incidents->empty()) return {};
    Html articles;
    const size_t shown = std::min(view.incidents->size(), most_shown);
    for (size_t i = 0; i < shown; ++i) articles += article(view, (*view.incidents)[i]);
    const std::string count = std::to_string(view.incidents->size());
    if (shown < view.incidents->size()) {
        const std::string others = std::to_string(view.incidents->size() - shown);
        articles +=
            Html::markup("<p class=\"note\">") + view.words.html("and_more", {others}) + Html::markup("</p>");
    }
    return Html::fill(incidents_markup,
                      {{"title", view.words.html("incident_open_count", {count})}, {"incidents", articles}});
}

}  // namespace watchbill::http
