#!/usr/bin/env bash
#
# Installs what the embedded default needs and this machine lacks: the PostgreSQL server's binaries and pgvector.
# Does nothing where both are there. No cluster is created and no service is started; FaceStream runs its own.
#
# As root it acts, else through sudo where that asks no password, else it prints the commands and exits 1.
set -euo pipefail

# The source that is built where the distribution has no package of pgvector; the sum is that of Debian's
# pgvector_0.8.0.orig.tar.gz, which Debian 13's archive signs.
readonly pgvector_version=0.8.0
readonly pgvector_sha256=867a2c328d4928a5a9d6f052cd3bc78c7d60228a9b914ad32aa3db88e9de27b0
readonly pgvector_suite=trixie

# DETACH PARTITION CONCURRENTLY, by which old model versions leave the gallery, came with this major version.
readonly oldest_postgresql=14

readonly lock_file=/run/facestream-setup.lock

explain=false # true: print what changes the machine instead of doing it
work=

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# The folders of PostgreSQL's server binaries, newest first; the same places as in PostgresBinaries.java.
binary_folders() {
    {
        printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin {/opt/homebrew,/usr/local}/opt/postgresql*/bin
        pg_config --bindir 2>/dev/null || true
    } | while read -r folder; do
        [[ -x $folder/postgres ]] || continue
        major=$("$folder/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
        if ((major >= oldest_postgresql)); then
            printf '%s %s\n' "$major" "$folder"
        fi
    done | sort -rnu | cut -d ' ' -f 2
}

has_pgvector() {
    [[ -f $("$1/pg_config" --sharedir 2>/dev/null)/extension/vector.control ]]
}

# Prints the newest binary folder with pgvector; fails where there is none.
ready_folder() {
    local folder
    for folder in $(binary_folders); do
        if has_pgvector "$folder"; then
            say "$folder"
            return
        fi
    done
    return 1
}

# Runs a command that changes the machine, or prints it.
act() {
    if $explain; then
        printf '    '
        printf '%q ' "$@"
        printf '\n'
    else
        "$@" >/dev/null 9>&-
    fi
}

# Writes a file (its folder is made), or prints how to.
write() {
    local file=$1 text=$2
    if $explain; then
        printf "    mkdir -p %q && echo '%s' > %q\n" "$(dirname "$file")" "$text" "$file"
    else
        mkdir -p "$(dirname "$file")"
        printf '%s\n' "$text" >"$file"
    fi
}

# Lists may be locked by somebody else's update, a mirror may be in the middle of its own: three tries.
apt() {
    local try
    for try in 1 2 3; do
        if act apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"; then
            return
        fi
        sleep $((try * 5))
    done
    fail "apt-get $* failed three times; its own messages are above"
}

is_package() { [[ -n $(apt-cache search --names-only "^$1\$" 2>/dev/null) ]]; }

# Prints the repository that this machine has its Debian packages from, whatever form its sources are written in.
debian_repository() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)' |
        sed -n 's/^Debian Debian main //p' | head -n 1
}

