# Runs that are interrupted, and taken up again.

load common

# Starts a run of four boots, one at a time, and waits until the first has ended.
start_run() {
	local ended
	FAKE_SLEEP_MS=300 "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -V alpha -V beta \
		-b 2 -j 1 -o "$T/out" --seed 7 >"$T/stdout" 2>"$T/stderr" 3>&- &
	tool=$!
	for _ in $(seq 200); do
		ended=$(sed -n "\$=" "$T/out/run.journal" 2>/dev/null || true)
		[ "${ended:-0}" -ge 3 ] && return
		sleep 0.05
	done
	echo "no boot ended: $(cat "$T/stderr")"
	return 1
}

# Starts a run whose probe boot takes five seconds, or so many milliseconds.
start_probe() {
	FAKE_SLEEP_MS=${1:-5000} "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -o "$T/out" \
		2>/dev/null 3>&- &
	tool=$!
	for _ in $(seq 100); do
		[ -s "$T/state/processes" ] && return
		sleep 0.05
	done
	return 1
}

# all_boots: each boot of the run as one line, sorted
all_boots() {
	jq -c '.cells[] | [.variant, .bench] + [.boots[]]' "$T/out/run.json" | jq -c '.[:2] + (.[2:][] | [.])' | sort
}

# kill_outright: no chance to clean up.
kill_outright() {
	kill -KILL "$tool"
	wait "$tool" || true
}

# stop SIGNAL: the tool ends within two seconds with status 130.
stop() {
	local status=0
	kill "-$1" "$tool"
	for _ in $(seq 40); do
		kill -0 "$tool" 2>/dev/null || break
		sleep 0.05
	done
	wait "$tool" || status=$?
	exits 130
}

kept_and_clean() {
	local boots
	boots=$(jq '[.cells[].boots[]] | length' "$T/out/run.json")
	[ "$boots" -ge 3 ] && [ "$boots" -lt 12 ]
	[ "$(jq -r .finished "$T/out/run.json")" = "" ]
	jq -e '[.cells[].boots[] | .status == "ok"] | all' "$T/out/run.json" >/dev/null
	no_process_left
	nothing_half_written
}

@test "Ctrl-C: status 130, no process, no temporary file, finished boots kept" {
	start_run
	stop INT
	kept_and_clean
	grep -q -- "--resume $T/out" "$T/stderr"
}

@test "SIGTERM does the same" {
	start_run
	stop TERM
	kept_and_clean
}

@test "Ctrl-C during a probe boot" {
	start_probe
	stop INT
	no_process_left
	nothing_half_written
	[ ! -e "$T/out" ]
}

@test "--resume does the rest, and only that" {
	start_run
	stop INT
	before=$(jq '[.cells[].boots[]] | length' "$T/out/run.json")
	all_boots >"$T/finished"
	[ "$(wc -l <"$T/finished")" -eq "$before" ]
	cat "$T/state/starts.alpha" "$T/state/starts.beta" >"$T/starts"
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out" -q
	exits 0
	[ "$(jq '[.cells[].boots[]] | length' "$T/out/run.json")" -eq 12 ]
	jq -e '[.cells[] | .status == "ok" and (.boots | map(.boot)) == [0, 1]] | all' "$T/out/run.json"
	[ "$(jq -r .finished "$T/out/run.json")" != "" ]
	[ "$(jq .seed "$T/out/run.json")" -eq 7 ]
	# What had ended is as it was, to the last figure.
	[ -z "$(all_boots | comm -23 "$T/finished" -)" ]
	# Starts from now on: as many as boots were missing (three cells a boot).
	sum() { awk '{ n += $1 } END { print n }' "$@"; }
	after=$(cat "$T/state/starts.alpha" "$T/state/starts.beta" | sum)
	[ $((after - $(sum "$T/starts"))) -eq $(((12 - before) / 3)) ]
	# A second time there is nothing left to do.
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out" -q
	exits 0
	[ "$(cat "$T/state/starts.alpha" "$T/state/starts.beta" | sum)" -eq "$after" ]
}

@test "--resume does again what failed" {
	FAKE_GUEST=crash@beta bench_run -V alpha -V beta -b 2
	exits 1
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out" -q
	exits 0
	[ "$(cells '.status == "ok"' | wc -l)" -eq 6 ]
	jq -e '[.cells[] | (.boots | length) == 2] | all' "$T/out/run.json"
}

@test "--resume leaves alone what is done, boots that were skipped too" {
	FAKE_GUEST=unsupported-program@beta bench_run -V alpha -V beta -b 2
	exits 0
	all_boots >"$T/finished"
	grep -q '"status":"skipped"' "$T/finished"
	cat "$T/state/starts.alpha" "$T/state/starts.beta" >"$T/starts"
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out" -q
	exits 0
	all_boots | cmp "$T/finished" -
	cat "$T/state/starts.alpha" "$T/state/starts.beta" | cmp "$T/starts" -
}

@test "a tool that is killed outright: --resume goes on from the last boot that ended" {
	start_run
	kill_outright
	# What stands there is valid at every moment, and a line that was cut short is no harm.
	jq -e '.finished == ""' "$T/out/run.json"
	"$ENTRYBENCH" export "$T/out" --format json | jq -e '[.rows[] | .boots] | add >= 3'
	printf '{"number": 0, "ce' >>"$T/out/run.journal"
	: >"$T/out/logs/unfinished.log.new"
	: >"$T/out/run.json.new"
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out" -q
	exits 0
	jq -e '[.cells[] | .status == "ok" and (.boots | length) == 2] | all' "$T/out/run.json"
	[ -z "$(find "$T/out" -name '*.new' -o -name '*.journal')" ]
	# Its guest went with it, though reaping that is now for whoever has inherited it.
	while read -r pid; do
		[ ! -e "/proc/$pid" ] || grep -q '^State:.Z' "/proc/$pid/status"
	done <"$T/state/processes"
}

@test "a tool that is killed outright in the middle of a boot takes guest and temporary files along" {
	start_probe 60000
	kill_outright
	# The guest would go on for a minute.
	for _ in $(seq 60); do
		left=$(ls -A "$T/tmp")
		while read -r pid; do
			[ ! -e "/proc/$pid" ] || grep -q '^State:.Z' "/proc/$pid/status" || left="$left $pid"
		done <"$T/state/processes"
		[ -n "$left" ] || break
		sleep 0.05
	done
	[ -z "$left" ]
}

@test "a reader that goes away leaves nothing behind" {
	"$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -V alpha -b 1 -q -o "$T/out" | true
	[ "$(cells '.status == "ok"' | wc -l)" -eq 3 ]
	nothing_half_written
}
