// Incidents: open ones with who commands, who was called and what they answered, kept fresh; what can be done
// to them; and the form that opens another.
import { SignedOut } from "./api.js";
import { choice, dialog, el, entry } from "./dom.js";
import { becauseOf, incidentForm } from "./incident_form.js";
import { moment, time } from "./times.js";
import { has, say } from "./words.js";

// RSVPs come in within seconds of somebody's waking up; without an open incident nobody waits for them.
const every_while_open = 5000;
const every_otherwise = 30000;

const rsvpWords = (rsvp) => (has(`rsvp_${rsvp}`) ? say(`rsvp_${rsvp}`) : rsvp);

function person(role, one, page) {
    // A mail that could not be sent calls nobody.
    const undelivered = one.state === "failed" || one.state === "dropped" ? el("span", { class: "tag undelivered" }, say(`mail_${one.state}`)) : null;
    const because = becauseOf(one);
    return el("li", {}, el("span", { class: "role" }, role), " ", el("strong", {}, one.name ?? one.email), " ",
        el("span", { class: `tag rsvp ${one.rsvp}` }, rsvpWords(one.rsvp)), " ", undelivered,
        because === "" ? null : el("span", { class: "note" }, ` ${because}`));
}

// Everybody who was called, in the order of their parts, each with what is known of their mail.
function people(incident, page) {
    const invited = (email) => incident.invitations.find((one) => one.email === email) ?? {};
    const standIns = incident.invitations.filter((one) => one.role === "stand_in");
    const known = (one) => ({ ...invited(one.email), ...one });
    return el("ul", { class: "people" },
        person(say("incident_commander"), known(incident.commander), page),
        standIns.map((one) => person(say("incident_stand_in"), { ...one, why: "", rule: "stand_in" }, page)),
        incident.experts.map((expert) => person(expert.skill ?? say("incident_expert"), known(expert), page)));
}

// Whom it calls next, if nobody answers.
function nextCall({ escalation }, page) {
    if (!escalation.next) return null;
    const who = escalation.all_at_once ? say("incident_next_all") : page.name(escalation.next);
    return el("p", { class: "note" }, say("incident_next", who, time(escalation.next_at, page.zone)));
}

// A dialog with one field; `act` is given its value.
function ask(title, field, read, act) {
    const complaint = el("div", { role: "alert" });
    const save = el("button", { class: "primary" }, say("incident_save"));
    const box = dialog(title, el("form", {
        class: "fields", onsubmit: async (event) => {
            event.preventDefault();
            save.disabled = true;
            try {
                await act(read());
                box.close();
            } catch (problem) {
                complaint.replaceChildren(el("p", { class: "complaint" }, problem.message));
            } finally {
                save.disabled = false;
            }
        },
    }, field, complaint, save));
}

// What can be done to the incident that `current` returns.
function actions(current, page, refresh) {
    const act = async (method, tail, body) => {
        await page.api.send(method, `${page.api.base}/incidents/${encodeURIComponent(current().id)}${tail}`, body);
        page.announce(say("incident_done"));
        await refresh();
    };
    const pick = (title, label, taken, change) => {
        const options = page.team.members.filter((member) => !taken.has(member.email)).map((member) => [member.email, member.name]);
        const { field, select } = choice(label, options);
        ask(title, field, () => select.value, (email) => act("PATCH", "", change(email)));
    };
    const commander = () => new Set([current().commander.email]);
    const called = () => new Set([current().commander.email, ...current().experts.map((expert) => expert.email)]);
    // The second half of a double click on "Send" may meet what has just appeared there: it was not meant for that.
    const button = (word, pressed, css = "") =>
        el("button", { type: "button", class: css, onclick: (event) => { if (event.detail < 2) pressed(); } }, say(word));
    return el("p", { class: "links" },
        button("incident_note", () => {
            const { field, input } = entry(say("incident_note_text"), { rows: 3, required: true, maxlength: 4000 }, "textarea");
            ask(say("incident_note"), field, () => input.value.trim(), (text) => act("POST", "/notes", { text }));
        }),
        button("incident_add_expert", () => pick(say("incident_add_expert"), say("incident_expert_who"), called(), (email) => ({ add_experts: [email] }))),
        button("incident_transfer", () => pick(say("incident_transfer"), say("incident_transfer_to"), commander(), (email) => ({ commander: email }))),
        button("incident_resolve", () => {
            const { field, input } = entry(say("incident_resolve_note"), { rows: 3, maxlength: 4000 }, "textarea");
            ask(say("incident_resolve"), el("div", {}, el("p", {}, say("incident_resolve_sure", current().title)), field),
                () => input.value.trim(), (note) => act("POST", "/resolve", note === "" ? {} : { note }));
        }, "danger"));
}

function timeline(current, page) {
    const list = el("ol", { class: "timeline" });
    const details = el("details", {}, el("summary", {}, say("incident_timeline")), list);
    const load = async () => {
        if (!details.open) return;
        try {
            const { entries } = await page.api.team(`incidents/${encodeURIComponent(current().id)}/timeline`);
            if (entries.length === list.childElementCount) return;
            list.replaceChildren(...entries.map((entry) => el("li", {},
                el("time", { datetime: entry.at }, moment(entry.at, page.zone)), ` ${entry.text} `, el("span", { class: "note" }, entry.who))));
        } catch (problem) {
            list.replaceChildren(el("li", {}, say("failed", problem.message)));
        }
    };
    details.addEventListener("toggle", load);
    return { details, load };
}

