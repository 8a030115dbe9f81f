#include "http/request_watch.h"

namespace watchbill::http {

RequestWatch::RequestWatch(Metrics& metrics, AccessLog log)
    : metrics_(metrics),
      log_(std::move(log)),
      unmatched_(metrics.route("unmatched", {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "other"})) {}

RouteMeter& RequestWatch::meter_of(const std::string& method, const std::string& route) const {
    return method == "GET" ? metrics_.route(route, {"GET", "HEAD"}) : metrics_.route(route, {method});
}

void RequestWatch::note(RouteMeter* meter, const Answered& answered) const {
    (meter != nullptr ? *meter : unmatched_).note(answered.method, answered.status, answered.took);
    log_.note(answered);
}

}  // namespace watchbill::http
