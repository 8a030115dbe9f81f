// Incidents: open ones with who commands, who was called and what they answered, kept fresh; what can be done
// to them; and the form that opens another.
import { choice, dialog, el, entry } from "./dom.js";
import { becauseOf, incidentForm } from "./incident_form.js";
import { moment } from "./times.js";
import { has, say } from "./words.js";

// RSVPs come in within seconds of somebody's waking up; without an open incident nobody waits for them.
const every_while_open = 5000;
const every_otherwise = 30000;

const rsvpWords = (rsvp) => {
    const code = (rsvp ?? "unknown").toLowerCase().replaceAll("-", "_");
    return has(`rsvp_${code}`) ? say(`rsvp_${code}`) : say("rsvp_unknown");
};

function person(role, invited, page) {
    const answer = (invited.rsvp ?? "needs_action").toLowerCase().replaceAll("-", "_");
    return el("li", {}, el("span", { class: "role" }, role), " ", el("strong", {}, invited.name ?? page.name(invited.email)), " ",
        el("span", { class: `tag rsvp ${answer}` }, rsvpWords(invited.rsvp)), el("span", { class: "note" }, ` ${becauseOf(invited)}`));
}

const people = (incident, page) => el("ul", { class: "people" }, person(say("incident_commander"), incident.commander, page),
    incident.experts.map((expert) => person(expert.skill || say("incident_expert"), expert, page)));

// A dialog with one field; `act` is given its value.
function ask(title, field, read, act) {
    const complaint = el("div", { role: "alert" });
    const box = dialog(title, el("form", {
        class: "fields", onsubmit: async (event) => {
            event.preventDefault();
            try {
                await act(read());
                box.close();
            } catch (problem) {
                complaint.replaceChildren(el("p", { class: "complaint" }, problem.message));
            }
        },
    }, field, complaint, el("button", { class: "primary" }, say("incident_save"))));
}

function actions(incident, page, refresh) {
    const path = `${page.api.base}/incidents/${encodeURIComponent(incident.id)}`;
    const act = (method, tail, body) => async () => {
        await page.api.send(method, path + tail, body);
        page.announce(say("incident_done"));
        await refresh();
    };
    const members = page.team.members.map((member) => [member.email, member.name]);
    const others = members.filter(([email]) => email !== incident.commander.email);
    const pick = (title, label, options, change) => () => {
        const { field, select } = choice(label, options);
        ask(title, field, () => select.value, (email) => act("PATCH", "", change(email))());
    };
    const button = (word, onclick, css = "") => el("button", { type: "button", class: css, onclick }, say(word));
    return el("p", { class: "links" },
        button("incident_note", () => {
            const { field, input } = entry(say("incident_note_text"), { rows: 3, required: true }, "textarea");
            ask(say("incident_note"), field, () => input.value, (text) => act("POST", "/notes", { text })());
        }),
        button("incident_add_expert", pick(say("incident_add_expert"), say("incident_expert_who"), others, (email) => ({ add_experts: [email] }))),
        button("incident_transfer", pick(say("incident_transfer"), say("incident_transfer_to"), others, (email) => ({ commander: email }))),
        button("incident_resolve", () => ask(say("incident_resolve"), el("p", {}, say("incident_resolve_sure", incident.title)),
            () => null, act("POST", "/resolve", {})), "danger"));
}

function timeline(incident, page) {
    const list = el("ol", { class: "timeline" });
    const details = el("details", {}, el("summary", {}, say("incident_timeline")), list);
    details.addEventListener("toggle", async () => {
        if (!details.open) return;
        try {
            const answer = await page.api.team(`incidents/${encodeURIComponent(incident.id)}/timeline`);
            list.replaceChildren(...answer.entries.map((entry) => el("li", {},
                el("time", { datetime: entry.at }, moment(entry.at, page.zone)), ` ${entry.text} `, el("span", { class: "note" }, entry.who))));
        } catch (problem) {
            list.replaceChildren(el("li", {}, say("failed", problem.message)));
        }
    });
    return details;
}

function joinLink(url) {
    // Only addresses that a click may safely follow.
    return url && /^https?:/i.test(url) ? el("a", { class: "button", href: url, rel: "noreferrer" }, say("incident_join")) : null;
}

function card(incident, page, refresh) {
    return el("article", { class: `incident ${incident.severity}` },
        el("h3", {}, el("span", { class: "tag severity" }, incident.severity.toUpperCase()), ` ${incident.title}`),
        el("p", { class: "note" }, say("incident_since", moment(incident.event.start, page.zone))),
        joinLink(incident.conference),
        people(incident, page),
        incident.unfilled.length > 0 ? el("p", { class: "complaint" }, say("incident_unfilled", incident.unfilled.join(", "))) : null,
        page.scopes.has("incident") ? actions(incident, page, refresh) : null,
        timeline(incident, page));
}

export async function start(content, page) {
    const list = el("div", { class: "incidents" });
    let shown = "";
    async function refresh() {
        const answer = await page.api.team("incidents?state=open");
        const open = answer.incidents;
        // A dialog, an opened timeline or the keyboard's place is not lost for news that are none.
        const state = JSON.stringify(open);
        if (state !== shown || open.length === 0) {
            shown = state;
            list.replaceChildren(...(open.length === 0 ? [el("p", { class: "note" }, say("incident_none"))]
                : [el("p", { class: "complaint loud" }, say("incident_open_count", open.length)), ...open.map((incident) => card(incident, page, refresh))]));
        }
        return open.length;
    }
    let open = await refresh();
    content.append(list);
    if (page.scopes.has("incident")) {
        const details = el("details", { class: "open-incident" }, el("summary", { class: "button danger" }, say("incident_new")));
        details.addEventListener("toggle", () => {
            if (details.open && details.children.length === 1)
                details.append(incidentForm(page, async () => { details.open = false; open = await refresh(); list.scrollIntoView(); }));
        });
        content.append(details);
    } else {
        content.append(el("p", { class: "note" }, say("incident_scope")));
    }
    const again = async () => {
        try {
            if (!document.hidden) open = await refresh();
        } catch (problem) {
            page.announce(say("failed", problem.message));
        }
        setTimeout(again, open > 0 ? every_while_open : every_otherwise);
    };
    setTimeout(again, every_while_open);
}
