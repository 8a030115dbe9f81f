// The web page: GET / (what is shown without a session is the form to sign in, and nothing else), its files,
// and signing in and out. People's names are for those who may read.
#pragma once

#include "http/application.h"

namespace watchbill::http {

void add_page_routes(Router& router, const Backend& backend);

// Nothing but our own files, no inline script, no other host. FullCalendar keeps its rules in a style element
// that is empty in the page: the hash allows that, and no other, inline style. Its icons are a font inside
// it.
inline constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; "
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self'; "
    "font-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

}  // namespace watchbill::http
