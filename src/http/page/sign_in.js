// A link may bring the token behind its "#", which browsers send to nobody: it is put into the form, and taken
// out of the address. Whoever opened the link still presses the button.
const given = new URLSearchParams(location.hash.slice(1)).get("token");
const field = document.getElementById("token");
if (given) {
    field.value = given;
    history.replaceState(null, "", location.pathname);
    document.querySelector("form button").focus();
} else {
    field.focus();
    if (!document.referrer.startsWith(location.origin)) askFromHere();
}

// Browsers keep a strict cookie back where a link in a mail or on another site led here, and send it with what our
// own page asks for. Whoever is signed in goes on to the page; coming from here this is not asked again.
async function askFromHere() {
    const answer = await fetch(location.pathname + location.search);
    if ((await answer.text()).includes('action="/sign-out"')) location.replace(location.pathname + location.search);
}
