# Sourced by test and bench, after packages.sh: the servers that they start on loopback. Each is unpacked from Debian's
# packages into a folder of build/servers and runs from there (tests/peers/servers.py). None is installed: a mail server
# would take the place of the machine's own, others would be started at once, and most would bring users.

# What is unpacked even where the machine has it. What it needs besides comes along where the machine lacks it.
declare -A server_packages=(
    [postfix]="postfix sasl2-bin libsasl2-modules libsasl2-modules-db"
    [cyrus]="cyrus-common cyrus-imapd cyrus-caldav"
    [radicale]="radicale python3-radicale"
    [xandikos]="xandikos"
    [nginx]="nginx nginx-common"
    [wrk]="wrk"
)
servers="$PWD/build/servers"
package_lists=()  # apt's option where the machine's own lists do not do

# apt-get for who may be anybody: nothing of the machine's is locked or written.
apt_here() {
    LC_ALL=C apt-get -qq -o Dir::Cache="$servers/cache" -o Dir::Cache::pkgcache=packages.bin \
        -o Dir::Cache::srcpkgcache=sources.bin -o Dir::Log="$servers/cache" -o APT::Sandbox::User="$(id -un)" \
        "${package_lists[@]}" "$@"
}

# download_packages PACKAGE...: those and what the machine lacks for them, but for what was downloaded before. Prints the
# names of the files.
download_packages() {
    local plan name version architecture exact=() files=()
    # The plan may remove the machine's mail server: it is not carried out.
    plan="$(apt_here --simulate --reinstall --no-install-recommends --yes install "$@")" || return 1
    while read -r name version architecture; do
        exact+=("$name=$version")
        files+=("${name%%:*}_${version//:/%3a}_$architecture.deb")
    done < <(sed -nE 's/^Inst ([^ ]+) (\[[^]]*\] )?\(([^ ]+) .*\[([a-z0-9]+)\]\).*/\1 \3 \4/p' <<<"$plan")
    if [ ${#files[@]} -eq 0 ]; then return 1; fi
    (cd "$servers/packages" && apt_here download "${exact[@]}") >/dev/null || return 1
    printf '%s\n' "${files[@]}"
}

# unpack_server NAME: into build/servers/NAME, unless it is there and the machine's packages are what they were.
unpack_server() {
    local folder="$servers/$1" stamp files file package packages
    read -ra packages <<<"${server_packages[$1]}"
    stamp="$({ echo "${packages[*]}"; cat scripts/servers.sh; dpkg-query --show; } | sha256sum)"
    if [ "$(cat "$folder/unpacked" 2>/dev/null)" = "$stamp" ]; then return 0; fi

    echo "Unpacking ${packages[*]} into build/servers/$1"
    rm -rf "$folder"
    mkdir -p "$servers/packages" "$folder"
    if ! files="$(download_packages "${packages[@]}" 2>/dev/null)"; then
        # The machine's lists are missing or older than what is offered: ours lie beside the servers.
        if [ ${#package_lists[@]} -eq 0 ]; then
            package_lists=(-o "Dir::State::Lists=$servers/lists")
            mkdir -p "$servers/lists/partial"
            apt_here update || true
        fi
        files="$(download_packages "${packages[@]}")" || files=""
    fi
    for file in $files; do
        # Not the C library: the machine's loader fits its own only.
        case "$file" in libc6_* | libc-bin_*) continue ;; esac
        dpkg-deb --extract "$servers/packages/$file" "$folder" || return 1
    done
    for package in "${packages[@]}"; do
        if grep -q "^${package}_" <<<"$files"; then continue; fi
        # What cannot be downloaded but is installed is copied.
        is_present "$package" || return 1
        dpkg-query --listfiles "$package" | grep '^/' |
            tar --create --no-recursion --ignore-failed-read --files-from=- 2>/dev/null | tar --extract --directory="$folder"
    done
    # Last: what was interrupted is begun again.
    echo "$stamp" >"$folder/unpacked"
}

# unpack_servers NAME...: says which cannot be had; what needs those is skipped.
unpack_servers() {
    mkdir -p "$servers"
    (
        flock 9
        for server in "$@"; do
            unpack_server "$server" ||
                echo "$server can neither be downloaded nor copied: tests that need it are skipped. Is the network there?" >&2
        done
        rm -rf "$servers/cache"
    ) 9>"$servers/lock"
}
