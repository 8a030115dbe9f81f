// The routes, by what they are about. What they are given must outlive the router.
#pragma once

#include "http/application.h"
#include "http/rate_limit.h"

namespace watchbill::http {

// /ack/{team}/{incident}/{token}: where the link of an invitation's mail leads. A page with one button, since
// mail programs and virus scanners open links by themselves: only pressing it answers.
void add_ack_routes(Router& router, const Backend& backend);

// What people do to a team: PUT and DELETE /api/v1/teams/{team}/shifts/{rotation}/{date}, POST
// .../handover-notes, GET .../brief and GET .../audit. Rules and words are those of service/team_actions.h. A
// change is answered once the plan that it leads to is published.
void add_action_routes(Router& router, const Backend& backend);

// GET /api/v1/teams/{team}/balances: who earned and served how much, as JSON or CSV.
void add_balances_routes(Router& router, const Backend& backend);

// /cover/{team}/{rotation}/{date}/{token}: where the link of the mail leads that asks somebody to take the
// rest of a shift. A page with a yes and a no, as for ack routes. The token is the credential.
void add_cover_routes(Router& router, const Backend& backend);

// GET /api/v1/teams/{team}/feeds: the secret addresses of a team's feeds, for whoever may read what they
// show, and each as a QR code. From the notice board alone.
void add_feed_link_routes(Router& router, const Backend& backend);

// /feeds/{team}/{token}/...: the calendars that people subscribe to. No request plans, parses or runs SQL.
void add_feed_routes(Router& router, const NoticeBoard& board, const Clock& clock);

// All below /api/v1/teams/{team}/incidents: opened, changed, noted, resolved, cancelled, looked at. Rules and
// words are those of service/incident_desk.h. `Idempotency-Key` covers an opening: the same key with the same
// body gets the same answer, whichever process and whenever (for 30 days); with another body 422.
void add_incident_routes(Router& router, const Backend& backend);

// POST /api/v1/mail: mails that come in from a mail server's pipe or a provider's hook, one as it came
// (message/rfc822, RFC 5322; 1 MB at most).
//
// 200: it was an answer to an invitation and is recorded, or a mail that nobody is to be told about (a
// bounce). 422: refused, and its sender is to be told why. 5xx: to be offered again; 503 with Retry-After
// also where one token hands over more than its share: one token is one gateway, with everybody's answers to
// a large incident at once, and what queued while the service was away. A mail takes some milliseconds.
inline constexpr Rate mails_of_a_token{2000, std::chrono::milliseconds(20)};
void add_mail_routes(Router& router, const Backend& backend, const Rate& rate = mails_of_a_token);

// /metrics, for Prometheus. It names teams and no people, and asks for no token.
void add_metrics_routes(Router& router, const Metrics& metrics, const NoticeBoard& board, const Clock& clock);

// GET /openapi.json: the API as OpenAPI 3.1 describes it, for whoever wants to read it or to make a client.
void add_openapi_route(Router& router);

// The web page: GET / (what is shown without a session is the form to sign in, and nothing else), its files,
// and signing in and out. People's names are for those who may read.
void add_page_routes(Router& router, const Backend& backend);

// GET /api/v1/teams/{team}/plan, /explain, /on-duty and /availability: who serves, why, who answers now, and
// who is away. From the notice board alone.
void add_plan_routes(Router& router, const Backend& backend);

// /healthz and /readyz: what probes and the curious may see without a secret. No names of people, no tokens.
// Without `health` only the store's place is looked at.
void add_status_routes(Router& router, const NoticeBoard& board, Store& store, const StoreHealth* health);

// Swaps and covers that members propose in their calendars, and how far each has come.
void add_swap_routes(Router& router, const Backend& backend);

// GET /api/v1/teams, /teams/{team}, /teams/{team}/sources and POST .../refresh: the teams as they are
// configured, and how their calendars fare. Labels, never locations.
void add_team_routes(Router& router, const Backend& backend);

}  // namespace watchbill::http
