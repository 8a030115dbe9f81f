// The real program, run in a folder of its own.
#pragma once

#include <string>
#include <vector>

#include "support/child_process.h"
#include "support/temp_dir.h"

namespace watchbill::test {

struct Run {
    int exit_status = 0;
    std::string out;
    std::string err;
};

// WATCHBILL_BINARY comes from the build. `folder` is the working directory.
inline Run run_watchbill(const TempDir& folder, std::vector<std::string> arguments) {
    const TempDir aside;
    std::vector<std::string> command{"sh",
                                     "-c",
                                     "cd \"$1\" && exec 2>\"$2\" && shift 2 && exec \"$@\"",
                                     "sh",
                                     folder.path().string(),
                                     aside.file("stderr"),
                                     WATCHBILL_BINARY};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const ProgramOutcome outcome = run_program(command);
    return {outcome.exit_status, outcome.output, read_file(aside.file("stderr"))};
}

}  // namespace watchbill::test
