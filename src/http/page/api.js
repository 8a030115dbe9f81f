// The JSON API with the session's cookie. What changes something carries a header that only our own scripts can
// send.
export class SignedOut extends Error {}

export class Refused extends Error {
    constructor(status, problem) {
        super(problem.detail ?? problem.title ?? `HTTP ${status}`);
        this.status = status;
        this.code = problem.code;
        this.problem = problem;
    }
}

export class Api {
    constructor(team) {
        this.base = `/api/v1/teams/${team}`;
    }

    get(path) {
        return this.send("GET", path);
    }

    // "plan?from=..." of the page's team; "" is the team itself.
    team(path) {
        return this.get(path === "" ? this.base : `${this.base}/${path}`);
    }

    async send(method, path, body, headers = {}) {
        const options = { method, headers: { Accept: "application/json", ...headers } };
        if (method !== "GET") options.headers["X-Watchbill-Page"] = "1";
        if (body !== undefined) {
            options.headers["Content-Type"] = "application/json";
            options.body = JSON.stringify(body);
        }
        const answer = await fetch(path, options);
        const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
        const content = isJson ? await answer.json() : {};
        if (answer.status === 401) throw new SignedOut(content.detail ?? "");
        if (!answer.ok) throw new Refused(answer.status, content);
        return content;
    }
}
