// Elements without markup: text is always text, so nothing that people or calendars say becomes a tag.
import { say } from "./words.js";

// el("p", {class: "note", onclick: fn, hidden: true}, "text", node, [nodes])
export function el(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    assign(element, attributes);
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
    return element;
}

export function svg(name, attributes = {}, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    assign(element, attributes);
    element.append(...children);
    return element;
}

function assign(element, attributes) {
    for (const [key, value] of Object.entries(attributes)) {
        if (value === undefined || value === null || value === false) continue;
        if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
        else element.setAttribute(key, value === true ? "" : String(value));
    }
}

// For whoever does not see what changed.
export function announce(words) {
    const place = document.getElementById("said");
    place.textContent = "";
    requestAnimationFrame(() => { place.textContent = words; });
}

let fields = 0;

// A labelled <select> with [value, text] options.
export function choice(label, options, attributes = {}) {
    const id = `field-${++fields}`;
    const select = el("select", { id, ...attributes }, options.map(([value, text]) => el("option", { value }, text)));
    return { field: el("p", { class: "field" }, el("label", { for: id }, label), select), select };
}

// A labelled <input> or <textarea>.
export function entry(label, attributes = {}, kind = "input") {
    const id = `field-${++fields}`;
    const input = el(kind, { id, ...attributes });
    return { field: el("p", { class: "field" }, el("label", { for: id }, label), input), input };
}

// A modal dialog with a title and a button that closes it; the browser keeps the focus in it and gives it back.
export function dialog(title, ...content) {
    const id = `dialog-${++fields}`;
    const box = el("dialog", { "aria-labelledby": id },
        el("form", { method: "dialog", class: "dialog-head" }, el("h2", { id }, title),
            el("button", { class: "quiet", "aria-label": say("close") }, "✕")),
        el("div", { class: "dialog-body" }, ...content));
    box.addEventListener("close", () => box.remove());
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
    document.body.append(box);
    box.showModal();
    return box;
}
