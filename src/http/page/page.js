// The page's start: what each part needs is looked up once, then every part is shown. A part that fails says so in its own place and leaves the others alone.
import { Api, SignedOut } from "./api.js";
import { announce, el } from "./dom.js";
import { loadWords, say } from "./words.js";
import { startToday } from "./today.js";
import { startSubscribe } from "./subscribe.js";
import { startSheet } from "./sheet.js";
import { addDays, dayIn } from "./times.js";

// What balances look ahead, and further than people swap.
const days_ahead = 90;

const body = document.body.dataset;

// Modules of parts below the first screen come when the first screen stands.
const parts = [
    { id: "incident", load: () => import("./incident.js") },
    { id: "calendar", load: () => import("./calendar.js") },
    { id: "fairness", load: () => import("./fairness.js") },
    { id: "swap", load: () => import("./swap.js") },
];

// Several parts ask for the same; what failed is asked again.
function once(ask) {
    let answer = null;
    return () => {
        answer ??= ask().catch((problem) => {
            answer = null;
            throw problem;
        });
        return answer;
    };
}

async function start(part, page) {
    const section = document.getElementById(part.id);
    const content = section.querySelector(".content");
    const begin = async () => {
        content.replaceChildren(el("p", { class: "note" }, say("loading")));
        try {
            const module = await part.load();
            content.replaceChildren();
            await module.start(content, page);
        } catch (problem) {
            const words = problem instanceof SignedOut ? say("signed_out") : say("failed", problem.message);
            content.replaceChildren(el("p", { class: "complaint", role: "alert" }, words, " ",
                el("button", { type: "button", onclick: begin }, say("retry"))));
            if (!(problem instanceof SignedOut)) console.warn(`${part.id}: ${problem.message}`);
        }
    };
    section.hidden = false;
    document.querySelector(`[data-for="${part.id}"]`).hidden = false;
    await begin();
}

async function main() {
    await loadWords(body.lang);
    startSubscribe();
    startSheet();
    if (body.team === "") return;
    const api = new Api(body.team);
    startToday();
    const team = await api.team("");
    const page = {
        api, team, zone: body.zone, scopes: new Set(body.scopes.split(" ")), assets: body.assets,
        language: body.lang, announce,
        name: (email) => team.members.find((member) => member.email === email)?.name ?? email ?? say("nobody"),
        planAhead: once(async () => {
            const today = dayIn(Date.now(), body.zone);
            return (await api.team(`plan?from=${today}&to=${addDays(today, days_ahead)}`)).assignments;
        }),
        rotation: (name) => team.rotations.find((rotation) => rotation.name === name)?.title ?? name,
    };
    for (const part of parts) await start(part, page);
    // Parts appeared above what the address points at.
    if (location.hash.length > 1) document.getElementById(location.hash.slice(1))?.scrollIntoView();
    document.body.dataset.ready = "true";
}

main().catch((problem) => {
    const words = problem instanceof SignedOut ? say("signed_out") : say("failed", problem.message);
    document.getElementById("main").prepend(el("p", { class: "complaint panel", role: "alert" }, words));
});
