// The example team at noon of 24 November 2026: Alice has the shift, Bob and Carol know the network.
#pragma once

#include "service/fakes.h"
#include "service/notice_board.h"
#include "service/team_actions.h"

namespace watchbill::test {

struct StaffedTeam {
    StaffedTeam() {
        team.members[1].skills = {"network"};
        team.members[2].skills = {"network"};
        Assignment shift;
        shift.shift = {{"mro", day("2026-11-24")}, {at("2026-11-24T08:00:00Z"), at("2026-11-24T17:00:00Z")}};
        shift.member = id("alice@example.com");
        plan.assignments = {shift};
        post();
    }
    // Again after a change of what follows.
    void post() {
        auto notice = std::make_shared<TeamNotice>();
        notice->team = std::make_shared<const Team>(team);
        notice->plan = std::make_shared<const Plan>(plan);
        notice->availability = std::make_shared<const TeamAvailability>(availability);
        board.post(notice);
    }
    KnownTeam known() const { return {team, plan, availability}; }

    Team team = example_team();
    Plan plan;
    TeamAvailability availability;
    NoticeBoard board;
};

}  // namespace watchbill::test
