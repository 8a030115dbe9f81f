// The form that opens an incident, with who would be called and why beside it before anything is sent.
import { choice, el, entry } from "./dom.js";
import { currentLanguage, has, say } from "./words.js";

const severities = ["sev1", "sev2", "sev3", "sev4"];

// One key for one incident, however often it is sent: the server answers the same each time.
function newKey() {
    if (crypto.randomUUID !== undefined) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Why somebody was chosen: the server's sentence, which is English, or the rule in the page's words.
export function becauseOf(person) {
    if (currentLanguage() === "en" && person.why) return person.why;
    if (person.skill) return say("because_skill", person.skill);
    const rule = `because_${person.rule ?? "named"}`;
    return has(rule) ? say(rule) : person.why || "";
}

// Whom silence would call, and after how long.
function ladderOf(answer, page) {
    const later = answer.ladder.filter((step) => step.at > answer.ladder[0].at);
    if (later.length === 0) return null;
    const part = (step) => step.for.map((name) => (name === "commander" ? say("incident_commander") : name === "expert" ? say("incident_expert") : name)).join(", ");
    const minutes = (step) => Math.round((new Date(step.at) - new Date(answer.ladder[0].at)) / 60000);
    return el("details", { class: "ladder" }, el("summary", {}, say("incident_ladder")),
        el("ol", {}, later.map((step) => el("li", {}, `${say("incident_ladder_after", minutes(step))} `,
            el("strong", {}, step.name ?? page.name(step.who)), ` – ${part(step)}`))),
        el("p", { class: "note" }, say("incident_ladder_then")));
}

function previewOf(answer, page) {
    const row = (role, person) => el("li", {}, el("span", { class: "role" }, role), " ",
        el("strong", {}, person.name ?? page.name(person.email)), ` – ${becauseOf(person)}`);
    return [
        el("ul", { class: "preview" }, row(say("incident_commander"), answer.commander),
            answer.experts.map((expert) => row(say("incident_expert"), expert))),
        answer.unfilled.length === 0 ? null : el("p", { class: "complaint" }, say("incident_unfilled", answer.unfilled.join(", "))),
        ladderOf(answer, page),
        el("p", { class: "note" }, say("incident_preview_note")),
    ].filter(Boolean);
}

function boxes(legend, options, name) {
    return el("fieldset", { class: "boxes" }, el("legend", {}, legend), el("div", { class: "options" }, options.map(([value, text]) => el("label", {}, el("input", { type: "checkbox", name, value }), ` ${text}`))));
}

// `opened` is called when one was opened: with true now, and the form is done; with false when an earlier try turns out
// to have arrived.
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
        el("section", { class: "preview-box" }, el("h3", {}, say("incident_preview")), preview),
        complaint, submit);

    const checked = (name) => [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);
    const order = () => {
        const body = { title: title.input.value.trim(), severity: severity.select.value, needs: checked("needs"), experts: checked("experts") };
        if (description.input.value.trim() !== "") body.description = description.input.value.trim();
        if (reporter.select.value !== "") body.reporter = reporter.select.value;
        return body;
    };
    let key = newKey();
    let looks = 0;

    // Asks the server, which chooses by the rules it would open with, and writes nothing.
    async function look() {
        const mine = ++looks;
        let shown;
        try {
            const body = order();
            shown = previewOf(await page.api.send("POST", `${page.api.base}/incidents/preview`, { ...body, title: body.title || "?" }), page);
        } catch (problem) {
            shown = [el("p", { class: "complaint" }, problem.message)];
        }
        if (mine === looks) preview.replaceChildren(...shown);
    }

    form.addEventListener("change", look);
    // Enter in a line of text would call people before anybody has looked at whom.
    title.input.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.isComposing) return;
        event.preventDefault();
        severity.select.focus();
    });
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        submit.disabled = true;
        submit.textContent = say("incident_sending");
        try {
            await page.api.send("POST", `${page.api.base}/incidents`, order(), { "Idempotency-Key": key });
            page.announce(say("incident_opened"));
            opened(true);
        } catch (problem) {
            const refused = problem.status >= 400 && problem.status < 500;
            const arrived = problem.code === "key_reused";
            const words = arrived ? say("incident_arrived_before") : `${say("incident_failed", problem.message)} ${refused ? "" : say("incident_retry_safe")}`;
            complaint.replaceChildren(el("p", { class: "complaint" }, words));
            // A refusal was an answer: what is sent after it is another order. Anything else may have arrived, and is
            // sent again under its key; with that a changed order is told from it.
            if (refused) key = newKey();
            if (arrived) opened(false);
        } finally {
            submit.disabled = false;
            submit.textContent = say("incident_submit");
        }
    });
    look();
    return form;
}
