#include "incident/texts.h"

#include <algorithm>

#include "incident/change_steps.h"
#include "texts/phrases.h"
#include "time/format.h"
#include "words/html_text.h"
#include "words/letter_case.h"

namespace watchbill {

namespace {

const SeverityRules& rules_of(const Team& team, Severity severity) {
    return team.severities[static_cast<size_t>(severity)];
}

// What somebody helps with: "database and network", or "" for who was just named.
std::string say_skills(const Invitation& invitation) {
    std::vector<std::string> skills;
    constexpr std::string_view prefix = "skill:";
    for (const std::string& slot : invitation.slots) {
        if (slot.starts_with(prefix)) skills.push_back(slot.substr(prefix.size()));
    }
    return say_list(skills);
}

std::string in_brackets(const std::string& text) { return text.empty() ? "" : " (" + text + ")"; }

std::string say_experts(const Incident& incident) {
    std::string text;
    for (const Invitation& one : incident.invitations) {
        if (one.role != IncidentRole::expert) continue;
        text += (text.empty() ? "" : ", ") + name_of(one) + in_brackets(say_skills(one));
    }
    return text;
}

struct Line {
    std::string label;
    std::string value;
};

// Who, where and when, one line each.
std::vector<Line> facts_of(const Team& team, const Incident& incident) {
    std::vector<Line> lines;
    const Invitation& commander = incident.commander();
    lines.push_back({"Commander", name_of(commander) + " - " + commander.why});
    for (const Invitation& one : incident.invitations) {
        if (one.role == IncidentRole::stand_in) lines.push_back({"Asked to command too", name_of(one)});
    }
    const std::string experts = say_experts(incident);
    if (!experts.empty()) lines.push_back({"Experts", experts});
    const std::vector<std::string> unfilled = incident.unfilled();
    if (!unfilled.empty()) lines.push_back({"NOBODY FOUND FOR", say_list(unfilled)});
    if (incident.reporter) lines.push_back({"Reported by", say_member(team, *incident.reporter)});
    if (!incident.conference.empty()) lines.push_back({"Join", incident.conference});
    const Zone zone = Zone::get(team.zone);
    lines.push_back({"Since", say_moment(zone, incident.when.start, zone.day_of(incident.when.start)) + " (" +
                                  zone.name() + ")"});
    return lines;
}

std::string say_updates(const Team& team, const Incident& incident) {
    return "Tell everybody how it goes every " +
           format_duration(rules_of(team, incident.severity).update_every) + ", also when nothing changed.";
}

std::vector<std::string> first_steps(const Team& team, const Incident& incident, IncidentRole role) {
    switch (role) {
        case IncidentRole::commander:
        case IncidentRole::stand_in: {
            std::vector<std::string> steps = commander_checklist(team, incident.severity);
            steps.push_back(say_updates(team, incident));
            return steps;
        }
        case IncidentRole::expert:
            return {incident.conference.empty() ? "Reach " + name_of(incident.commander()) + "."
                                                : "Join the call.",
                    "Say what you look at, and what you find; change nothing unannounced.",
                    "Leave talking to others to " + name_of(incident.commander()) + "."};
        case IncidentRole::reporter: break;
    }
    return {"Nothing: " + name_of(incident.commander()) + " leads, and will ask if more must be known."};
}

// "You command", for the subject and the first line.
std::string say_part(const Invitation& to) {
    const std::string skills = say_skills(to);
    switch (to.role) {
        case IncidentRole::commander: return "You command";
        case IncidentRole::stand_in: return "Can you command?";
        case IncidentRole::expert:
            return skills.empty() ? "Your help is needed" : "Your help is needed: " + skills;
        case IncidentRole::reporter: break;
    }
    return "For your information";
}

std::string say_state(const Incident& incident, const Invitation& to) {
    switch (incident.state) {
        case IncidentState::resolved: return "Resolved";
        case IncidentState::cancelled: return "Cancelled";
        case IncidentState::open: break;
    }
    return say_part(to);
}

bool is_link(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

std::string link_to(const std::string& url, const std::string& text) {
    return is_link(url) ? "<a href=\"" + escape_html(url) + "\">" + escape_html(text) + "</a>"
                        : escape_html(text);
}

std::string in_html(const std::string& first, const Incident& incident, const std::vector<Line>& facts,
                    const std::vector<std::string>& steps, const std::string& ack_url) {
    std::string html = "<p><strong>" + escape_html(first) + "</strong><br>" +
                       escape_html(incident_summary(incident)) + "</p>";
    if (!ack_url.empty()) html += mail_button(ack_url, "I am on it");
    html += "<p>";
    for (const Line& fact : facts)
        html +=
            "<strong>" + escape_html(fact.label) + ":</strong> " + link_to(fact.value, fact.value) + "<br>";
    html += "</p>";
    if (!incident.description.empty()) html += "<p>" + escape_html_lines(incident.description) + "</p>";
    if (!steps.empty()) {
        html += "<p><strong>First:</strong></p><ul>";
        for (const std::string& step : steps) html += "<li>" + escape_html(step) + "</li>";
        html += "</ul>";
    }
    return mail_html(html);
}

MailTexts mail_of(const std::string& first, const Incident& incident, const std::vector<Line>& facts,
                  const std::vector<std::string>& steps, const std::string& ack_url) {
    MailTexts mail;
    mail.subject = first + " - " + upper_case(severity_name(incident.severity)) + ": " + incident.title;
    mail.text = first + " - " + upper_case(severity_name(incident.severity)) + ": " + incident.title + '\n';
    for (const Line& fact : facts) {
        if (fact.label == "Join") mail.text += "Join: " + fact.value + '\n';
    }
    if (!ack_url.empty()) mail.text += "I am on it: " + ack_url + '\n';
    mail.text += '\n';
    for (const Line& fact : facts) {
        if (fact.label != "Join") mail.text += fact.label + ": " + fact.value + '\n';
    }
    if (!incident.description.empty()) mail.text += '\n' + incident.description + '\n';
    if (!steps.empty()) mail.text += "\nFirst:\n";
    for (const std::string& step : steps) mail.text += "- " + step + '\n';
    mail.html = in_html(first, incident, facts, steps, ack_url);
    return mail;
}

AttendeeRole attendee_role(IncidentRole role) {
    switch (role) {
        case IncidentRole::commander: return AttendeeRole::chair;
        case IncidentRole::stand_in:
        case IncidentRole::expert: return AttendeeRole::required;
        case IncidentRole::reporter: break;
    }
    return AttendeeRole::optional;
}

InvitationEvent event_of(const Team& team, const Incident& incident, const std::string& url) {
    InvitationEvent event;
    event.uid = incident.uid;
    event.sequence = incident.sequence;
    event.dtstamp = incident.changed_at;
    event.created = incident.opened_at;
    event.when = incident.when;
    event.zone = team.zone;
    event.organizer = incident.organizer;
    event.organizer_name = team.title + " incidents";
    event.summary = incident_summary(incident);
    event.description = incident_description(team, incident);
    event.location = incident.conference;
    event.conference = incident.conference;
    event.url = url;
    return event;
}

Invitee invitee_of(const Invitation& one) {
    return {one.member, one.name, attendee_role(one.role), one.rsvp};
}

}  // namespace

std::string mail_html(const std::string& body) {
    return "<div style=\"font-family:sans-serif;font-size:16px;line-height:1.4\">" + body + "</div>";
}

std::string mail_button(const std::string& url, const std::string& label) {
    return "<p><a href=\"" + escape_html(url) +
           "\" style=\"display:inline-block;padding:10px 18px;background:#0b57d0;color:#fff;"
           "text-decoration:none;border-radius:4px\">" +
           escape_html(label) + "</a></p>";
}

std::string incident_summary(const Incident& incident) {
    const std::string text = upper_case(severity_name(incident.severity)) + ": " + incident.title;
    switch (incident.state) {
        case IncidentState::resolved: return "Resolved: " + text;
        case IncidentState::cancelled: return "Cancelled: " + text;
        case IncidentState::open: break;
    }
    return text;
}

std::string incident_description(const Team& team, const Incident& incident) {
    std::string text;
    for (const Line& fact : facts_of(team, incident)) text += fact.label + ": " + fact.value + '\n';
    if (!incident.description.empty()) text += '\n' + incident.description + '\n';
    text += "\nThe commander coordinates and delegates:";
    for (const std::string& step : commander_checklist(team, incident.severity)) text += "\n- " + step;
    return text + "\n- " + say_updates(team, incident);
}

std::vector<std::string> commander_checklist(const Team& team, Severity severity) {
    const SeverityRules& rules = rules_of(team, severity);
    if (!rules.checklist.empty()) return rules.checklist;
    return {
        "Say that you command, and who does what.",
        "Delegate: graphs, logs and fixes are the experts'.",
        "Give each attempt a time, and decide when it is over.",
        "Note what was decided, and when.",
    };
}

InvitationEvent incident_request(const Team& team, const Incident& incident, const std::string& url) {
    InvitationEvent event = event_of(team, incident, url);
    for (const Invitation& one : incident.invitations) event.invitees.push_back(invitee_of(one));
    return event;
}

InvitationEvent incident_cancel(const Team& team, const Incident& incident, const Invitation& removed,
                                const std::string& url) {
    InvitationEvent event = event_of(team, incident, url);
    event.method = InvitationMethod::cancel;
    event.invitees = {invitee_of(removed)};
    return event;
}

MailTexts incident_mail(const Team& team, const Incident& incident, const Invitation& to,
                        const std::string& ack_url) {
    const bool open = incident.state == IncidentState::open;
    const bool asked = open && to.role != IncidentRole::reporter && to.rsvp != ParticipationStatus::accepted;
    return mail_of(say_state(incident, to), incident, facts_of(team, incident),
                   open ? first_steps(team, incident, to.role) : std::vector<std::string>{},
                   asked ? ack_url : "");
}

MailTexts incident_cancel_mail(const Team& team, const Incident& incident, const Invitation& to) {
    const bool all = incident.state == IncidentState::cancelled;
    return mail_of(all ? say_state(incident, to) : "You are not needed any more", incident,
                   facts_of(team, incident), {}, "");
}

}  // namespace watchbill
