// The form that opens an incident, with who would be called and why beside it before anything is sent.
import { choice, el, entry } from "./dom.js";
import { has, say } from "./words.js";

const severities = ["sev1", "sev2", "sev3", "sev4"];

// One key for one incident, however often it is sent: the server answers the same each time.
function newKey() {
    if (crypto.randomUUID !== undefined) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function ruleWords(link, page) {
    if (link.rule === "rotation") return say("rule_rotation", page.rotation(link.rotation));
    return has(`rule_${link.rule}`) ? say(`rule_${link.rule}`) : link.rule;
}

// What the rules would choose now, as far as the page can know it; the server decides.
function likely(duty, availability, needs, experts, page) {
    const now = new Date().toISOString();
    const absent = new Set(availability.filter((m) => m.absences.some((a) => a.start <= now && now < a.end)).map((m) => m.member));
    const commander = duty.chain[0] ?? null;
    const lines = experts.map((email) => ({ who: [email], because: say("incident_named") }));
    const unfilled = [];
    for (const skill of needs) {
        const able = page.team.members.filter((m) => m.skills.includes(skill) && m.email !== commander?.member && !absent.has(m.email));
        if (able.length === 0) unfilled.push(skill);
        else lines.push({ who: able.map((m) => m.email), because: say("incident_for_skill", skill) });
    }
    return { commander, lines, unfilled };
}

function previewOf(choices, page) {
    const { commander, lines, unfilled } = choices;
    const row = (role, who, because) => el("li", {}, el("span", { class: "role" }, role), " ", el("strong", {}, who), ` – ${because}`);
    return [
        el("ul", { class: "preview" },
            commander === null ? row(say("incident_commander"), say("nobody"), say("rule_nobody"))
                : row(say("incident_commander"), page.name(commander.member), ruleWords(commander, page)),
            lines.map(({ who, because }) => row(say("incident_expert"), who.map((email) => page.name(email)).join(" / "), because))),
        unfilled.length === 0 ? null : el("p", { class: "complaint" }, say("incident_unfilled", unfilled.join(", "))),
        el("p", { class: "note" }, say("incident_preview_note")),
    ].filter(Boolean);
}

function boxes(legend, options, name) {
    return el("fieldset", { class: "boxes" }, el("legend", {}, legend),
        options.map(([value, text]) => el("label", {}, el("input", { type: "checkbox", name, value }), ` ${text}`)));
}

// `opened` is called with the server's answer.
export function incidentForm(page, opened) {
    const skills = [...new Set(page.team.members.flatMap((member) => member.skills))].sort();
    const people = page.team.members.map((member) => [member.email, member.name]);
    const title = entry(say("incident_title"), { name: "title", required: true, maxlength: 200, autocomplete: "off" });
    const severity = choice(say("incident_severity"), severities.map((name) => [name, say(`severity_${name}`)]), { name: "severity" });
    const description = entry(say("incident_description"), { name: "description", rows: 3, maxlength: 4000 }, "textarea");
    const reporter = choice(say("incident_reporter"), [["", "–"], ...people], { name: "reporter" });
    severity.select.value = "sev2";
    reporter.select.value = localStorage.getItem("watchbill-me") ?? "";
    if (reporter.select.selectedIndex < 0) reporter.select.value = "";
    const preview = el("div", { "aria-live": "polite" });
    const complaint = el("div", { role: "alert" });
    const submit = el("button", { class: "primary danger" }, say("incident_submit"));
    const form = el("form", { class: "fields incident-form" },
        title.field, severity.field,
        boxes(say("incident_needs"), skills.map((skill) => [skill, skill]), "needs"),
        boxes(say("incident_experts"), people, "experts"),
        description.field, reporter.field,
        el("section", { class: "preview-box" }, el("h4", {}, say("incident_preview")), preview),
        complaint, submit);

    const checked = (name) => [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);
    let key = newKey();
    let facts = null;

    async function look() {
        if (facts === null) {
            facts = Promise.all([page.api.team("on-duty"), page.api.team("availability")]);
            setTimeout(() => { facts = null; }, 30000);
        }
        try {
            const [duty, availability] = await facts;
            preview.replaceChildren(...previewOf(likely(duty, availability.members, checked("needs"), checked("experts"), page), page));
        } catch (problem) {
            facts = null;
            preview.replaceChildren(el("p", { class: "complaint" }, say("failed", problem.message)));
        }
    }

    form.addEventListener("change", look);
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        submit.disabled = true;
        submit.textContent = say("incident_sending");
        const body = { title: title.input.value.trim(), severity: severity.select.value, needs: checked("needs"), experts: checked("experts") };
        if (description.input.value.trim() !== "") body.description = description.input.value.trim();
        if (reporter.select.value !== "") body.reporter = reporter.select.value;
        try {
            const answer = await page.api.send("POST", `${page.api.base}/incidents`, body, { "Idempotency-Key": key });
            key = newKey();
            complaint.replaceChildren();
            form.reset();
            page.announce(say("incident_opened"));
            opened(answer);
        } catch (problem) {
            // A refusal was an answer: what is sent after it is another order. Anything else may have arrived.
            if (problem.status >= 400 && problem.status < 500) key = newKey();
            complaint.replaceChildren(el("p", { class: "complaint" }, say("incident_failed", problem.message), " ",
                problem.status >= 400 && problem.status < 500 ? "" : say("incident_retry_safe")));
        } finally {
            submit.disabled = false;
            submit.textContent = say("incident_submit");
        }
    });
    look();
    return form;
}