function joinLink(url) {
    // Only addresses that a click may safely follow.
    return url && /^https?:/i.test(url) ? el("p", {}, el("a", { class: "button", href: url, rel: "noreferrer" }, say("incident_join"))) : null;
}

// One open incident. News replace what they are about; buttons, an opened timeline and the keyboard's place stay.
class Card {
    constructor(incident, page, refresh) {
        const current = () => this.incident;
        this.page = page;
        this.facts = el("div", { class: "facts" });
        this.timeline = timeline(current, page);
        this.element = el("article", {}, this.facts, page.scopes.has("incident") ? actions(current, page, refresh) : null, this.timeline.details);
        this.show(incident);
    }

    show(incident) {
        // Notes change nothing else.
        this.timeline.load();
        const news = JSON.stringify(incident);
        if (news === this.shown) return false;
        this.tellAnswers(this.incident, incident);
        this.shown = news;
        this.incident = incident;
        this.element.className = `incident ${incident.severity}`;
        this.facts.replaceChildren(...[
            el("h3", {}, el("span", { class: "tag severity" }, incident.severity.toUpperCase()), ` ${incident.title}`),
            el("p", { class: "note" }, say("incident_since", moment(incident.event.start, this.page.zone))),
            incident.description === "" ? null : el("p", { class: "description" }, incident.description),
            joinLink(incident.conference), people(incident, this.page), nextCall(incident, this.page),
            incident.unfilled.length > 0 ? el("p", { class: "complaint" }, say("incident_still_unfilled", incident.unfilled.join(", "))) : null,
        ].filter(Boolean));
        return true;
    }

    // For whoever does not see the list change.
    tellAnswers(before, now) {
        for (const one of now.invitations) {
            const earlier = before?.invitations.find((other) => other.email === one.email);
            if (earlier !== undefined && earlier.rsvp !== one.rsvp) this.page.announce(`${one.name ?? one.email}: ${rsvpWords(one.rsvp)}`);
        }
    }
}

class OpenIncidents {
    constructor(page) {
        this.page = page;
        this.cards = new Map();
        this.looks = 0;
        this.shown = false;
        this.none = el("p", { class: "note" }, say("incident_none"));
        this.element = el("div", { class: "incidents" });
    }

    async refresh() {
        const mine = ++this.looks;
        const { incidents } = await this.page.api.team("incidents?state=open");
        // A line of the list has neither everybody who was called nor how their mails fare.
        const whole = await Promise.all(incidents.map((line) => this.page.api.team(`incidents/${encodeURIComponent(line.id)}`)));
        // Asked again meanwhile: the later answer counts.
        if (mine === this.looks) this.show(whole.filter((incident) => incident.state === "open"));
    }

    show(incidents) {
        let news = incidents.length !== this.cards.size;
        const cards = new Map();
        for (const incident of incidents) {
            const card = this.cards.get(incident.id);
            cards.set(incident.id, card ?? new Card(incident, this.page, () => this.refresh()));
            if (card === undefined || card.show(incident)) news = true;
        }
        const same = [...cards.keys()].join() === [...this.cards.keys()].join();
        this.cards = cards;
        if (!same || this.element.childElementCount === 0) {
            this.element.replaceChildren(...(cards.size === 0 ? [this.none] : [...cards.values()].map((card) => card.element)));
        }
        // The first look tells nothing that Today, which is as old, does not.
        if (news && this.shown) document.dispatchEvent(new Event("watchbill-news"));
        this.shown = true;
    }
}

export async function start(content, page) {
    const open = new OpenIncidents(page);
    await open.refresh();
    const trouble = el("div", { role: "alert" });
    let failed = "";
    let next = null;
    const again = () => {
        if (document.hidden) next = setTimeout(again, every_while_open);
        else look();
    };
    const look = async () => {
        let words = "";
        try {
            await open.refresh();
        } catch (problem) {
            words = problem instanceof SignedOut ? say("signed_out") : say("failed", problem.message);
        }
        if (words !== failed) trouble.replaceChildren(...(words === "" ? [] : [el("p", { class: "complaint" }, words)]));
        failed = words;
        clearTimeout(next);
        next = setTimeout(again, open.cards.size > 0 ? every_while_open : every_otherwise);
    };
    content.append(trouble, open.element);
    if (page.scopes.has("incident")) {
        const details = el("details", { class: "open-incident" }, el("summary", { class: "button danger" }, say("incident_new")));
        details.addEventListener("toggle", () => {
            if (!details.open || details.children.length > 1) return;
            const form = incidentForm(page, async (done) => {
                if (done) {
                    details.open = false;
                    form.remove();
                }
                await look();
                content.scrollIntoView({ block: "start" });
            });
            details.append(form);
        });
        content.append(details);
    } else {
        content.append(el("p", { class: "note" }, say("incident_scope")));
    }
    next = setTimeout(again, every_while_open);
}
