#include "service/process_name.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

namespace watchbill {

namespace {

struct ProcessStat {
    char state = '?';   // 'Z': it has ended, and nobody has asked for its exit code
    std::string start;  // in clock ticks since the boot
};

std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// proc(5): the second field is the program's name, in brackets, and may hold anything; field 22 is the start.
std::optional<ProcessStat> stat_of(const std::string& process) {
    const std::string line = first_line("/proc/" + process + "/stat");
    const size_t name_end = line.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream rest(line.substr(name_end + 1));
    const std::vector<std::string> fields{std::istream_iterator<std::string>(rest), {}};
    constexpr size_t start = 22 - 3;  // the rest begins with field 3, the state
    if (fields.size() <= start || fields[0].size() != 1) return std::nullopt;
    return ProcessStat{fields[0][0], fields[start]};
}

// "4026531836" of "pid:[4026531836]"; "" where it cannot be told.
std::string pid_namespace() {
    std::array<char, 64> target{};
    const ssize_t length = ::readlink("/proc/self/ns/pid", target.data(), target.size());
    std::string digits(target.data(), length > 0 ? static_cast<size_t>(length) : 0);
    std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
    return digits;
}

std::string boot() { return first_line("/proc/sys/kernel/random/boot_id"); }

struct ProcessName {
    std::string pid;
    std::string start;
    std::string pid_namespace;
    std::string boot;
};

// Nothing where a part is missing: then nothing can be told from it.
std::optional<ProcessName> parse(const std::string& name) {
    std::vector<std::string> parts(1);
    for (const char c : name) {
        if (c == '/')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    if (parts.size() != 5 || std::any_of(parts.begin(), parts.end(), [](auto& part) { return part.empty(); }))
        return std::nullopt;
    return ProcessName{parts[0], parts[1], parts[2], parts[3]};
}

std::optional<pid_t> number_of(const std::string& pid) {
    pid_t number = 0;
    const auto [end, error] = std::from_chars(pid.data(), pid.data() + pid.size(), number);
    if (error != std::errc() || end != pid.data() + pid.size() || number <= 0) return std::nullopt;
    return number;
}

}  // namespace

std::string name_of_this_process(const std::string& unique) {
    const auto stat = stat_of("self");
    return std::to_string(::getpid()) + '/' + (stat ? stat->start : "") + '/' + pid_namespace() + '/' +
           boot() + '/' + unique;
}

bool process_is_gone(const std::string& name) {
    const auto made_by = parse(name);
    if (!made_by || made_by->boot != boot() || made_by->pid_namespace != pid_namespace()) return false;
    const auto number = number_of(made_by->pid);
    if (!number) return false;
    // Asked first: /proc may hide other users' processes, a signal's errno does not.
    if (::kill(*number, 0) != 0 && errno == ESRCH) return true;
    const auto stat = stat_of(made_by->pid);
    return stat && (stat->state == 'Z' || stat->start != made_by->start);
}

std::optional<std::string> process_in_words(const std::string& name) {
    const auto made_by = parse(name);
    if (!made_by || !number_of(made_by->pid)) return std::nullopt;
    return "process " + made_by->pid;
}

}  // namespace watchbill