# Builds pgvector for the given binaries from Debian's source package, in a folder that does not stay.
build_pgvector() {
    local folder=$1 repository keyring=/usr/share/keyrings/debian-archive-keyring.gpg options='' sources
    repository=$(debian_repository)
    [[ -n $repository ]] ||
        fail "pgvector is no package of this distribution, and its apt sources name no Debian repository with its" \
            "source: install pgvector $pgvector_version by hand, then run this again"
    [[ -f $keyring ]] && options="[signed-by=$keyring] "

    if $explain; then
        work=/tmp/facestream-pgvector
    else
        work=$(mktemp -d)
        trap 'rm -rf "$work"' EXIT
    fi
    # a sources list, package lists and caches of its own: the machine's are neither read nor changed
    sources=(-o "Dir::Etc::SourceList=$work/source.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$work/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
        -o APT::Sandbox::User=root)
    act mkdir -p "$work/lists/partial"
    write "$work/source.list" "deb-src $options$repository $pgvector_suite main"
    act cd "$work"
    apt "${sources[@]}" update
    apt "${sources[@]}" source --download-only pgvector
    write "$work/sum" "$pgvector_sha256  pgvector_$pgvector_version.orig.tar.gz"
    act sha256sum --check sum ||
        fail "pgvector_$pgvector_version.orig.tar.gz is not the file that FaceStream was tested with" \
            "(sha256 $pgvector_sha256 expected): nothing was built"
    act tar -xzf "pgvector_$pgvector_version.orig.tar.gz"
    # OPTFLAGS: no -march=native, since a machine's disk may come up on another processor;
    # pgvector picks its fast loops when it runs. with_llvm: saves bitcode that only a just-in-time compiler reads.
    local make=(make -s -C "pgvector-$pgvector_version" "PG_CONFIG=$folder/pg_config" with_llvm=no OPTFLAGS=)
    act "${make[@]}"
    act "${make[@]}" install
    act cd /
    act rm -rf "$work"
}

install_missing() {
    local major installed packages=() build=false
    export DEBIAN_FRONTEND=noninteractive

    $explain || say "Reading the package lists"
    apt update

    installed=$(binary_folders | head -n 1)
    if [[ -n $installed ]]; then
        major=$("$installed/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
    else
        major=$(apt-cache depends postgresql 2>/dev/null | sed -n -E 's/.*Depends: postgresql-([0-9]+)$/\1/p' | head -n 1)
        [[ -n $major ]] || fail "apt knows no package 'postgresql': run 'apt-get update' as root, then this again"
        ((major >= oldest_postgresql)) ||
            fail "this distribution has PostgreSQL $major, and FaceStream needs $oldest_postgresql or newer"
        # read by the package's own set-up; without it a cluster would come up on port 5432
        write /etc/postgresql-common/createcluster.d/facestream.conf 'create_main_cluster = false'
        $explain || say "Installing PostgreSQL $major (package postgresql-$major, without a cluster)"
        packages+=("postgresql-$major")
    fi

    if is_package "postgresql-$major-pgvector"; then
        $explain || say "Installing pgvector (package postgresql-$major-pgvector)"
        packages+=("postgresql-$major-pgvector")
    else
        build=true
        $explain || say "Installing what builds pgvector (packages gcc, make, postgresql-server-dev-$major)"
        packages+=(gcc libc6-dev make "postgresql-server-dev-$major")
    fi
    apt install --no-install-recommends --no-upgrade "${packages[@]}"

    if $build; then
        $explain || say "Building pgvector $pgvector_version from Debian's source package"
        build_pgvector "${installed:-/usr/lib/postgresql/$major/bin}"
    fi
}

main() {
    local folder
    if folder=$(ready_folder); then
        say "PostgreSQL with pgvector is there: $folder"
        return
    fi
    command -v apt-get >/dev/null ||
        fail "no apt-get here: install PostgreSQL $oldest_postgresql or newer and pgvector with this system's own package" \
            "manager (macOS: brew install postgresql@17 pgvector), then run this again"

    if ((EUID != 0)); then
        if sudo -n true 2>/dev/null; then
            exec sudo -n bash "$0"
        fi
        say "FaceStream's embedded default needs PostgreSQL with pgvector. Installing them needs root, and there is no"
        say "sudo without a password here. As root, in bash:"
        explain=true
        install_missing
        fail "PostgreSQL with pgvector is missing: run the commands above as root, then try again"
    fi

    exec 9>"$lock_file"
    flock 9
    if ! ready_folder >/dev/null; then
        install_missing
    fi
    folder=$(ready_folder) || fail "everything was installed, yet no PostgreSQL with pgvector was found in $(binary_folders)"
    say "PostgreSQL with pgvector is installed: $folder"
}

main
