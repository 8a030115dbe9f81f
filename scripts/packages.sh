# Sourced by the other scripts: which Debian packages are needed, and installing those that are missing.

build_packages=(
    g++ cmake ninja-build pkg-config git ca-certificates tzdata
    libical-dev libcurl4-openssl-dev libssl-dev nlohmann-json3-dev libtomlplusplus-dev
    libhowardhinnant-date-dev libicu-dev libsoci-dev libboost-dev libsqlite3-dev libpugixml-dev libspdlog-dev libfmt-dev
    libgmime-3.0-dev libcli11-dev libexpected-dev libcpp-httplib-dev zlib1g-dev prometheus-cpp-dev libqrencode-dev gzip
    nodejs npm
)
# Independent readers of our feeds, a browser, a certificate maker, and faketime, which sets the clock for one test.
# Servers are not installed: servers.sh.
test_packages=(catch2 curl openssl python3 python3-icalendar python3-dateutil python3-yaml chromium faketime)
# The second compiler, its linker, the linters and the sanitizers' runtime.
check_packages=(clang-14 lld-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev python3)

is_present() {
    # A node or npm that did not come from Debian serves as well.
    case "$1" in nodejs) command -v node >/dev/null && return ;; npm) command -v npm >/dev/null && return ;; esac
    dpkg-query --show --showformat='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

# install_missing PACKAGE...
install_missing() {
    local missing=() package
    for package in "$@"; do
        is_present "$package" || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then return 0; fi
    echo "Installing ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
    "${as_root[@]}" apt-get update -qq
    # What stands in the way of a package is named, and stays.
    local removed
    removed="$(LC_ALL=C apt-get --simulate install -y --no-install-recommends "${missing[@]}" | sed -n 's/^Remv \([^ ]*\).*/\1/p')"
    if [ -n "$removed" ]; then
        echo "To install ${missing[*]}, apt would remove" $removed "from this machine: nothing was changed." \
            "Remove what you do not need of it, or use another machine or a container." >&2
        return 1
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove \
        "${missing[@]}" >/dev/null
}

# install_npm_parts build|test: what the web page is built with; for tests also independent readers, and what drives
# a browser. The lock is left out because it would name a registry.
install_npm_parts() {
    local wanted=(fullcalendar) part only=(--omit=dev)
    if [ "$1" = test ]; then
        wanted+=(ajv ajv-formats ical.js axe-core playwright-core)
        only=()
    fi
    for part in "${wanted[@]}"; do
        if [ -d "node_modules/$part" ]; then continue; fi
        npm install --silent --no-audit --no-fund --no-package-lock "${only[@]}" && return 0
        echo "The web page and its tests need npm's $part, which could not be installed: is the network there?" >&2
        return 1
    done
}

# build PRESET [TARGET...]: configures once and builds; a compiler cache is used where there is one.
build() {
    local preset="$1"
    shift
    install_npm_parts build || return 1
    if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER:-ccache}"; fi
    cmake --preset "$preset" >"/tmp/watchbill-configure.$$" || { cat "/tmp/watchbill-configure.$$"; return 1; }
    rm -f "/tmp/watchbill-configure.$$"
    cmake --build --preset "$preset" ${1:+--target "$@"}
}
