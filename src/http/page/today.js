// Keeps the first screen fresh: the server makes it, here it is asked for again. Whoever looks from another zone
// sees their own time beside each.
import { el } from "./dom.js";
import { moment, ownZone, time, dayIn } from "./times.js";
import { say } from "./words.js";

const every = 30000;
const place = () => document.getElementById("today-place");
const teamZone = document.body.dataset.zone;

function showOwnTimes(root) {
    if (ownZone === teamZone) return;
    const today = dayIn(Date.now(), ownZone);
    for (const element of root.querySelectorAll("time[datetime*='T']")) {
        const instant = element.dateTime;
        if (time(instant, ownZone) === time(instant, teamZone)) continue;
        const own = dayIn(instant, ownZone) === today ? time(instant, ownZone) : moment(instant, ownZone);
        element.after(" ", el("span", { class: "own-time" }, `(${say("your_time", own)})`));
    }
}

// The keyboard's place is found again by where its link leads.
function replace(next) {
    const held = place().contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    place().replaceChildren(document.adoptNode(next));
    if (held !== null) [...place().querySelectorAll("a")].find((link) => link.getAttribute("href") === held)?.focus({ preventScroll: true });
}

export function startToday() {
    let fresh = Date.now();
    let complaint = null;
    showOwnTimes(place());

    async function refresh() {
        if (document.hidden) return;
        try {
            const answer = await fetch(`/?team=${encodeURIComponent(document.body.dataset.team)}`);
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            const next = page.getElementById("today");
            if (!answer.ok || next === null) throw new Error(String(answer.status));
            fresh = Date.now();
            complaint?.remove();
            showOwnTimes(next);
            if (next.textContent.trim() !== place().textContent.trim()) replace(next);
        } catch {
            // Somebody may act on it: old news are shown as old.
            complaint?.remove();
            complaint = el("p", { class: "complaint", role: "alert" }, say("stale_page", time(fresh, ownZone)));
            place().prepend(complaint);
        }
    }
    setInterval(refresh, every);
    document.addEventListener("watchbill-news", refresh);
    document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - fresh > every) refresh(); });
}
