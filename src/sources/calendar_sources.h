// Calendars from files, from web servers and from CalDAV servers behind one port.
#pragma once

#include <memory>

#include "sources/http_source.h"
#include "watchbill/ports.h"

namespace watchbill {

// A CalendarSource for every CalendarRef::Type. Thread-safe.
// Where `options` name no CA file, the environment's SSL_CERT_FILE is used, as OpenSSL's own tools do.
std::unique_ptr<CalendarSource> make_calendar_source(HttpOptions options = {});

}  // namespace watchbill
