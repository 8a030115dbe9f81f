// Real programs run by tests: started with pipes, ended by closing their input.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace watchbill::test {

// A program with our end of its standard input and output; its standard error is ours.
class ChildProcess {
public:
    explicit ChildProcess(const std::vector<std::string>& arguments) {
        int to_child[2];
        int from_child[2];
        // Close-on-exec: programs started later must not hold this one's input open.
        if (::pipe2(to_child, O_CLOEXEC) != 0 || ::pipe2(from_child, O_CLOEXEC) != 0) {
            throw std::runtime_error("pipe failed");
        }
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, to_child[0], STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, from_child[1], STDOUT_FILENO);
        std::vector<std::string> copies = arguments;
        std::vector<char*> argv;
        for (std::string& copy : copies) argv.push_back(copy.data());
        argv.push_back(nullptr);
        const int failed = ::posix_spawnp(&pid_, argv.front(), &actions, nullptr, argv.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(to_child[0]);
        ::close(from_child[1]);
        input_ = to_child[1];
        output_ = from_child[0];
        if (failed != 0) {
            pid_ = -1;
            close_pipes();
            throw std::runtime_error("cannot start " + arguments.front());
        }
    }

    // Closes the program's input, which ends ours, and waits for it.
    ~ChildProcess() {
        close_pipes();
        if (pid_ > 0) wait();
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const { return pid_; }

    // The next line of its output without the '\n'; what is left at the end of the output.
    std::string read_line() {
        std::string line;
        for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) line += c;
        return line;
    }

    std::string read_all() {
        std::string all;
        char buffer[4096];
        for (ssize_t count = 0; (count = ::read(output_, buffer, sizeof(buffer))) > 0;) {
            all.append(buffer, static_cast<size_t>(count));
        }
        return all;
    }

    void write(const std::string& text) {
        if (::write(input_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
            throw std::runtime_error("cannot write to the program");
        }
    }

    void close_input() {
        if (input_ >= 0) ::close(std::exchange(input_, -1));
    }

    void signal(int number) const { ::kill(pid_, number); }

    // Its exit status, or minus the signal that ended it.
    int wait() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    void close_pipes() {
        close_input();
        if (output_ >= 0) ::close(std::exchange(output_, -1));
    }

    pid_t pid_ = -1;
    int input_ = -1;
    int output_ = -1;
};

struct ProgramOutcome {
    int exit_status = 0;
    std::string output;
};

// Runs a program without input to its end.
inline ProgramOutcome run_program(const std::vector<std::string>& arguments) {
    ChildProcess child(arguments);
    child.close_input();
    ProgramOutcome outcome;
    outcome.output = child.read_all();
    outcome.exit_status = child.wait();
    return outcome;
}

}  // namespace watchbill::test
