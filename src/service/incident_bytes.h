// One incident's event as a calendar file, for whoever wants to look at it or to import it.
#pragma once

#include <string>

#include "watchbill/incident.h"
#include "watchbill/team.h"

namespace watchbill {

std::string incident_bytes(const Team& team, const Incident& incident);

}  // namespace watchbill
