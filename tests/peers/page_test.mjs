// The web page in a real browser (Debian's Chromium): every flow on a phone's and a desk's width, light and dark,
// in both languages, with and without scripts; nothing for axe-core to complain of, nothing on the console, no
// request to another host.
//
// Usage: node page_test.mjs WATCHBILL_BINARY [FOLDER_FOR_SCREENSHOTS]
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import AxeSource from "axe-core";
import ICAL from "ical.js";
import { chromium } from "playwright-core";

const [binary, screenshots] = process.argv.slice(2);
const source = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const patience = 60000; // generous: nothing waits for it that does not go wrong

function freePort() {
    return new Promise((resolve) => {
        const server = createServer().listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

// `watchbill serve` on a copy of the example team, in a folder of its own.
class Served {
    static async start(change = () => {}) {
        const served = new Served();
        served.folder = mkdtempSync(path.join(tmpdir(), "watchbill-page-"));
        cpSync(path.join(source, "feeds"), served.folder, { recursive: true, filter: (file) => !/\.db|secret\.key|golden/.test(file) });
        served.port = await freePort();
        served.url = `http://127.0.0.1:${served.port}`;
        served.edit("watchbill.toml", (text) => text.replaceAll("127.0.0.1:8080", `127.0.0.1:${served.port}`));
        change(served);
        const log = openSync(path.join(served.folder, "log.txt"), "a");
        served.process = spawn(binary, ["serve", "--config", path.join(served.folder, "watchbill.toml")], { stdio: ["ignore", "pipe", log] });
        await new Promise((resolve, reject) => {
            let said = "";
            served.process.stdout.on("data", (bytes) => { if (/On duty now[^]*\n  next:/.test(said += bytes)) resolve(); });
            served.process.on("exit", () => reject(new Error(`serve ended: ${served.log()}`)));
            setTimeout(() => reject(new Error(`serve is not ready: ${said}${served.log()}`)), patience).unref();
        });
        return served;
    }
    edit(name, change) {
        const file = path.join(this.folder, name);
        writeFileSync(file, change(readFileSync(file, "utf8")));
    }
    run(...args) {
        return execFileSync(binary, [...args, "--config", path.join(this.folder, "watchbill.toml")], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    }
    token(...scopes) {
        return this.run("token", "create", "--name", `${scopes.join("-")} test`, ...scopes.flatMap((scope) => ["--scope", scope])).trim();
    }
    log() {
        return readFileSync(path.join(this.folder, "log.txt"), "utf8");
    }
    async stop() {
        this.process.removeAllListeners("exit");
        const ended = new Promise((resolve) => this.process.on("exit", resolve));
        this.process.kill();
        await ended;
        rmSync(this.folder, { recursive: true, force: true });
    }
}

// A page that is watched: what it logs, what it asks for, how much comes.
async function open(browser, served, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: "Europe/Paris", locale: "en-GB", ...options });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    page.seen = { complaints: [], hosts: new Set(), bytes: 0 };
    page.on("console", (message) => { if (["error", "warning"].includes(message.type())) page.seen.complaints.push(`${message.text()} (${message.location().url})`); });
    page.on("pageerror", (error) => page.seen.complaints.push(String(error)));
    page.on("request", (request) => { if (/^https?:/.test(request.url())) page.seen.hosts.add(new URL(request.url()).host); });
    page.on("requestfinished", async (request) => {
        const sizes = await request.sizes().catch(() => null);
        if (sizes !== null) page.seen.bytes += sizes.responseBodySize + sizes.responseHeadersSize;
    });
    return page;
}

async function signIn(page, served, token) {
    await page.goto(`${served.url}/`);
    await page.fill("#token", token);
    await page.click("form[action='/sign-in'] button");
    if (page.context().javaScriptEnabled !== false) await page.waitForSelector("body[data-ready]");
}

async function checkAxe(page, what) {
    await page.evaluate(AxeSource.source);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const lines = violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html.slice(0, 200)} ${node.failureSummary.replaceAll("\n", " ").slice(0, 300)}`));
    assert.deepEqual(lines, [], `${what}: axe-core complains`);
}

function checkSeen(page, served, what) {
    assert.deepEqual(page.seen.complaints, [], `${what}: the console should be empty`);
    assert.deepEqual([...page.seen.hosts], [`127.0.0.1:${served.port}`], `${what}: no other host is asked`);
}

async function shoot(page, name) {
    if (screenshots === undefined) return;
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true });
}

// The first shift of the month, or of the next: on its last evening none may lie ahead.
async function firstShift(page) {
    await page.click("button[data-view='dayGridMonth']");
    await page.waitForSelector("#calendar .fc-dayGridMonth-view");
    const shift = page.locator("#calendar .fc-event.shift").first();
    const here = await shift.waitFor({ timeout: 10000 }).then(() => true, () => false);
    if (!here) await page.click("#calendar button[aria-label='Later']");
    await shift.waitFor();
    return shift;
}

const onDuty = (served) => JSON.parse(served.run("on-duty", "--team", "payments", "--json"));

// Stands in for a server that has swaps and incidents, as openapi.json would describe them, where this one has not.
async function standIn(page, served) {
    const description = await (await fetch(`${served.url}/openapi.json`)).json();
    if ("/api/v1/teams/{team}/incidents/preview" in description.paths) return null;
    const team = "/api/v1/teams/{team}";
    for (const tail of ["incidents", "incidents/preview", "swaps"]) description.paths[`${team}/${tail}`] = {};
    const state = { incident: null, orders: [], entries: [], keys: [] };
    const role = (email, name, more) => ({ email, name, why: "holds the MRO shift", rsvp: "needs_action", ...more });
    const whole = (order) => ({
        id: "2026-12-03-9f86d081", team: "payments", title: order.title, severity: order.severity, state: "open", conference: "https://meet.example.com/x",
        reporter: null, opened_by: "token:x", opened_at: "2026-12-03T09:00:00Z", closed_at: null,
        commander: role("alice@example.com", "Alice Martin", { rule: "rotation" }),
        experts: order.needs.map((skill) => role("bob@example.com", "Bob Durand", { skill })), unfilled: [],
        event: { uid: "x", sequence: 0, start: new Date().toISOString(), end: new Date(Date.now() + 3600000).toISOString(), url: "", ics: "" },
    });
    const json = (route, body, status = 200) => route.fulfill({ status, contentType: "application/json", body: JSON.stringify(body) });
    await page.route("**/openapi.json", (route) => json(route, description));
    await page.route("**/api/v1/teams/payments/swaps", (route) => json(route, { team: "payments", swaps: [{
        id: "s1", kind: "swap", state: "proposed", reason: null, about: null, organizer: "alice@example.com", colleague: "bob@example.com", open: false,
        shift: { rotation: "mro", date: "2026-12-03", start: null, end: null }, counter: null, consent: null, proposed_at: "2026-11-24T09:00:00Z",
        accepted_at: null, changed_at: "2026-11-24T09:00:00Z", turned_away: [], explanation: "Alice Martin asks Bob Durand.", next: "Bob Durand answers the invitation.", history: [],
    }] }));
    await page.route(/\/api\/v1\/teams\/payments\/incidents/, async (route) => {
        const request = route.request();
        const tail = new URL(request.url()).pathname.split("/incidents")[1];
        if (request.method() !== "GET") {
            assert.equal(request.headers()["x-watchbill-page"], "1");
            state.orders.push([request.method(), tail, request.postDataJSON()]);
        }
        if (tail === "/preview") return json(route, whole(request.postDataJSON()));
        if (tail === "" && request.method() === "POST") {
            state.keys.push(request.headers()["idempotency-key"]);
            if (state.keys.length === 1) return json(route, { detail: "The database is busy.", status: 503, code: "unavailable" }, 503);
            return json(route, state.incident = whole(request.postDataJSON()), 201);
        }
        if (tail === "") return json(route, { team: "payments", incidents: state.incident === null || state.incident.state !== "open" ? [] : [state.incident] });
        if (tail.endsWith("/timeline")) return json(route, { entries: [{ at: "2026-12-03T09:00:00Z", kind: "opened", who: "token:x", about: null, text: "Opened." }] });
        if (tail.endsWith("/resolve")) state.incident = { ...state.incident, state: "resolved" };
        const patch = request.method() === "PATCH" ? request.postDataJSON() : {};
        if (patch.commander) state.incident = { ...state.incident, commander: role(patch.commander, "Bob Durand", { rule: "transfer" }) };
        return json(route, state.incident);
    });
    return state;
}

const tests = {
    async "every part, at every width, in every scheme and language"(browser, served) {
        const token = served.token("read", "incident");
        for (const [width, languages] of [[390, ["en-GB", "fr-FR"]], [1280, ["fr-FR", "en-GB"]]]) {
            for (const [index, colorScheme] of ["light", "dark"].entries()) {
                const locale = languages[index];
                const what = `${width}px ${colorScheme} ${locale}`;
                const page = await open(browser, served, { viewport: { width, height: 900 }, colorScheme, locale });
                await page.goto(`${served.url}/`);
                await checkAxe(page, `${what}, signing in`);
                await shoot(page, `sign-in-${width}-${colorScheme}-${locale}`);
                await signIn(page, served, token);
                await page.waitForSelector("#calendar .fc-event");
                assert.equal(await page.getAttribute("html", "lang"), locale.slice(0, 2));
                const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
                assert.ok(overflow <= 0, `${what}: it scrolls sideways by ${overflow} px`);
                for (const summary of await page.locator("#subscribe > details.feed > summary").all()) await summary.click();
                await checkAxe(page, what);
                await shoot(page, `page-${width}-${colorScheme}-${locale}`);
                for (const view of ["timeGridWeek", "fortnight", "dayGridMonth"]) {
                    await page.click(`button[data-view="${view}"]`);
                    await page.waitForSelector(`#calendar .fc-${view}-view .fc-event`);
                    await checkAxe(page, `${what}, ${view}`);
                    await shoot(page, `${view}-${width}-${colorScheme}-${locale}`);
                }
                checkSeen(page, served, what);
                await page.context().close();
            }
        }
    },

    async "first paint and size"(browser, served) {
        const page = await open(browser, served);
        await signIn(page, served, served.token("read"));
        const fresh = await open(browser, served);
        await fresh.context().addCookies(await page.context().cookies());
        await fresh.goto(`${served.url}/`);
        await fresh.waitForSelector("body[data-ready]");
        await fresh.waitForSelector("#calendar .fc-event");
        const paint = await fresh.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
        console.log(`        first contentful paint after ${Math.round(paint)} ms, ${Math.round(fresh.seen.bytes / 1000)} KB in all`);
        // 300 ms is the aim on an idle machine; a busy one takes what it takes.
        assert.ok(paint < 3000, `first paint after ${paint} ms`);
        assert.ok(fresh.seen.bytes < 500000, `${fresh.seen.bytes} bytes`);
    },

    async "who is on duty"(browser, served) {
        const page = await open(browser, served);
        await signIn(page, served, served.token("read"));
        const duty = onDuty(served);
        const names = { "alice@example.com": "Alice Martin", "bob@example.com": "Bob Durand", "chloe@example.com": "Chloé Lefèvre", "gabrielle@example.com": "Gabrielle Roy", "david@example.com": "David Klein", "emma@example.com": "Emma Tremblay", "felix@example.com": "Félix Gagnon" };
        const today = await page.innerText("#today");
        assert.equal(await page.innerText("#today .hero .name"), names[duty.answer.member]);
        for (const rotation of duty.rotations) {
            if (rotation.member !== null) assert.ok(today.includes(names[rotation.member]), today);
            if (rotation.next.member !== null) assert.ok(today.includes(names[rotation.next.member]), today);
        }
        assert.equal(await page.getAttribute("#today .hero time", "datetime"), duty.answer.until);
    },

    async "somebody in another zone sees their own time too"(browser, served) {
        const page = await open(browser, served, { timezoneId: "America/Montreal" });
        await signIn(page, served, served.token("read"));
        assert.match(await page.innerText("#today .hero .until"), /for you/);
        await page.selectOption("#calendar select", { index: 1 });
        await page.click("button[data-view='timeGridWeek']");
        await page.waitForSelector("#calendar .fc-timegrid-event");
        // A shift that starts at 09:00 in Paris does at 03:00 in Montreal, for all but three weeks of the year.
        await page.waitForFunction(() => [...document.querySelectorAll("#calendar .fc-event")].some((e) => /0[34]:00/.test(e.textContent)));
        checkSeen(page, served, "another zone");
    },

    async "why this person, with the keyboard alone"(browser, served) {
        const page = await open(browser, served);
        await signIn(page, served, served.token("read"));
        const event = await firstShift(page);
        await event.focus();
        await page.keyboard.press("Enter");
        await page.waitForSelector("dialog[open] .why");
        await checkAxe(page, "the explanation");
        await shoot(page, "explanation");
        const text = await page.innerText("dialog[open]");
        assert.match(text, /holds (Remote )?MRO/);
        assert.match(text, /Why not the others\?/);
        await page.keyboard.press("Escape");
        await page.waitForSelector("dialog", { state: "detached" });
        assert.ok(await event.evaluate((element) => element === document.activeElement || element.contains(document.activeElement)), "the focus comes back");
        // A day too, and one without shifts.
        const saturday = page.locator("#calendar .fc-day-sat:not(.fc-col-header-cell) a.fc-daygrid-day-number").first();
        await saturday.focus();
        await page.keyboard.press("Enter");
        await page.waitForSelector("dialog[open]");
        assert.match(await page.innerText("dialog[open]"), /No shift is planned/);
    },

    async "balances as a table and a chart"(browser, served) {
        const page = await open(browser, served);
        await signIn(page, served, served.token("read"));
        const rows = await page.locator("#fairness table.balances tbody tr:not(.group)").count();
        assert.ok(rows >= 7, `${rows} rows`);
        assert.ok(await page.locator("#fairness svg.balance rect.served").count() >= 7);
    },

    async "subscribing"(browser, served) {
        const page = await open(browser, served);
        await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: served.url });
        await signIn(page, served, served.token("read"));
        const feeds = await page.locator("#subscribe details.feed").count();
        assert.ok(feeds >= 10, `${feeds} feeds`);
        const feed = page.locator("#subscribe details.feed").first();
        await feed.locator("summary").first().click();
        const address = await feed.locator("input").inputValue();
        const links = await feed.locator("a").evaluateAll((all) => all.map((a) => a.href));
        assert.deepEqual(links, [`webcal${address.slice(4)}`, `https://calendar.google.com/calendar/r?cid=${encodeURIComponent(`webcal${address.slice(4)}`)}`,
            ...["outlook.office.com", "outlook.live.com"].map((host) => `https://${host}/calendar/0/addfromweb?url=${encodeURIComponent(address)}&name=Payments%20rotation`)]);
        assert.match(await (await fetch(address)).text(), /^BEGIN:VCALENDAR/);
        await feed.locator("button.copy").click();
        await page.waitForFunction(() => document.querySelector("button.copy").textContent === "Copied");
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
        await feed.locator("details.qr summary").click();
        await page.waitForFunction(() => document.querySelector("details.qr[open] img").naturalWidth > 0);
        await checkAxe(page, "a feed");
        checkSeen(page, served, "subscribing");
    },

    async "an event that swaps, made ready"(browser, served) {
        const page = await open(browser, served);
        await signIn(page, served, served.token("read"));
        const swap = page.locator("#swap");
        await swap.locator("select").nth(0).selectOption("alice@example.com");
        await swap.locator("select").nth(3).selectOption("bob@example.com");
        const value = await swap.locator("select").nth(1).inputValue();
        const date = value.split(" ")[1];
        const plan = JSON.parse(served.run("plan", "--team", "payments", "--from", date, "--days", "1", "--json"));
        const shift = (plan.assignments ?? plan).find((a) => a.rotation === "mro");
        const waiting = page.waitForEvent("download");
        await swap.locator("a[download]").click();
        const file = await (await waiting).path();
        const event = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8"))).getFirstSubcomponent("vevent");
        assert.equal(event.getFirstPropertyValue("summary"), "MRO swap");
        assert.equal(event.getFirstPropertyValue("dtstart").toJSDate().toISOString(), new Date(shift.start).toISOString());
        assert.deepEqual(event.getAllProperties("attendee").map((a) => a.getFirstValue()), ["mailto:alice@example.com", "mailto:bob@example.com"]);
        // What is made is what is understood.
        const span = ["--from", date, "--to", new Date(Date.parse(date) + 86400000).toISOString().slice(0, 10)];
        const seen = JSON.parse(served.run("calendar", file, ...span, "--member", "alice@example.com", "--json"));
        assert.equal(seen.occurrences[0].kind, "swap");
        const google = new URL(await swap.locator("a[href*='calendar.google.com']").getAttribute("href"));
        assert.equal(google.searchParams.get("add"), "bob@example.com");
        assert.equal(google.searchParams.get("dates").slice(0, 16), new Date(shift.start).toISOString().replace(/[-:]|\.\d+/g, ""));
        const outlook = new URL(await swap.locator("a[href*='outlook.office.com']").getAttribute("href"));
        assert.equal(outlook.searchParams.get("to"), "bob@example.com");
        await swap.locator("select").nth(2).selectOption("cover");
        await swap.locator("select").nth(3).selectOption("");
        assert.match(await swap.innerText(), /MRO cover/);
        checkSeen(page, served, "a swap");
    },

    async "an incident from the form to its end, with the answers that come in"(browser, served) {
        for (const [width, colorScheme] of [[390, "dark"], [1280, "light"]]) {
            const page = await open(browser, served, { viewport: { width, height: 900 }, colorScheme });
            const fake = await standIn(page, served);
            await signIn(page, served, served.token("read", "incident"));
            const section = page.locator("#incident");
            assert.match(await section.innerText(), /No incident is open/);
            await section.locator("summary").first().click();
            await section.locator("input[name='title']").fill("Payments are <b>down</b>");
            await section.locator("input[value='network']").check();
            await section.locator(".preview li").nth(1).waitFor();
            assert.match(await section.locator(".preview").innerText(), /Commander/);
            await checkAxe(page, "the form");
            await shoot(page, `incident-form-${width}`);
            if (fake !== null) {
                // A server that is busy may have opened it all the same: sent again, it is the same incident.
                await section.locator("form button").last().click();
                await section.locator("[role='alert'] .complaint").waitFor();
                assert.match(await section.innerText(), /Sending again is safe/);
                page.seen.complaints = page.seen.complaints.filter((line) => !line.includes("503"));
            }
            await section.locator("form button").last().click();
            const card = section.locator("article.incident").first();
            await card.waitFor();
            if (fake !== null) assert.equal(fake.keys[0], fake.keys[1], "a new key would open a second one");
            assert.match(await card.innerText(), /Payments are <b>down<\/b>/);
            assert.match(await card.innerText(), /no answer yet/);
            if (fake !== null) {
                fake.incident = { ...fake.incident, commander: { ...fake.incident.commander, rsvp: "accepted" } };
                await card.locator(".rsvp.accepted").waitFor();
            }
            await checkAxe(page, "an open incident");
            await shoot(page, `incident-${width}`);
            await card.locator("button").nth(0).click();
            await page.fill("dialog textarea", "Restarted the gateway.");
            await checkAxe(page, "a note");
            await page.click("dialog .primary");
            await page.waitForSelector("dialog", { state: "detached" });
            await card.locator("button").nth(2).click();
            await page.selectOption("dialog select", "bob@example.com");
            await page.click("dialog .primary");
            await page.waitForFunction(() => document.querySelector("article.incident .people li")?.textContent.includes("Bob Durand"));
            await card.locator("details summary").click();
            await card.locator(".timeline li").first().waitFor();
            await card.locator("button.danger").click();
            await page.click("dialog .primary");
            await page.waitForFunction(() => document.querySelector("#incident").textContent.includes("No incident is open"));
            checkSeen(page, served, "an incident");
            await page.context().close();
        }
        // Who may only look gets no form.
        const page = await open(browser, served);
        await standIn(page, served);
        await signIn(page, served, served.token("read"));
        assert.equal(await page.locator("#incident form").count(), 0);
        assert.match(await page.innerText("#incident"), /lacks the scope/);
    },

    async "without scripts: who is on duty, two weeks, subscribing, both languages"(browser, served) {
        const page = await open(browser, served, { javaScriptEnabled: false });
        await page.goto(`${served.url}/`);
        await page.fill("#token", served.token("read"));
        await page.click("form[action='/sign-in'] button");
        await page.waitForSelector("#today .hero .name");
        assert.ok((await page.innerText("#today .hero .name")).length > 3);
        assert.equal(await page.locator("#sheet tbody tr").count(), 14);
        const link = await page.locator("#subscribe a[href^='webcal:']").first().getAttribute("href");
        assert.match(link, /^webcal:\/\/127\.0\.0\.1:\d+\/feeds\/payments\/[0-9a-f]{32}\/rotation\.ics$/);
        assert.match(await page.innerText("noscript"), /need JavaScript/);
        await shoot(page, "without-scripts");
        await page.click(".languages a");
        await page.waitForSelector("html[lang='fr'] #today");
        assert.match(await page.innerText("#today"), /De service maintenant/);
        await page.click("form[action='/sign-out'] button");
        await page.waitForSelector("#token");
    },

    async "signing in: wrong tokens, a link with the token, signing out, revoking"(browser, served) {
        const page = await open(browser, served);
        await page.goto(`${served.url}/`);
        await page.fill("#token", `wb_${"0".repeat(64)}`);
        await page.click("form[action='/sign-in'] button");
        await page.waitForSelector(".complaint[role='alert']");
        await checkAxe(page, "a wrong token");
        page.seen.complaints = page.seen.complaints.filter((line) => !line.includes("401"));
        const token = served.token("read");
        await page.goto(`${served.url}/?from=link#token=${token}`);
        assert.equal(await page.inputValue("#token"), token);
        assert.ok(!page.url().includes("wb_"), "the token leaves the address");
        await page.keyboard.press("Enter");
        await page.waitForSelector("body[data-ready]");
        const [cookie] = (await page.context().cookies()).filter((c) => c.name === "watchbill");
        assert.ok(cookie.httpOnly && cookie.sameSite === "Strict");
        assert.ok(!cookie.value.includes(token.slice(3)));
        assert.equal(await page.evaluate(() => document.cookie), "");
        checkSeen(page, served, "signing in");
        const [id] = cookie.value.split(".");
        served.run("token", "revoke", id);
        for (const end = Date.now() + patience; await page.locator("#token").count() === 0; await page.reload())
            assert.ok(Date.now() < end, "a revoked token's session goes on");
        assert.ok(!served.log().includes(token), "the token is in the log");
    },

    async "no other site's page acts for somebody who is signed in"(browser, served) {
        const page = await open(browser, served);
        await signIn(page, served, served.token("admin"));
        // Another origin: a form there posts here, with whatever cookies the browser sends.
        const evil = await freePort();
        const { createServer: createHttp } = await import("node:http");
        const attacker = createHttp((_, answer) => {
            answer.setHeader("Content-Type", "text/html");
            answer.end(`<form method="post" action="${served.url}/sign-out"><button>x</button></form>`);
        }).listen(evil, "127.0.0.1");
        try {
            const other = await page.context().newPage();
            await other.goto(`http://localhost:${evil}/`);
            await other.click("button");
            await other.waitForLoadState();
            await page.reload();
            await page.waitForSelector("#today .hero .name");
            const status = await page.evaluate(async () => (await fetch("/api/v1/teams/payments/refresh", { method: "POST" })).status);
            assert.equal(status, 403, "without the page's header nothing changes");
        } finally {
            attacker.close();
        }
    },

    async "nothing that people call themselves becomes markup"(browser) {
        const hostile = "<img src=x onerror=alert(1)>{team}";
        const served = await Served.start((s) => s.edit("teams/payments.toml", (text) => text
            .replace('"Alice Martin"', `'${hostile}'`).replace('title         = "MRO"', `title         = '${hostile}'`).replace('title     = "Payments"', `title     = '${hostile}'`)));
        try {
            const page = await open(browser, served);
            page.on("dialog", () => page.seen.complaints.push("an alert opened"));
            await signIn(page, served, served.token("read", "incident"));
            await (await firstShift(page)).click();
            await page.waitForSelector("dialog[open] .why");
            assert.equal(await page.locator("img[src='x']").count(), 0);
            assert.ok((await page.innerText("#today")).includes(hostile));
            checkSeen(page, served, "a hostile name");
        } finally {
            await served.stop();
        }
    },

    async "uncovered days and calendars that cannot be read are loud"(browser) {
        const served = await Served.start((s) => {
            s.edit("teams/payments.toml", (text) => text.replace('"../calendars/bob-outlook.ics"', '"../calendars/gone.ics"'));
        });
        try {
            const page = await open(browser, served);
            await signIn(page, served, served.token("read"));
            const text = await page.innerText("#today .alerts");
            assert.match(text, /A calendar cannot be read:/);
            assert.match(text, /bob@example\.com/);
            await checkAxe(page, "alerts");
            await shoot(page, "alerts");
        } finally {
            await served.stop();
        }
    },

    async "two weeks on paper"(browser, served) {
        const page = await open(browser, served);
        await signIn(page, served, served.token("read"));
        await page.emulateMedia({ media: "print" });
        assert.ok(await page.isVisible("#sheet table"));
        for (const hidden of ["header.bar", "nav.sections", "#today", "#calendar", "#subscribe"]) assert.ok(!await page.isVisible(hidden), hidden);
        const pdf = await page.pdf({ format: "A4" });
        const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
        assert.equal(pages, 1, "two weeks fit on one page");
        if (screenshots !== undefined) writeFileSync(path.join(screenshots, "sheet.pdf"), pdf);
    },
};

const profile = mkdtempSync(path.join(tmpdir(), "watchbill-chromium-"));
const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium", headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", `--disk-cache-dir=${profile}`],
});
let failed = 0;
const served = await Served.start();
const only = process.env.ONLY;
try {
    for (const [name, test] of Object.entries(tests)) {
        if (only !== undefined && !name.includes(only)) continue;
        const began = Date.now();
        try {
            await test(browser, served);
            console.log(`ok      ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
        } catch (problem) {
            failed += 1;
            console.log(`FAILED  ${name}: ${String(problem.stack).slice(0, 3000)}`);
        }
        for (const context of browser.contexts()) await context.close();
    }
    assert.ok(!/ error: /.test(served.log()), served.log());
} finally {
    await browser.close();
    await served.stop();
    rmSync(profile, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
