// "Why this person, why not the others": a day's shifts with their reasons, in a dialog.
import { dialog, el } from "./dom.js";
import { addDays, longDay, moment } from "./times.js";
import { has, say } from "./words.js";

// Codes about somebody else than the holder.
const about_others = new Set(["absent", "resting", "not_their_turn", "replaced"]);

export function reasonWords(reason, zone) {
    let words = has(`reason_${reason.code}`) ? say(`reason_${reason.code}`) : reason.code.replaceAll("_", " ");
    if (reason.kind !== null && has(`kind_${reason.kind}`)) words += ` (${say(`kind_${reason.kind}`)})`;
    if (reason.start !== null && (reason.code === "absent" || reason.code === "resting"))
        words += `, ${say("reason_when", moment(reason.start, zone), moment(reason.end, zone))}`;
    if (typeof reason.balance === "number") {
        const signed = `${reason.balance > 0 ? "+" : ""}${reason.balance.toFixed(2)}`;
        words += `, ${say("balance_of", signed)}`;
    }
    return words;
}

function shiftPart(assignment, page) {
    const title = page.rotation(assignment.rotation);
    const heading = assignment.member === null ? say("why_nobody", title) : say("why_holder", page.name(assignment.member), title);
    const own = assignment.reasons.filter((reason) => !about_others.has(reason.code));
    const others = assignment.reasons.filter((reason) => about_others.has(reason.code));
    return el("section", { class: "why" },
        el("h3", {}, heading),
        el("p", { class: "note" }, `${moment(assignment.start, page.zone)} – ${moment(assignment.end, page.zone)}`),
        el("p", {}, own.map((reason) => reasonWords(reason, page.zone)).join("; ")),
        others.length === 0 ? null : el("h4", {}, say("why_not_others")),
        others.length === 0 ? null : el("ul", {}, others.map((reason) =>
            el("li", {}, el("strong", {}, page.name(reason.member)), ` – ${reasonWords(reason, page.zone)}`))));
}

export async function explainDay(day, page) {
    let content;
    try {
        // A day without shifts is an empty list here, and no error as it is for "explain".
        const { assignments } = await page.api.team(`plan?from=${day}&to=${addDays(day, 1)}`);
        content = assignments.length === 0 ? [el("p", {}, say("no_shift_that_day"))]
            : assignments.map((assignment) => shiftPart(assignment, page));
    } catch (problem) {
        content = [el("p", {}, say("failed", problem.message))];
    }
    dialog(say("why_title", longDay(day)), ...content);
}
