// Balances: what each has served against their fair share, so far and as planned. A table that anybody can read,
// with a bar in each line for those who rather look.
import { el, svg } from "./dom.js";
import { say } from "./words.js";

// A bar for what was served and a line for the fair share, on one scale for the whole table.
function bar(served, shares, most) {
    const at = (value) => (100 * value) / most;
    return svg("svg", { viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true", class: "balance", focusable: "false" },
        svg("rect", { class: "ground", x: 0, y: 2, width: 100, height: 10 }),
        svg("rect", { class: "served", x: 0, y: 2, width: at(served).toFixed(2), height: 10 }),
        svg("rect", { class: "share", x: Math.max(0, at(shares) - 0.6).toFixed(2), y: 0, width: 1.2, height: 14 }));
}

// "Weekends 14 of 14.3" and a bar of its own for each class of shifts that is fair by itself.
function classes(row, most) {
    return (row.classes ?? []).map((of) => el("div", { class: "class" },
        el("span", {}, say("of_class", say(`class_${of.class}`), String(of.served), of.shares.toFixed(1))), bar(of.served, of.shares, most)));
}

function table(title, rows, page, columns) {
    const most = Math.max(1, ...rows.map((row) => Math.max(row.served, row.shares)));
    const rotations = [...new Set(rows.map((row) => row.rotation))];
    const head = el("tr", {}, [say("member"), say("chart"), columns.served, say("shares"), ...columns.more.map(([name]) => name)]
        .map((name, index) => el("th", { scope: "col", class: index > 1 ? "number" : index === 1 ? "chart" : null }, name)));
    const bodies = rotations.map((rotation) => el("tbody", {},
        el("tr", { class: "group" }, el("th", { scope: "rowgroup", colspan: 4 + columns.more.length }, page.rotation(rotation))),
        rows.filter((row) => row.rotation === rotation).map((row) => el("tr", {},
            el("th", { scope: "row" }, page.name(row.member)),
            el("td", { class: "chart" }, bar(row.served, row.shares, most), classes(row, most)),
            el("td", { class: "number" }, String(row.served)),
            el("td", { class: "number" }, row.shares.toFixed(2)),
            columns.more.map(([, value]) => el("td", { class: "number" }, value(row)))))));
    return [el("h3", {}, title),
        el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title },
            el("table", { class: "balances" }, el("thead", {}, head), bodies))];
}

// On each day every candidate earns weight / sum of weights; the plan says who was none, and why.
function sharesAhead(assignments, team) {
    const rows = new Map();
    for (const rotation of team.rotations)
        for (const member of rotation.members) rows.set(`${rotation.name} ${member}`, { rotation: rotation.name, member, served: 0, shares: 0, classes: [] });
    // What is counted for a shift: the whole of a member's row, and the class of the shift if it has one.
    const counted = (assignment, member, name) => {
        const row = rows.get(`${assignment.rotation} ${member}`);
        if (row === undefined) return [];
        if (name === undefined) return [row];
        let ofClass = row.classes.find((it) => it.class === name);
        if (ofClass === undefined) row.classes.push(ofClass = { class: name, served: 0, shares: 0 });
        return [row, ofClass];
    };
    const weight = (email) => team.members.find((member) => member.email === email)?.weight ?? 1;
    for (const assignment of assignments) {
        if (assignment.member === null) continue;
        const away = new Set(assignment.reasons.filter((r) => r.code === "absent" || r.code === "resting").map((r) => r.member));
        const roster = team.rotations.find((rotation) => rotation.name === assignment.rotation)?.members ?? [];
        const candidates = roster.filter((member) => !away.has(member) || member === assignment.member);
        const total = candidates.reduce((sum, member) => sum + weight(member), 0);
        const name = assignment.reasons.find((reason) => reason.class !== undefined)?.class;
        for (const member of candidates)
            for (const it of counted(assignment, member, name)) it.shares += weight(member) / total;
        for (const it of counted(assignment, assignment.member, name)) it.served += 1;
    }
    return [...rows.values()];
}

export async function start(content, page) {
    const [past, ahead] = await Promise.all([
        page.api.team("balances"), page.planAhead()]);
    const rows = past.balances;
    content.append(el("p", { class: "note" }, say("fairness_note"), " ", say("legend")));
    if (rows.some((row) => row.served > 0)) {
        content.append(...table(say("fairness_past"), rows, page, {
            served: say("served"),
            more: [[say("balance"), (row) => `${row.balance > 0 ? "+" : ""}${row.balance.toFixed(2)}`],
                [say("nights_weekends_holidays"), (row) => `${row.nights} / ${row.weekends} / ${row.holidays}`]],
        }));
        content.append(el("p", {}, el("a", { href: `${page.api.base}/balances?format=csv`, download: `${page.team.name}-balances.csv` }, say("download_csv"))));
    } else {
        content.append(el("p", { class: "note" }, say("fairness_empty")));
    }
    content.append(...table(say("fairness_ahead"), sharesAhead(ahead, page.team), page, { served: say("planned"), more: [] }));
}
