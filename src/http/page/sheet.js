// The button that prints the sheet; what is printed is a matter of the style sheet.
import { el } from "./dom.js";
import { say } from "./words.js";

export function startSheet() {
    const title = document.getElementById("sheet-title");
    if (title === null) return;
    const head = el("div", { class: "panel-head" });
    title.replaceWith(head);
    head.append(title, el("button", { type: "button", class: "print quiet", onclick: () => window.print() }, say("print")));
}
