// `watchbill serve` on a copy of the example team, and browser pages that are watched, for page_test.mjs.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import AxeSource from "axe-core";

export const [binary, screenshots] = process.argv.slice(2).map((name) => path.resolve(name));
export const patience = 60000; // generous: nothing waits for it that does not go wrong
const source = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

export function freePort() {
    return new Promise((resolve) => {
        const server = createServer().listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

// `watchbill serve` on a copy of the example team, in a folder of its own.
export class Served {
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
    // As scripts ask.
    async api(method, tail, body) {
        this.admin ??= this.token("admin");
        const answer = await fetch(`${this.url}/api/v1/teams/payments${tail === "" ? "" : `/${tail}`}`, {
            method, headers: { Authorization: `Bearer ${this.admin}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
            body: body === undefined ? undefined : JSON.stringify(body),
        });
        assert.ok(answer.ok, `${method} ${tail}: ${answer.status} ${answer.ok ? "" : await answer.text()}`);
        return answer.json();
    }
    // Somebody invites a colleague to a swap, in their own calendar, on a shift of the days that the list shows.
    async proposeSwap() {
        const { assignments } = await this.api("GET", "plan");
        const day = (offset) => new Date(Date.now() + offset * 86400000).toISOString().slice(0, 10);
        const shift = assignments.find((a) => a.rotation === "mro" && a.member !== null && a.date >= day(2));
        const other = assignments.find((a) => a.rotation === "mro" && a.date > shift.date && a.member !== null && a.member !== shift.member);
        const compact = (instant) => instant.replace(/[-:]/g, "");
        const calendar = readdirSync(path.join(this.folder, "calendars")).find((name) => name.startsWith(shift.member.split("@")[0]));
        const attendee = (email, status) => `ATTENDEE;PARTSTAT=${status}:mailto:${email}`;
        this.edit(`calendars/${calendar}`, (text) => text.replace("END:VCALENDAR", ["BEGIN:VEVENT", "UID:page-swap", "DTSTAMP:20260101T000000Z", "SUMMARY:MRO swap",
            `DTSTART:${compact(shift.start)}`, `DTEND:${compact(shift.end)}`, `ORGANIZER:mailto:${shift.member}`,
            attendee(shift.member, "ACCEPTED"), attendee(other.member, "NEEDS-ACTION"), "END:VEVENT", "END:VCALENDAR"].join("\r\n")));
        await this.api("POST", "refresh", {});
        return { shift, colleague: other.member };
    }
    log() {
        return readFileSync(path.join(this.folder, "log.txt"), "utf8");
    }
    async stop() {
        this.process.removeAllListeners("exit");
        const ended = new Promise((resolve) => this.process.on("exit", resolve));
        this.process.kill();
        assert.equal(await ended, 0, `serve ended badly: ${this.log().slice(-3000)}`);
        rmSync(this.folder, { recursive: true, force: true });
    }
}

// A page that is watched: what it logs, what it asks for, how much comes.
export async function open(browser, served, options = {}) {
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

export async function signIn(page, served, token) {
    await page.goto(`${served.url}/`);
    await page.fill("#token", token);
    await page.click("form[action='/sign-in'] button");
    if (page.context().javaScriptEnabled !== false) await page.waitForSelector("body[data-ready]");
}

// The whole page, or what has changed of it.
export async function checkAxe(page, what, part = "html") {
    if (!await page.evaluate(() => "axe" in window)) await page.evaluate(AxeSource.source);
    const { violations } = await page.evaluate((selector) => window.axe.run(selector, { resultTypes: ["violations"] }), part);
    const lines = violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html.slice(0, 200)} ${node.failureSummary.replaceAll("\n", " ").slice(0, 300)}`));
    assert.deepEqual(lines, [], `${what}: axe-core complains`);
}

export function checkSeen(page, served, what) {
    assert.deepEqual(page.seen.complaints, [], `${what}: the console should be empty`);
    assert.deepEqual([...page.seen.hosts], [`127.0.0.1:${served.port}`], `${what}: no other host is asked`);
}

// The whole page is taken by making the window larger, which draws a calendar anew.
export async function shoot(page, name, fullPage = true) {
    if (screenshots === undefined) return;
    mkdirSync(screenshots, { recursive: true });
    if (fullPage) await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
    await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage });
}

// What is written in the database about somebody's mail, with another SQLite than ours.
export function ackLink(served, incident, recipient) {
    const script = `import re, sqlite3, sys
rows = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True, timeout=30).execute(
    "SELECT body_text FROM outbox WHERE about = ? AND recipient = ? ORDER BY seq DESC", sys.argv[2:]).fetchall()
print(re.search(r"http://\\S+/ack/\\S+", rows[0][0])[0])`;
    return execFileSync("/usr/bin/python3", ["-c", script, path.join(served.folder, "watchbill.db"), incident, recipient], { encoding: "utf8" }).trim();
}
