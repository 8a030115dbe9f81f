// How to swap in one's own calendar, with the event made ready; and the swaps that are known. There is no second
// way to swap: nothing here changes anything.
import { choice, el } from "./dom.js";
import { googleLink, icsOf, outlookLink } from "./event_links.js";
import { shortDay } from "./times.js";
import { currentLanguage, say } from "./words.js";

// Titles that every calendar reader here knows as a swap or cover.
function titleOf(rotation, kind, theirs) {
    const words = /\bmro\b/i.test(rotation.title) ? `${rotation.title} ${kind}` : `${rotation.title} shift ${kind}`;
    return theirs === "" ? words : `${words} ${theirs}`;
}

function helper(page, assignments) {
    const serving = page.team.members.filter((member) => page.team.rotations.some((r) => r.members.includes(member.email)));
    const me = choice(say("swap_me"), serving.map((m) => [m.email, m.name]));
    const mine = choice(say("swap_shift"), []);
    const kind = choice(say("swap_kind"), [["swap", say("swap_kind_swap")], ["cover", say("swap_kind_cover")]]);
    const colleague = choice(say("swap_with"), []);
    const theirs = choice(say("swap_theirs"), []);
    const result = el("div", { class: "result", "aria-live": "polite" });
    const remembered = localStorage.getItem("watchbill-me");
    if (serving.some((member) => member.email === remembered)) me.select.value = remembered;

    const shiftsOf = (email) => assignments.filter((a) => a.member === email);
    const label = (a) => `${shortDay(a.date)} – ${page.rotation(a.rotation)}`;
    const chosen = () => assignments.find((a) => `${a.rotation} ${a.date}` === mine.select.value);
    const fill = (select, options) => {
        const value = select.value;
        select.replaceChildren(...options.map(([v, text]) => el("option", { value: v }, text)));
        if (options.some(([v]) => v === value)) select.value = value;
    };

    function update() {
        fill(mine.select, shiftsOf(me.select.value).map((a) => [`${a.rotation} ${a.date}`, label(a)]));
        const shift = chosen();
        if (shift === undefined) {
            result.replaceChildren(el("p", {}, say("swap_no_shifts")));
            return;
        }
        const rotation = page.team.rotations.find((r) => r.name === shift.rotation);
        const cover = kind.select.value === "cover";
        const colleagues = rotation.members.filter((email) => email !== me.select.value).map((email) => [email, page.name(email)]);
        fill(colleague.select, cover ? [...colleagues, ["", say("swap_nobody")]] : colleagues);
        fill(theirs.select, [["", say("swap_theirs_next")], ...shiftsOf(colleague.select.value)
            .filter((a) => a.rotation === shift.rotation).map((a) => [a.date, label(a)])]);
        theirs.field.hidden = cover;
        show({
            uid: `${crypto.randomUUID?.() ?? `${Date.now()}-${Math.round(Math.random() * 1e9)}`}@watchbill`,
            title: titleOf(rotation, kind.select.value, cover ? "" : theirs.select.value),
            details: say("swap_details"), start: shift.start, end: shift.end,
            organizer: { email: me.select.value, name: page.name(me.select.value) },
            invitee: colleague.select.value === "" ? null : { email: colleague.select.value, name: page.name(colleague.select.value) },
        }, shift);
    }

    function show(event, shift) {
        const file = URL.createObjectURL(new Blob([icsOf(event)], { type: "text/calendar" }));
        const link = (href, words, more = {}) => el("a", { class: "button", href, rel: "noreferrer", ...more }, words);
        result.replaceChildren(
            el("p", {}, el("strong", {}, event.title), ` · ${label(shift)}${event.invitee === null ? "" : ` · ${event.invitee.name} <${event.invitee.email}>`}`),
            el("p", { class: "links" },
                link(file, say("swap_ics"), { download: `${event.title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.ics` }),
                link(googleLink(event), say("swap_google")),
                link(outlookLink(event, "outlook.office.com"), say("swap_outlook")),
                link(outlookLink(event, "outlook.live.com"), say("swap_outlook_live"))),
            el("p", { class: "note" }, event.invitee === null ? say("swap_send_open") : say("swap_send", event.invitee.name)));
    }

    // Only who was chosen: the incident form offers them as the reporter.
    me.select.addEventListener("change", () => localStorage.setItem("watchbill-me", me.select.value));
    for (const { select } of [me, mine, kind, colleague, theirs]) select.addEventListener("change", update);
    update();
    return el("form", { class: "fields", onsubmit: (event) => event.preventDefault() },
        me.field, mine.field, kind.field, colleague.field, theirs.field, result);
}

function swapLine(swap, page) {
    const who = [swap.organizer, swap.colleague].map((email) => (email === null ? say("swap_anybody") : page.name(email))).join(" → ");
    const shifts = [swap.shift, swap.counter].filter(Boolean).map((shift) => `${shortDay(shift.date)} – ${page.rotation(shift.rotation)}`).join(" ↔ ");
    // The server's sentences are English.
    const reason = swap.reason === null ? "" : say(`swap_reason_${swap.reason}`);
    const more = currentLanguage() === "en" ? [swap.explanation, swap.next].filter(Boolean).join(" ") : reason;
    return el("li", {}, el("strong", {}, who), ` ${shifts} `, el("span", { class: `tag ${swap.state}` }, say(`swap_state_${swap.state}`)),
        more === "" ? null : el("p", { class: "note" }, more));
}

// Those that wait for somebody come first.
function swapList(swaps, page) {
    if (swaps.length === 0) return el("p", { class: "note" }, say("swaps_none"));
    const pending = (swap) => (swap.state === "proposed" ? 0 : 1);
    return el("ul", { class: "swaps" }, [...swaps].sort((a, b) => pending(a) - pending(b)).map((swap) => swapLine(swap, page)));
}

export async function start(content, page) {
    const [assignments, { swaps }] = await Promise.all([page.planAhead(), page.api.team("swaps")]);
    const now = new Date().toISOString();
    content.append(el("p", { class: "note" }, say("swap_how")), helper(page, assignments.filter((a) => a.start > now)),
        el("h3", {}, say("swaps_known")), swapList(swaps, page));
}
