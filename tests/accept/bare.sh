#!/bin/bash
# The newcomer's two commands on a Debian 12 with nothing on it but git, make and gcc. Needs root, a network and, for the
# first run, debootstrap.
#   tests/accept/bare.sh [PRISTINE]     a folder that debootstrap has filled; made there when it is not
# Clones HEAD of this repository into a copy of it and checks, one line each: a user without sudo is told the one line to
# type and nothing happens; DEPS=no says what is missing; as root `make test` passes and `make run` shows the screen and
# leaves it on q; `make install PREFIX=~/.local` needs no root and what it installs runs in an empty environment.
set -u
cd "$(dirname "$0")/../.." || exit 2
pristine=${1:-/var/tmp/nearfar-bookworm}
[ "$(id -u)" -eq 0 ] || { echo "bare.sh: needs root (chroot, mount)" >&2; exit 2; }
[ -d "$pristine/usr" ] || debootstrap --variant=minbase bookworm "$pristine" || exit 2

root=$(mktemp -d "${TMPDIR:-/tmp}/nearfar-bare.XXXXXX")
leave() {
    for m in dev/pts dev proc; do mountpoint -q "$root/$m" && umount "$root/$m"; done
    mountpoint -q "$root/dev" || mountpoint -q "$root/proc" || rm -rf "$root"
}
trap leave EXIT
trap 'exit 2' INT TERM
cp -a "$pristine/." "$root" || exit 2
mount --bind /dev "$root/dev" && mount -t proc proc "$root/proc" && mount --bind /dev/pts "$root/dev/pts" || exit 2
chmod 1777 "$root/tmp" # whatever umask it was made under
cp /etc/resolv.conf "$root/etc/resolv.conf"
git clone -q --bare . "$root/root/nearfar.git" || exit 2

missed=0
inside() { chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=xterm-256color "$@"; }
as_user() { inside su -s /bin/sh learner -c "$1" </dev/null; }
check() { # what, command...
    local what=$1; shift
    if "$@"; then echo "ok    $what"; else echo "MISS  $what"; missed=1; fi
}
says() { printf '%s\n' "$out" | grep -qE "$1"; }
show() { printf '%s\n' "$out" | tail -n "${1:-5}" | sed 's/^/      | /'; }

inside apt-get update -q >/dev/null && inside env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends git make gcc \
    >/dev/null 2>&1 || { echo "bare.sh: apt does not work in $root" >&2; exit 2; }
inside useradd -m learner
inside git clone -q /root/nearfar.git /home/learner/nearfar && inside chown -R learner: /home/learner/nearfar || exit 2

out=$(as_user 'cd ~/nearfar && make run 2>&1'); code=$?; show
check "without root or sudo: stops" [ $code -ne 0 ]
check "  with the one line to type" says '^  (sudo )?apt-get install .*libopenblas'
check "  and compiles nothing" [ ! -e "$root/home/learner/nearfar/build" ]
out=$(as_user 'cd ~/nearfar && make DEPS=no 2>&1'); code=$?; show
check "DEPS=no: stops with one clear line" [ $code -ne 0 ]
check "  that is not the compiler's" says '^nearfar: not found'

inside git clone -q /root/nearfar.git /root/nearfar || exit 2
# `make run` in a terminal of script's; q, and q again where it asks, some seconds after the screen has been entered
started=$(date +%s)
out=$(inside sh -c 'cd /root/nearfar &&
    { until [ -e /root/over ] || grep -qaF "[?1049h" /root/screen 2>/dev/null; do sleep 1; done; sleep 8; printf q; sleep 3; printf q; sleep 3; } |
    timeout -k 5 1800 script -qefc "stty rows 40 columns 120; make run; code=\$?; touch /root/over; exit \$code" /root/screen >/dev/null 2>&1
    echo "exit $?"')
show
check "make run: opens, closes on q ($(($(date +%s) - started)) s with packages and compiling)" says '^exit 0'
check "  and has drawn the map of tiles" grep -qa 'tiles' "$root/root/screen"
started=$(date +%s)
out=$(inside sh -c 'cd /root/nearfar && make test 2>&1; echo "exit $?"'); show 60
check "make test passes ($(($(date +%s) - started)) s)" says '^exit 0'

out=$(as_user 'cd ~/nearfar && make install PREFIX=~/.local 2>&1'); code=$?; show 3
check "make install PREFIX=~/.local without root" [ $code -eq 0 ]
out=$(as_user 'cd / && env -i HOME=$HOME ~/.local/bin/nearfar --version && env -i ~/.local/bin/nearfar train tiles --steps 2 -o /tmp/run 2>&1'); code=$?; show
check "  the installed program trains in an empty environment" [ $code -eq 0 ]
out=$(as_user 'echo q | env -i HOME=$HOME TERM=xterm-256color PATH=/usr/bin:/bin timeout 60 script -qec "~/.local/bin/nearfar --no-intro" /dev/null 2>&1'); code=$?
check "  and opens its screen there" [ $code -eq 0 ]
out=$(as_user 'cd ~/nearfar && make uninstall PREFIX=~/.local 2>&1'); code=$?
check "make uninstall takes it out" [ ! -e "$root/home/learner/.local/bin/nearfar" ]
exit $missed
