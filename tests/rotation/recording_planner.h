// A planner that keeps what it was asked, for tests of who asks.
#pragma once

#include <memory>

#include "rotation/fair_planner.h"

namespace watchbill::test {

class RecordingPlanner final : public Planner {
public:
    Choice choose(const PlannerInput& input) const override {
        *asked = input;
        return FairPlanner().choose(input);
    }
    std::shared_ptr<PlannerInput> asked = std::make_shared<PlannerInput>();
};

}  // namespace watchbill::test
