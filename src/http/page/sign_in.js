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
}
