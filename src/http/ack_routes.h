// /ack/{team}/{incident}/{token}: where the link of an invitation's mail leads. A page with one button, since
// mail programs and virus scanners open links by themselves: only pressing it answers.
#pragma once

#include "http/application.h"

namespace watchbill::http {

void add_ack_routes(Router& router, const Backend& backend);

}  // namespace watchbill::http
