# What the CLI tests share: a scratch folder, a manifest of made-up variants, and a guest that is none.
# ENTRYBENCH and FAKE_GUEST_PROGRAM come from ctest.

setup() {
	T=$(mktemp -d)
	mkdir "$T/tmp" "$T/state" "$T/bench"
	export TMPDIR=$T/tmp FAKE_STATE=$T/state ENTRYBENCH_QEMU=$FAKE_GUEST_PROGRAM
	unset FAKE_GUEST FAKE_SLEEP_MS
	for name in alpha beta gamma delta; do
		: >"$T/$name.elf"
	done
	for name in one sweep slow; do
		echo "program $name" >"$T/bench/$name"
	done
	cat >"$T/manifest.json" <<-END
		{ "manifest": "entrybench-manifest/1",
		  "variants": [
		    {"name": "alpha", "image": "alpha.elf", "features": {"exit": "a"}, "safe": true, "needs": [], "about": "first"},
		    {"name": "beta", "image": "beta.elf", "features": {"exit": "b"}, "safe": true, "needs": [], "about": "second"},
		    {"name": "gamma", "image": "gamma.elf", "features": {"exit": "c"}, "safe": true, "needs": ["pcid"], "about": "third"},
		    {"name": "delta", "image": "delta.elf", "features": {"exit": "d"}, "safe": false, "needs": [], "about": "fourth"} ],
		  "benchmarks": [
		    {"name": "one", "program": "bench/one", "params": [], "classes": ["silicon", "deterministic"], "about": "one"},
		    {"name": "sweep", "program": "bench/sweep", "params": ["1", "20"], "classes": ["silicon", "deterministic"], "about": "two"},
		    {"name": "slow", "program": "bench/slow", "params": [], "classes": ["silicon"], "about": "three"} ] }
	END
}

teardown() {
	if [ -e "$T/state/processes" ]; then
		xargs -r kill -9 <"$T/state/processes" 2>/dev/null || true
	fi
	rm -rf "$T"
}

# entrybench's run on tcg with the made-up manifest.
bench_run() {
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -o "$T/out" -q "$@"
}

# cells FILTER: those cells of the run of which the jq filter holds, as "variant bench status reason".
cells() {
	jq -r ".cells[] | select($1) | \"\(.variant) \(.bench) \(.status) \(.reason // \"\")\"" "$T/out/run.json"
}

# Every process that the guests noted is gone, zombies included.
no_process_left() {
	local pid
	while read -r pid; do
		if kill -0 "$pid" 2>/dev/null; then
			echo "process $pid is still there: $(tr '\0' ' ' <"/proc/$pid/cmdline")"
			return 1
		fi
	done <"$T/state/processes"
}

# Neither temporary files nor files that were not finished.
nothing_half_written() {
	local left
	left=$(ls -A "$T/tmp"; find "$T" -name '*.new')
	[ -z "$left" ] || { echo "left behind: $left" && return 1; }
}

# says TEXT: the output of the last command holds it.
# shellcheck disable=SC2154 # bats' run sets output and status
says() {
	[[ $output == *"$1"* ]] || { echo "does not say \"$1\": $output" && return 1; }
}

# exits STATUS: the last command ended with it.
# shellcheck disable=SC2154
exits() {
	[ "$status" -eq "$1" ] || { echo "status $status, not $1: $output" && return 1; }
}

# lacks FILE TEXT: no line of the file holds it.
lacks() {
	if grep -q -- "$2" "$1"; then
		echo "$1 holds \"$2\": $(cat "$1")"
		return 1
	fi
}
