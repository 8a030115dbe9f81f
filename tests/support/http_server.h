// The HTTP servers of tests (tests/peers/hostile_http.py, unless another is named) as a fixture, and
// certificates for it.
#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/child_process.h"
#include "support/temp_dir.h"

namespace watchbill::test {

// A self-signed certificate, which is its own authority, and its key.
struct Certificate {
    std::string file;
    std::string key;
};

// `names` as openssl's subjectAltName: "IP:127.0.0.1,DNS:localhost".
inline Certificate make_certificate(const TempDir& dir, const std::string& names) {
    const Certificate made{dir.file("certificate.pem"), dir.file("key.pem")};
    const ProgramOutcome outcome = run_program({"sh",
                                                "-c",
                                                "exec openssl \"$@\" 2>/dev/null",
                                                "sh",
                                                "req",
                                                "-x509",
                                                "-batch",
                                                "-newkey",
                                                "ec",
                                                "-pkeyopt",
                                                "ec_paramgen_curve:P-256",
                                                "-nodes",
                                                "-days",
                                                "2",
                                                "-subj",
                                                "/CN=Watchbill test",
                                                "-addext",
                                                "subjectAltName=" + names,
                                                "-keyout",
                                                made.key,
                                                "-out",
                                                made.file});
    if (outcome.exit_status != 0) throw std::runtime_error("openssl could not make a certificate");
    return made;
}

// A server of tests/peers, by its file's name.
struct ServerScript {
    std::string name;
};

// Runs while it lives, on a port of its own on loopback. Routes are described in the Python file.
class HttpServer {
public:
    HttpServer() : HttpServer(std::vector<std::string>{}) {}
    explicit HttpServer(const Certificate& certificate)
        : HttpServer(std::vector<std::string>{"--certificate", certificate.file, "--key", certificate.key}) {}
    explicit HttpServer(const ServerScript& script) : HttpServer(std::vector<std::string>{}, script) {}

    const std::string& port() const { return port_; }
    // "127.0.0.1:41234/ok" for "/ok"; the scheme, and credentials, are the test's.
    std::string place(const std::string& path) const { return "127.0.0.1:" + port_ + path; }
    std::string url(const std::string& path) const { return scheme_ + "://" + place(path); }

    // The heads of all requests so far, as they came.
    std::string requests() const { return read_file(log_.file("requests")); }

private:
    explicit HttpServer(const std::vector<std::string>& tls, const ServerScript& script = {"hostile_http.py"})
        : scheme_(tls.empty() ? "http" : "https"),
          process_(arguments(tls, script)),
          port_(process_.read_line()) {
        if (port_.empty()) throw std::runtime_error(script.name + " did not start");
    }

    std::vector<std::string> arguments(const std::vector<std::string>& tls,
                                       const ServerScript& script) const {
        // A proxy of the machine must not stand between the tests and loopback.
        for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
            ::unsetenv(name);
        }
        write_file(log_.file("requests"), "");
        std::vector<std::string> all{"/usr/bin/python3", WATCHBILL_SOURCE_DIR "/tests/peers/" + script.name,
                                     "--log", log_.file("requests")};
        all.insert(all.end(), tls.begin(), tls.end());
        return all;
    }

    std::string scheme_;
    TempDir log_;
    ChildProcess process_;
    std::string port_;
};

}  // namespace watchbill::test
