// One TOML table, read key by key: each accessor checks the type, notes what is wrong, and remembers the key
// as known, so that what nobody asked for is an unknown key. With toml_document.h the only headers that show
// toml++; not thread-safe.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem_log.h"

namespace watchbill {

class TableReader {
public:
    // `name` is how messages call the table: "[team]", "[[member]]". The table must outlive the reader.
    TableReader(const toml::table& table, std::string name, ProblemLog& log);

    ProblemLog& log() { return *log_; }
    const std::string& name() const { return name_; }
    FilePlace place() const;                         // where the table begins
    FilePlace place_of(std::string_view key) const;  // of its value; of the table where the key is missing

    // Nothing where the key is missing, which is fine, or its value unusable, which is noted. `expected`
    // completes "KEY must be ...".
    std::optional<Text> text(std::string_view key, std::string_view expected = "a string");
    std::optional<Located<std::int64_t>> integer(std::string_view key, std::int64_t least, std::int64_t most);
    std::optional<Located<double>> number(std::string_view key);
    std::optional<bool> boolean(std::string_view key);
    // Items that are no text are noted and left out. An empty list is a list.
    std::optional<std::vector<Text>> texts(std::string_view key, std::string_view expected);
    std::optional<TableReader> table(std::string_view key);
    std::vector<TableReader> tables(std::string_view key);  // [[KEY]]

    // For lists that hold strings or tables. Null where missing or no list (noted).
    const toml::array* list(std::string_view key, std::string_view expected);
    // A string or table under the key; null where missing.
    const toml::node* any(std::string_view key);

    // Notes that the key is missing. To be called before the accessor: true when it is there.
    bool require(std::string_view key, std::string_view what);
    bool has(std::string_view key) const { return table_->contains(key); }
    bool is_missing_or_empty(std::string_view key) const;  // no such key, or an empty list

    // Notes each key that no accessor asked for.
    void report_unknown_keys();

private:
    const toml::table* table_;
    std::string name_;
    ProblemLog* log_;
    std::vector<std::string> known_;
};

FilePlace place_of(const toml::node& node, const ProblemLog& log);
// A string that is one line of at most 1000 characters and not blank; otherwise says why `what` is not.
std::optional<Text> as_text(const toml::node& node, std::string_view what, std::string_view expected,
                            ProblemLog& log);
// "an integer", "a table": for messages.
std::string_view type_in_words(const toml::node& node);

}  // namespace watchbill
