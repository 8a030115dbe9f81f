// A configuration in a folder of its own, for one test.
#pragma once

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace watchbill::test {

inline constexpr std::string_view good_server = "[server]\n";

// Alice and Bob take turns. Further tables may follow.
inline constexpr std::string_view good_team = R"([team]
name = "payments"
time_zone = "Europe/Paris"

[[member]]
email = "alice@example.com"

[[member]]
email = "bob@example.com"

[[rotation]]
name = "mro"
start = "09:00"
members = ["alice@example.com", "bob@example.com"]
)";

class ConfigFolder {
public:
    ConfigFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "watchbill-config-XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        path_ = std::filesystem::canonical(pattern);
        write("watchbill.toml", good_server);
        write("teams/payments.toml", good_team);
    }
    ~ConfigFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ConfigFolder(const ConfigFolder&) = delete;
    ConfigFolder& operator=(const ConfigFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::string path_of(std::string_view name) const { return (path_ / name).string(); }

    void write(std::string_view name, std::string_view bytes) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream file(path_ / name, std::ios::binary | std::ios::trunc);
        file << bytes;
        REQUIRE(file.good());
    }

    // Owner read and write only: no warning about password files.
    void write_secret(std::string_view name, std::string_view bytes) const {
        write(name, bytes);
        REQUIRE(chmod(path_of(name).c_str(), 0600) == 0);
    }

    ConfigLoad load() const { return load_config(path_ / "watchbill.toml"); }

    // As `watchbill check` prints them, with the folder's own name left out.
    std::vector<std::string> problems() const {
        std::vector<std::string> lines;
        const std::string prefix = path_.string() + "/";
        for (const Problem& problem : load().problems) {
            std::string line = format_problem(problem);
            for (size_t at = line.find(prefix); at != std::string::npos; at = line.find(prefix))
                line.erase(at, prefix.size());
            lines.push_back(line);
        }
        return lines;
    }

private:
    std::filesystem::path path_;
};

}  // namespace watchbill::test
