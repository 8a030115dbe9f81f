// A team of three with calendars on disk, and the program run on it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "cli/watchbill_program.h"

namespace watchbill::test {

// A calendar of all-day vacations: {"20261201", "20261203"}, the end exclusive.
inline std::string vacations(const std::vector<std::pair<std::string, std::string>>& days) {
    std::string bytes = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n";
    for (const auto& [first, end] : days) {
        bytes += "BEGIN:VEVENT\r\nUID:" + first + "@test\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Vacation\r\n";
        bytes += "DTSTART;VALUE=DATE:" + first + "\r\nDTEND;VALUE=DATE:" + end + "\r\nEND:VEVENT\r\n";
    }
    return bytes + "END:VCALENDAR\r\n";
}

// Rotation "mro": every day, around the clock from 09:00 in Paris; alice, bob and carol.
class TeamFolder {
public:
    TeamFolder() {
        std::filesystem::create_directory(folder.path() / "teams");
        write_file(folder.file("watchbill.toml"), "[server]\nlisten = \"127.0.0.1:0\"\n");
        write_team("payments");
        for (const char* name : {"alice", "bob", "carol"}) write_calendar(name, vacations({}));
    }

    void write_team(const std::string& name, const std::string& more = "") const {
        std::string toml = "[team]\nname = \"" + name + "\"\ntitle = \"The " + name +
                           " team\"\ntime_zone = \"Europe/Paris\"\nhorizon_days = 30\n" + more;
        for (const char* member : {"alice", "bob", "carol"}) {
            toml += "\n[[member]]\nemail = \"" + std::string(member) + "@example.com\"\nname = \"" +
                    static_cast<char>(std::toupper(*member)) + std::string(member + 1) +
                    "\"\ncalendars = [\"" + member + ".ics\"]\n";
        }
        toml +=
            "\n[[rotation]]\nname = \"mro\"\ntitle = \"MRO\"\nstart = \"09:00\"\n"
            "days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]\n"
            "members = [\"alice@example.com\", \"bob@example.com\", \"carol@example.com\"]\n";
        write_file(folder.file("teams/" + name + ".toml"), toml);
    }
    void write_calendar(const std::string& member, const std::string& bytes) const {
        write_file(folder.file("teams/" + member + ".ics"), bytes);
    }

    Run run(std::vector<std::string> arguments) const { return run_watchbill(folder, std::move(arguments)); }

    TempDir folder;
};

// `watchbill serve` while it runs; stopped at the end.
class ServingProgram {
public:
    explicit ServingProgram(const TeamFolder& team, std::vector<std::string> more = {})
        : errors_(team.folder.file("serve.err")), child_(command(team, errors_, std::move(more))) {}
    ~ServingProgram() {
        if (child_.pid() > 0) stop();
    }

    // Lines of standard output up to the one that begins so; that one too. Empty when it ended before.
    std::vector<std::string> lines_until(const std::string& beginning) {
        std::vector<std::string> lines;
        for (;;) {
            lines.push_back(child_.read_line());
            if (lines.back().starts_with(beginning)) return lines;
            // A blank line is part of the output; several in a row are its end.
            const bool ended = lines.size() > 3 && std::all_of(lines.end() - 3, lines.end(),
                                                               [](const auto& l) { return l.empty(); });
            if (ended) return {};
        }
    }
    void signal(int number) const { child_.signal(number); }
    std::string errors() const { return read_file(errors_); }
    // Waits for what the program will say on standard error.
    bool says(const std::string& text) const {
        for (int i = 0; i < 2'000'000; ++i) {
            if (errors().find(text) != std::string::npos) return true;
        }
        return false;
    }
    int stop() {
        child_.signal(SIGTERM);
        return child_.wait();
    }
    int wait() { return child_.wait(); }

private:
    static std::vector<std::string> command(const TeamFolder& team, const std::string& errors,
                                            std::vector<std::string> more) {
        std::vector<std::string> command{"sh",
                                         "-c",
                                         "cd \"$1\" && exec 2>\"$2\" && shift 2 && exec \"$@\"",
                                         "sh",
                                         team.folder.path().string(),
                                         errors,
                                         WATCHBILL_BINARY,
                                         "serve"};
        command.insert(command.end(), more.begin(), more.end());
        return command;
    }

    std::string errors_;
    ChildProcess child_;
};

}  // namespace watchbill::test
