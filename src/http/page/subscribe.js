// Buttons that copy an address.
import { announce } from "./dom.js";
import { say } from "./words.js";

export function startSubscribe() {
    for (const button of document.querySelectorAll("button.copy")) {
        button.hidden = false;
        button.addEventListener("click", async () => {
            const input = button.parentElement.querySelector("input");
            input.select();
            try {
                await navigator.clipboard.writeText(button.dataset.copy);
            } catch {
                // Without HTTPS there is no such interface; the selection is there to be copied.
                document.execCommand("copy");
            }
            button.textContent = say("copied");
            announce(say("copied"));
        });
    }
}
