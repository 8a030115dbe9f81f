// What looks on while requests are answered: metrics and access log. Thread-safe.
#pragma once

#include <string>

#include "http/access_log.h"
#include "service/metrics.h"

namespace watchbill::http {

class RequestWatch {
public:
    // The metrics must outlive it.
    RequestWatch(Metrics& metrics, AccessLog log);

    // Of a line of the routes' table: lives as long as the metrics.
    RouteMeter& meter_of(const std::string& method, const std::string& route) const;
    // `meter` is null where no route answered.
    void note(RouteMeter* meter, const Answered& answered) const;
    void note_connection(bool is_open) const {
        is_open ? metrics_.connection_opened() : metrics_.connection_closed();
    }

private:
    Metrics& metrics_;
    AccessLog log_;
    RouteMeter& unmatched_;
};

}  // namespace watchbill::http
