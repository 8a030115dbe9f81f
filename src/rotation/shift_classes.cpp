#include "rotation/shift_classes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "rotation/night.h"

namespace watchbill {

namespace {

constexpr std::array<std::string_view, 7> weekday_names{"sunday",   "monday", "tuesday", "wednesday",
                                                        "thursday", "friday", "saturday"};

unsigned weekday_of(Day date) { return std::chrono::weekday(date).c_encoding(); }

const Weekdays* group_of(const Rotation& rotation, Day date) {
    const auto found = std::find_if(rotation.together.begin(), rotation.together.end(),
                                    [&](const Weekdays& group) { return group.at(weekday_of(date)); });
    return found == rotation.together.end() ? nullptr : &*found;
}

bool is_of_weekend(const Rotation& rotation, Day date) {
    return is_weekend(date) || group_of(rotation, date) != nullptr;
}

// How many shifts a whole block has.
std::int64_t block_size(const Rotation& rotation, Day date) {
    const Weekdays* group = group_of(rotation, date);
    if (group == nullptr) return 1;
    std::int64_t size = 0;
    for (std::size_t day = 0; day < group->size(); ++day) size += (*group)[day] && rotation.days[day] ? 1 : 0;
    return std::max<std::int64_t>(1, size);
}

}  // namespace

bool is_weekend(Day date) {
    const std::chrono::weekday day(date);
    return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

std::optional<FairClass> class_of(const Rotation& rotation, const Shift& shift, bool holiday) {
    if (rotation.balances(ShiftClass::weekend) && is_of_weekend(rotation, shift.key.date))
        return FairClass{ShiftClass::weekend};
    if (rotation.balances(ShiftClass::holiday) && holiday) return FairClass{ShiftClass::holiday};
    if (rotation.balances(ShiftClass::night) && is_night_work(shift.when, Zone::get(rotation.zone)))
        return FairClass{ShiftClass::night};
    if (rotation.balances(ShiftClass::weekday))
        return FairClass{ShiftClass::weekday, weekday_of(shift.key.date)};
    return std::nullopt;
}

std::string fair_class_name(const FairClass& shifts) {
    switch (shifts.kind) {
        case ShiftClass::weekend: return "weekend";
        case ShiftClass::holiday: return "holiday";
        case ShiftClass::night: return "night";
        case ShiftClass::weekday: return std::string(weekday_names.at(shifts.weekday));
    }
    return {};
}

std::string say_fair_class(const std::string& name) {
    if (std::find(weekday_names.begin(), weekday_names.end(), name) == weekday_names.end()) return name + 's';
    std::string text = name + 's';
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

Day block_of(const Rotation& rotation, const FairClass& shifts, Day date) {
    if (shifts.kind != ShiftClass::weekend) return date;
    const Weekdays* group = group_of(rotation, date);
    if (group == nullptr)
        return std::chrono::weekday(date) == std::chrono::Sunday ? date - std::chrono::days(1) : date;
    for (int back = 0; back < 6 && group->at(weekday_of(date - std::chrono::days(1))); ++back)
        date -= std::chrono::days(1);
    return date;
}

bool keeps_together(const Rotation& rotation, const FairClass& shifts) {
    return shifts.kind == ShiftClass::weekend && !rotation.together.empty();
}

void ClassHistory::add(const Assignment& assignment) {
    if (!assignment.member || assignment.candidates.empty()) return;
    count_shift(by_shift_, assignment);
    const Day date = assignment.shift.key.date;
    const Day first = block_of(*rotation_, shifts_, date);
    if (blocks_.empty() || blocks_.back().first != first)
        blocks_.push_back({first, block_size(*rotation_, date), {}});
    blocks_.back().served.push_back({*assignment.member, assignment.candidates});
}

Tally ClassHistory::by_block() const {
    Tally tally;
    for (const Block& block : blocks_) count(tally, block);
    return tally;
}

// Those who could serve every shift of it.
std::vector<Candidate> ClassHistory::common_candidates(const Block& block) {
    std::vector<Candidate> common = block.served.front().candidates;
    for (const Served& other : block.served) {
        std::erase_if(common, [&](const Candidate& candidate) {
            return std::none_of(other.candidates.begin(), other.candidates.end(),
                                [&](const Candidate& c) { return c.member == candidate.member; });
        });
    }
    return common;
}

void ClassHistory::count(Tally& tally, const Block& block) {
    const MemberId& first = block.served.front().holder;
    const bool by_one = std::all_of(block.served.begin(), block.served.end(),
                                    [&](const Served& it) { return it.holder == first; });
    if (block.size > 1 && block.served.size() > 1 && by_one) {
        if (auto common = common_candidates(block); !common.empty()) {
            count_part(tally, common, first, static_cast<std::int64_t>(block.served.size()), block.size);
            return;
        }
    }
    for (const Served& it : block.served) count_part(tally, it.candidates, it.holder, 1, block.size);
}

std::optional<MemberId> ClassHistory::last() const {
    return blocks_.empty() ? std::nullopt : std::optional(blocks_.back().served.back().holder);
}

}  // namespace watchbill
