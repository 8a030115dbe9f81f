// All routes of the service in one table.
#pragma once

#include "http/router.h"
#include "service/cover_service.h"
#include "service/incident_desk.h"
#include "service/notice_board.h"
#include "service/page_sessions.h"
#include "service/reply_desk.h"
#include "service/service.h"
#include "service/store_health.h"
#include "watchbill/ports.h"

namespace watchbill::http {

// What stands behind the routes. Reading is done from the board alone; none may be null unless it says so,
// and all must outlive the router.
struct Backend {
    const NoticeBoard* board = nullptr;
    const Clock* clock = nullptr;
    ApiTokens* tokens = nullptr;
    Service* service = nullptr;
    Store* store = nullptr;  // for changes and for what the board does not show
    Metrics* metrics = nullptr;
    const RequestWatch* watch = nullptr;
    std::vector<std::string> cors_origins = {};  // as CrossOrigin takes them
    const ReplyDesk* replies = nullptr;
    IncidentDesk* incidents = nullptr;
    PageSessions* sessions = nullptr;
    // How people reach the server, without a trailing slash: may be set later, but before the first request.
    const std::string* public_url = nullptr;
    const StoreHealth* health = nullptr;  // for /readyz; may be null
    CoverService* covers = nullptr;       // may be null: then nobody is asked to take over
};

Router make_router(const Backend& backend);

}  // namespace watchbill::http
