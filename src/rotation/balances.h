// Who earned and served how much in a period: numbers that people compare, and use for pay. From shifts that
// have ended, which never change again. Pure.
#pragma once

#include <string>
#include <vector>

#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

// What a member earned and served of the shifts of one class, which is fair by itself: DESIGN.md 4,
// "Classes".
struct ClassBalance {
    std::string fair_class;  // "weekend", "monday"
    double shares = 0;       // these as in MemberBalance
    int served = 0;
    double balance = 0;
};

// One member in one rotation. Served shifts count where they start: on a weekend by the rotation's date, at
// night when at least 4 h of it lie between 20:00 and 08:00 in the member's zone.
struct MemberBalance {
    std::string rotation;
    MemberId member;
    double shares = 0;  // earned in the period, in shifts
    int served = 0;     // in the period
    int nights = 0;     // of those served
    int weekends = 0;
    int holidays = 0;    // of the member or their site
    double balance = 0;  // shares earned minus shifts served, from the first shift ever to the period's end
    // Of each class that the rotation balances now and has had shifts of; the same ones for all.
    std::vector<ClassBalance> classes;
};

struct BalanceRequest {
    const Team* team = nullptr;
    std::vector<Assignment> published;  // from the first shift ever; later than the period is left out
    DaySpan period;                     // of the dates of shifts
    Instant now;                        // shifts that have not ended by then are left out
};

// By rotation in the team's order, then those that left the configuration; within it the roster, then others
// who earned or served.
std::vector<MemberBalance> balances(const BalanceRequest& request);

}  // namespace watchbill
