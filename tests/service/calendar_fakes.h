// A CalDAV calendar as tests need it: in memory, with ETags, and as difficult as it is told to be.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "watchbill/event_calendar.h"
#include "watchbill/replies.h"

namespace watchbill::test {

class FakeServer {
public:
    CalendarAbilities abilities;
    bool away = false;           // nothing is answered
    bool loses_answers = false;  // puts are done, and nobody hears of it
    bool refuses = false;
    bool always_conflicts = false;  // as one that has the event under another name
    // What others do between somebody's read and put.
    std::function<void()> before_put = [] {};
    // What the server makes of what was put: SCHEDULE-STATUS, say.
    std::function<std::string(std::string)> rewrite = [](std::string bytes) { return bytes; };
    std::vector<std::string> puts;  // UIDs
    int discoveries = 0;
    int reads = 0;

    bool has(const std::string& uid) const { return events_.contains(uid); }
    std::string bytes(const std::string& uid) const { return events_.at(uid).first; }
    // As somebody else does it.
    void edit(const std::string& uid, const std::string& from, const std::string& to) {
        std::string bytes = unfolded(events_.at(uid).first);
        const size_t at = bytes.find(from);
        if (at == std::string::npos) throw std::runtime_error("no " + from + " in " + bytes);
        bytes.replace(at, from.size(), to);
        store(uid, bytes);
    }
    void store(const std::string& uid, const std::string& bytes) {
        events_[uid] = {bytes, "\"" + std::to_string(++version_) + "\""};
    }
    void forget(const std::string& uid) { events_.erase(uid); }

    static std::string unfolded(std::string bytes) {
        for (size_t at = 0; (at = bytes.find("\r\n ", at)) != std::string::npos;) bytes.erase(at, 3);
        return bytes;
    }
    // The unfolded line of an attendee; "" for none.
    std::string attendee(const std::string& uid, const std::string& email) const {
        const std::string all = unfolded(bytes(uid));
        for (size_t at = 0; (at = all.find("\r\nATTENDEE", at)) != std::string::npos; ++at) {
            const std::string line = all.substr(at + 2, all.find("\r\n", at + 2) - at - 2);
            if (line.ends_with("mailto:" + email)) return line;
        }
        return "";
    }

    std::unique_ptr<EventCalendar> open() { return std::make_unique<Calendar>(*this); }

private:
    class Calendar final : public EventCalendar {
    public:
        explicit Calendar(FakeServer& server) : server_(server) {}
        Result<CalendarAbilities> discover() override {
            ++server_.discoveries;
            if (server_.away) return unreachable();
            if (server_.refuses) return fail(ErrorCode::refused, "the server answered 401");
            return server_.abilities;
        }
        Result<StoredEvent> read(const std::string& uid) override {
            ++server_.reads;
            if (server_.away) return unreachable();
            if (server_.refuses) return fail(ErrorCode::refused, "the server answered 401");
            const auto found = server_.events_.find(uid);
            if (found == server_.events_.end()) return fail(ErrorCode::not_found, "no such event");
            return StoredEvent{found->second.first, found->second.second};
        }
        Result<std::string> put(const std::string& uid, const std::string& bytes,
                                const std::optional<std::string>& etag) override {
            if (server_.away) return unreachable();
            if (server_.refuses) return fail(ErrorCode::refused, "the server answered 403");
            std::exchange(server_.before_put, [] {})();
            if (server_.always_conflicts) return fail(ErrorCode::conflict, "not as it was");
            const auto found = server_.events_.find(uid);
            const bool fits = etag ? found != server_.events_.end() && found->second.second == *etag
                                   : found == server_.events_.end();
            if (!fits) return fail(ErrorCode::conflict, "not as it was");
            server_.store(uid, server_.rewrite(bytes));
            server_.puts.push_back(uid);
            if (server_.loses_answers) return fail(ErrorCode::timeout, "no answer");
            return server_.events_[uid].second;
        }
        Result<void> remove(const std::string& uid, const std::string&) override {
            server_.events_.erase(uid);
            return {};
        }

    private:
        static tl::unexpected<Error> unreachable() { return fail(ErrorCode::unavailable, "no connection"); }
        FakeServer& server_;
    };

    std::map<std::string, std::pair<std::string, std::string>> events_;  // bytes and ETag, by UID
    int version_ = 0;
};

class CountingBell final : public OutboxBell {
public:
    int rung = 0;
    std::function<void()> on_ring = [] {};
    void ring() override {
        ++rung;
        on_ring();
    }
};

}  // namespace watchbill::test
