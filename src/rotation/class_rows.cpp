#include "rotation/class_rows.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace watchbill {

namespace {

bool is_candidate(const PlannerDay& day, std::size_t member) {
    return std::binary_search(day.candidates.begin(), day.candidates.end(), member);
}

// Who serves it whatever is chosen.
std::optional<std::size_t> settled(const PlannerDay& day) {
    if (day.fixed) return day.fixed;
    return day.in_notice && day.published && is_candidate(day, *day.published) ? day.published : std::nullopt;
}

// A block as one day: whoever serves it serves all of it.
std::optional<PlannerDay> joined(const PlannerInput& whole, const std::vector<std::size_t>& block) {
    PlannerDay row = whole.days[block.front()];
    row.fixed.reset();
    row.in_notice = false;
    for (const std::size_t d : block) {
        const PlannerDay& day = whole.days[d];
        std::vector<std::size_t> both;
        std::set_intersection(row.candidates.begin(), row.candidates.end(), day.candidates.begin(),
                              day.candidates.end(), std::back_inserter(both));
        row.candidates = std::move(both);
        if (row.published != day.published) row.published.reset();
        if (const auto holder = settled(day)) {
            if (row.fixed && row.fixed != holder) return std::nullopt;
            row.fixed = holder;
        }
    }
    if (row.candidates.empty() || (row.fixed && !is_candidate(row, *row.fixed))) return std::nullopt;
    return row;
}

}  // namespace

ClassRows rows_of_class(const PlannerInput& whole, std::size_t index) {
    const PlannerClass& fair_class = whole.classes[index];
    ClassRows rows;
    rows.input.last = fair_class.last;
    rows.input.members = whole.members;
    for (std::size_t i = 0; i < rows.input.members.size(); ++i) {
        PlannerTotals& totals = rows.input.members[i];
        totals = fair_class.carried.empty() ? PlannerTotals() : fair_class.carried[i];
    }
    assert(fair_class.carried.empty() || fair_class.carried.size() == whole.members.size());

    const auto add = [&](PlannerDay row, std::vector<std::size_t> days) {
        row.fair_class.reset();
        rows.input.days.push_back(std::move(row));
        rows.days.push_back(std::move(days));
    };
    const auto is_of_block = [&](std::size_t day, const DayClass& block) {
        const auto& its_class = whole.days[day].fair_class;
        return its_class && its_class->index == block.index && its_class->block == block.block;
    };
    for (std::size_t d = 0; d < whole.days.size();) {
        const auto its_class = whole.days[d].fair_class;
        if (!its_class || its_class->index != index) {
            ++d;
            continue;
        }
        std::vector<std::size_t> block{d++};
        while (fair_class.together && d < whole.days.size() && is_of_block(d, *its_class))
            block.push_back(d++);
        if (auto row = block.size() > 1 ? joined(whole, block) : std::nullopt) {
            add(std::move(*row), std::move(block));
        } else {
            for (const std::size_t day : block) add(whole.days[day], {day});
        }
    }
    return rows;
}

}  // namespace watchbill
