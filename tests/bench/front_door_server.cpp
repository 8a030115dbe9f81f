// The front door with feeds of given sizes behind it, for tests/bench/front_door: what `watchbill serve` has
// between a socket and a snapshot, without calendars and a store.
//
//     front_door_server SIZE...
//
// Prints the port, then "PATH ETAG" for each size in bytes, then answers until its input ends.
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "http/routes.h"
#include "http/server.h"
#include "service/system_clock.h"
#include "time/format.h"

using namespace watchbill;

namespace {

const std::string token = "00112233445566778899aabbccddeeff";

std::shared_ptr<const TeamNotice> notice_of(const std::string& name, size_t size) {
    std::string bytes = "BEGIN:VCALENDAR\r\n";
    while (bytes.size() < size) bytes += "SUMMARY:MRO: Alice Martin " + std::to_string(bytes.size()) + "\r\n";
    bytes.resize(size);
    auto notice = std::make_shared<TeamNotice>();
    auto team = std::make_shared<Team>();
    team->name = name;
    notice->team = team;
    notice->feeds["rotation"] = {token, make_snapshot(bytes, *parse_instant("2026-11-20T08:00:00Z"))};
    return notice;
}

}  // namespace

int main(int count, char** arguments) {
    const SystemClock clock;
    NoticeBoard board;
    Metrics metrics("bench");
    const auto log =
        std::make_shared<spdlog::logger>("bench", std::make_shared<spdlog::sinks::null_sink_mt>());
    const http::RequestWatch watch(metrics, {log, http::AccessLog::Form::words});
    http::Router router({}, {}, &watch);
    http::add_feed_routes(router, board, clock);
    http::ServerOptions options;
    if (const char* loops = std::getenv("FRONT_DOOR_LOOPS")) options.loops = std::stoul(loops);
    auto server = http::Server::open(router, clock, options);
    if (!server) {
        std::cerr << server.error().message << '\n';
        return 1;
    }
    (*server)->start();
    std::cout << (*server)->port() << '\n';
    for (int i = 1; i < count; ++i) {
        const auto notice = notice_of("team" + std::to_string(i), std::stoul(arguments[i]));
        board.post(notice);
        std::cout << "/feeds/" << notice->team->name << '/' << token << "/rotation.ics "
                  << notice->feeds.at("rotation").snapshot->identity.etag << '\n';
    }
    std::cout << std::flush;
    std::string line;
    while (std::getline(std::cin, line)) {
    }
}
