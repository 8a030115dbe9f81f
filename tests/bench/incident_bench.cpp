// Openings a second to a durable commit on SQLite, with 8 clients, and how long each waits. The yardstick is
// SQLite itself: one row as large as an opening writes in all, in a commit of its own, synchronous = FULL.
#include <fmt/core.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

#include "ical/reader.h"
#include "service/incident_desk.h"
#include "service/system_clock.h"
#include "store/open_store.h"
#include "time/format.h"

using namespace watchbill;
using Clock_ = std::chrono::steady_clock;

namespace {

constexpr int clients = 8;
constexpr int openings_each = 100;

Team make_team() {
    Team team;
    team.name = "payments";
    team.title = "Payments";
    team.zone = "Europe/Paris";
    for (int i = 0; i < 12; ++i) {
        Member member;
        member.id = *MemberId::parse("member" + std::to_string(i) + "@example.com");
        member.name = "Member " + std::to_string(i);
        member.zone = "Europe/Paris";
        member.skills = {i % 2 == 0 ? "database" : "network"};
        team.members.push_back(std::move(member));
    }
    team.backup = {team.members[0].id};
    return team;
}

double seconds_since(Clock_::time_point began) {
    return std::chrono::duration<double>(Clock_::now() - began).count();
}

[[noreturn]] void give_up(const std::string& why) {
    fmt::print(stderr, "{}\n", why);
    std::exit(1);
}

double bare_commits(const std::filesystem::path& folder, size_t bytes) {
    sqlite3* database = nullptr;
    if (sqlite3_open((folder / "bare.db").c_str(), &database) != SQLITE_OK) give_up("no bare database");
    const auto run = [&](const std::string& sql) {
        if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
            give_up(sqlite3_errmsg(database));
    };
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT)");
    const std::string insert = "INSERT INTO rows (body) VALUES ('" + std::string(bytes, 'x') + "')";
    constexpr int commits = 400;
    const auto began = Clock_::now();
    for (int i = 0; i < commits; ++i) run(insert);
    const double rate = commits / seconds_since(began);
    sqlite3_close(database);
    return rate;
}

double milliseconds_at(const std::vector<double>& sorted, double part) {
    return 1000 * sorted[static_cast<size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main() {
    ical::initialise();
    const auto folder =
        std::filesystem::temp_directory_path() / ("watchbill-bench-" + std::to_string(std::rand()));
    std::filesystem::create_directories(folder);
    auto store = open_store("sqlite:" + (folder / "watchbill.db").string());
    if (!store) give_up(store.error().message);
    const SystemClock clock;
    IncidentLinks links("a secret of some length");
    links.set_public_url("https://rota.example.com");
    IncidentDesk desk(**store, clock, links, {*MemberId::parse("rota@example.com"), nullptr, nullptr, {}});
    const Team team = make_team();
    const Plan plan;
    const TeamAvailability availability;
    IncidentOrder order;
    order.title = "Checkout fails";
    order.severity = "sev1";
    order.needs = {"database", "network"};

    std::vector<std::vector<double>> waits(clients);
    const auto began = Clock_::now();
    {
        std::vector<std::jthread> threads;
        for (int client = 0; client < clients; ++client) {
            threads.emplace_back([&, client] {
                for (int i = 0; i < openings_each; ++i) {
                    const auto asked = Clock_::now();
                    const std::string key = std::to_string(client) + "-" + std::to_string(i);
                    const auto opened = desk.open(
                        {team, plan, availability}, order,
                        {key, key,
                         [](const Incident& one, Transport, const EscalationOutlook&) { return one.id; }},
                        {"bench", ""});
                    if (!opened) give_up(opened.error().error.message);
                    waits[static_cast<size_t>(client)].push_back(seconds_since(asked));
                }
            });
        }
    }
    const double took = seconds_since(began);
    std::vector<double> all;
    for (const auto& some : waits) all.insert(all.end(), some.begin(), some.end());
    std::sort(all.begin(), all.end());
    const double rate = static_cast<double>(all.size()) / took;

    const auto messages = (*store)->outbox("payments", "", 3);
    size_t bytes = 2000;  // the incident, its timeline and the audit entry
    for (const OutboxEntry& entry : *messages)
        bytes += entry.message.text.size() + entry.message.html.size() + entry.message.calendar.size();
    const double bare = bare_commits(folder, bytes);
    fmt::print("openings with 3 invitations, {} clients: {:.0f} a second, p50 {:.1f} ms, p99 {:.1f} ms\n",
               clients, rate, milliseconds_at(all, 0.5), milliseconds_at(all, 0.99));
    fmt::print("bare SQLite, one row of {} bytes a commit: {:.0f} a second; an opening is {:.2f} of it\n",
               bytes, bare, rate / bare);
    std::filesystem::remove_all(folder);
    return 0;
}
