// Names for what works in this process, from which a later process of the same machine can tell whether it
// still runs: a claim of a process that is gone need not be waited for.
#pragma once

#include <optional>
#include <string>

namespace watchbill {

// "PID/START/NAMESPACE/BOOT/UNIQUE": the process and when it began in clock ticks since the boot (proc(5)),
// the namespace that its number counts in, and the boot. "unique" tells what works in one process apart:
// letters and digits. Where there is no /proc, nobody can tell later.
std::string name_of_this_process(const std::string& unique);

// True: the process that made the name has ended, for certain. One of another machine, boot or container is
// not known.
bool process_is_gone(const std::string& name);

// For people: "process 1234". Nothing where the name is not one of these.
std::optional<std::string> process_in_words(const std::string& name);

}  // namespace watchbill
