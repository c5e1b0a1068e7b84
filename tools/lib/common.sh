# Helpers of the scripts in tools/: messages, paths, configure and build. Source it; it sets no option.
# shellcheck shell=bash

program=${0##*/}
# shellcheck disable=SC2034 # the scripts that source this use it
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() {
	printf '%s: %s\n' "$program" "$*" >&2
}

# die MESSAGE: one line and exit status 1.
die() {
	say "$*"
	exit 1
}

# usage_error MESSAGE: one line and exit status 2.
usage_error() {
	say "$* (see $0 --help)"
	exit 2
}

# help FILE: the script's own opening comment is its help.
help() {
	sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$1"
}

# logged COMMAND...: runs COMMAND without input and keeps its output to itself, unless it fails.
logged() {
	local log status=0
	log=$(mktemp)
	"$@" >"$log" 2>&1 </dev/null || status=$?
	[ "$status" -eq 0 ] || cat "$log" >&2
	rm -f "$log"
	return "$status"
}

# quietly WHAT COMMAND...: the same, and its failure is ours.
quietly() {
	local what=$1
	shift
	logged "$@" || die "$what failed (status $?); its output is above"
}

# build FOLDER [CMAKE ARGUMENT...]: configures FOLDER below the source tree, and builds everything in it.
build() {
	local folder=$1
	shift
	say "building in $folder"
	cd "$top" || die "$top is gone"
	quietly "configuring $folder" cmake --preset default -B "$folder" "$@"
	quietly "building $folder" cmake --build "$folder" --parallel "$(nproc)"
}
