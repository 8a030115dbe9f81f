// What is wrong with the store at this moment, as far as anybody has noticed: for /readyz.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchbill {

// Whoever checks something about the store notes what came of it, under a name of its own. Thread-safe.
class StoreHealth {
public:
    // `trouble` is a sentence that may be shown to anybody: no path, no name of a person. Nothing: all is
    // well again.
    void note(std::string_view check, std::optional<std::string> trouble) {
        const std::lock_guard lock(mutex_);
        if (trouble)
            troubles_.insert_or_assign(std::string(check), std::move(*trouble));
        else if (const auto known = troubles_.find(check); known != troubles_.end())
            troubles_.erase(known);
    }
    // In the order of the checks' names; empty while the store works.
    std::vector<std::string> troubles() const {
        const std::lock_guard lock(mutex_);
        std::vector<std::string> sentences;
        for (const auto& [check, sentence] : troubles_) sentences.push_back(sentence);
        return sentences;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::string, std::less<>> troubles_;  // by check
};

}  // namespace watchbill
