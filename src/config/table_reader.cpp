#include "config/table_reader.h"

#include <algorithm>

#include "config/values.h"
#include "words/plain_text.h"
#include "words/suggest.h"

namespace watchbill {

namespace {

FilePlace begin_of(const toml::source_region& region, const ProblemLog& log) {
    return {log.file(), std::max(1, static_cast<int>(region.begin.line)),
            std::max(1, static_cast<int>(region.begin.column))};
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string must_be(std::string_view what, std::string_view expected, const toml::node& found) {
    return in_quotes(what) + " must be " + std::string(expected) + ", not " +
           std::string(type_in_words(found));
}

}  // namespace

FilePlace place_of(const toml::node& node, const ProblemLog& log) { return begin_of(node.source(), log); }

std::string_view type_in_words(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table: return "a table";
        case toml::node_type::array: return "a list";
        case toml::node_type::string: return "a string";
        case toml::node_type::integer: return "an integer";
        case toml::node_type::floating_point: return "a number with a fraction";
        case toml::node_type::boolean: return "true or false";
        case toml::node_type::date: return "a date without quotes";
        case toml::node_type::time: return "a time without quotes";
        case toml::node_type::date_time: return "a date and time without quotes";
        case toml::node_type::none: break;
    }
    return "nothing";
}

std::optional<Text> as_text(const toml::node& node, std::string_view what, std::string_view expected,
                            ProblemLog& log) {
    constexpr size_t longest = 1000;  // a title, a sentence, an address; URLs have their own bound
    const FilePlace place = place_of(node, log);
    const auto* string = node.as_string();
    if (string == nullptr) {
        log.error(place, must_be(what, expected, node));
        return std::nullopt;
    }
    const std::string& value = string->get();
    if (is_blank(value)) {
        log.error(place, in_quotes(what) + " is empty; it must be " + std::string(expected));
        return std::nullopt;
    }
    if (const auto hidden = find_hidden_character(value)) {
        const bool ends_line =
            std::any_of(value.begin(), value.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
        log.error(place,
                  in_quotes(what) + (ends_line ? " must be one line of text, without line breaks or control "
                                                 "characters"
                                               : " holds " + *hidden +
                                                     ", which cannot be seen; write it again without it"));
        return std::nullopt;
    }
    if (value.size() > longest && value.find("://") == std::string::npos) {
        log.error(place, in_quotes(what) + " is longer than 1000 bytes");
        return std::nullopt;
    }
    return Text{value, place};
}

TableReader::TableReader(const toml::table& table, std::string name, ProblemLog& log)
    : table_(&table), name_(std::move(name)), log_(&log) {}

FilePlace TableReader::place() const { return watchbill::place_of(*table_, *log_); }

FilePlace TableReader::place_of(std::string_view key) const {
    const toml::node* node = table_->get(key);
    return node == nullptr ? place() : watchbill::place_of(*node, *log_);
}

const toml::node* TableReader::any(std::string_view key) {
    known_.emplace_back(key);
    return table_->get(key);
}

std::optional<Text> TableReader::text(std::string_view key, std::string_view expected) {
    const toml::node* node = any(key);
    return node == nullptr ? std::nullopt : as_text(*node, key, expected, *log_);
}

std::optional<Located<std::int64_t>> TableReader::integer(std::string_view key, std::int64_t least,
                                                          std::int64_t most) {
    const toml::node* node = any(key);
    if (node == nullptr) return std::nullopt;
    const FilePlace place = watchbill::place_of(*node, *log_);
    const std::string range = std::to_string(least) + " to " + std::to_string(most);
    const auto* number = node->as_integer();
    if (number == nullptr) {
        log_->error(place, must_be(key, "a whole number from " + range, *node));
        return std::nullopt;
    }
    if (number->get() < least || number->get() > most) {
        log_->error(place,
                    in_quotes(key) + " must be from " + range + ", not " + std::to_string(number->get()));
        return std::nullopt;
    }
    return Located<std::int64_t>{number->get(), place};
}

std::optional<Located<double>> TableReader::number(std::string_view key) {
    const toml::node* node = any(key);
    if (node == nullptr) return std::nullopt;
    const FilePlace place = watchbill::place_of(*node, *log_);
    if (!node->is_number()) {
        log_->error(place, must_be(key, "a number", *node));
        return std::nullopt;
    }
    return Located<double>{node->value_or(0.0), place};
}

std::optional<bool> TableReader::boolean(std::string_view key) {
    const toml::node* node = any(key);
    if (node == nullptr) return std::nullopt;
    if (const auto* value = node->as_boolean()) return value->get();
    log_->error(watchbill::place_of(*node, *log_), must_be(key, "true or false", *node));
    return std::nullopt;
}

const toml::array* TableReader::list(std::string_view key, std::string_view expected) {
    const toml::node* node = any(key);
    if (node == nullptr) return nullptr;
    if (const toml::array* array = node->as_array()) return array;
    log_->error(watchbill::place_of(*node, *log_),
                must_be(key, "a list of " + std::string(expected) + " in [ ]", *node));
    return nullptr;
}

std::optional<std::vector<Text>> TableReader::texts(std::string_view key, std::string_view expected) {
    const toml::array* array = list(key, expected);
    if (array == nullptr) return std::nullopt;
    std::vector<Text> items;
    for (const toml::node& node : *array) {
        const std::string what = "each of " + std::string(key);
        if (auto item = as_text(node, what, "a string", *log_)) items.push_back(std::move(*item));
    }
    return items;
}

std::optional<TableReader> TableReader::table(std::string_view key) {
    const toml::node* node = any(key);
    if (node == nullptr) return std::nullopt;
    if (const toml::table* child = node->as_table())
        return TableReader(*child, "[" + std::string(key) + "]", *log_);
    log_->error(watchbill::place_of(*node, *log_),
                must_be(key, "a table, [" + std::string(key) + "]", *node));
    return std::nullopt;
}

std::vector<TableReader> TableReader::tables(std::string_view key) {
    std::vector<TableReader> children;
    const std::string header = "[[" + std::string(key) + "]]";
    const toml::node* node = any(key);
    if (node == nullptr) return children;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
        log_->error(watchbill::place_of(*node, *log_),
                    must_be(key, "a list of tables, each headed " + header, *node));
        return children;
    }
    for (const toml::node& item : *array) {
        if (const toml::table* child = item.as_table()) {
            children.emplace_back(*child, header, *log_);
        } else {
            log_->error(watchbill::place_of(item, *log_), must_be(key, "a table headed " + header, item));
        }
    }
    return children;
}

bool TableReader::require(std::string_view key, std::string_view what) {
    if (has(key)) return true;
    known_.emplace_back(key);
    log_->error(place(), name_ + " lacks " + in_quotes(key) + ", " + std::string(what));
    return false;
}

bool TableReader::is_missing_or_empty(std::string_view key) const {
    const toml::node* node = table_->get(key);
    return node == nullptr || (node->is_array() && node->as_array()->empty());
}

void TableReader::report_unknown_keys() {
    for (const auto& [key, node] : *table_) {
        if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
        std::string hint;
        if (log_->wants_suggestions()) {
            const auto near = nearest(key.str(), known_);
            hint = near ? did_you_mean(near) : "; known here: " + joined(known_);
        }
        log_->error(begin_of(key.source(), *log_),
                    "unknown key " + in_quotes(key.str()) + " in " + name_ + hint);
    }
}

}  // namespace watchbill
