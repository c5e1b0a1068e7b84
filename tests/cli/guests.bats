# What becomes of guests that end well, badly, or not at all.

load common

@test "a whole run: every cell, its figures, its files" {
	bench_run -V alpha -V beta
	exits 0
	says "alpha"
	[ "$(cells '.status == "ok"' | wc -l)" -eq 6 ]
	[ "$(jq '.cells[] | select(.variant == "alpha" and .bench == "one") | .boots | length' "$T/out/run.json")" -eq 2 ]
	# 'a' is 97: 40 + 97
	[ "$(jq '.cells[] | select(.variant == "alpha" and .bench == "one") | .boots[0].round_trip' "$T/out/run.json")" -eq 137 ]
	[ "$(jq '.cells[] | select(.variant == "beta" and .bench == "sweep:20") | .summary.round_trip.estimate' "$T/out/run.json")" -eq 158 ]
	[ "$(jq -r .finished "$T/out/run.json")" != "" ]
	[ "$(find "$T/out/logs" -type f | wc -l)" -eq 4 ]
	while read -r file; do
		[ -s "$T/out/$file" ]
	done < <(jq -r '.cells[].boots[] | .log, .samples' "$T/out/run.json")
	grep -q '^144,16$' "$T/out/samples/tcg.alpha.one.0.csv"
	$VALIDATE "$T/out/run.json"
	nothing_half_written
}

@test "a hung guest is killed with its whole process group, the others go on" {
	FAKE_GUEST=hang@beta bench_run -V alpha -V beta -b 1 --timeout 0.5
	exits 124
	[ "$(cells '.variant == "beta" and .status == "timeout"' | wc -l)" -eq 3 ]
	[ "$(cells '.variant == "alpha" and .status == "ok"' | wc -l)" -eq 3 ]
	cells '.status == "timeout"' | grep -q "no end within 0.5 s"
	no_process_left
	nothing_half_written
}

@test "a guest that says nothing at all is a timeout" {
	FAKE_GUEST=mute@beta bench_run -V beta -b 1 --timeout 0.5
	exits 124
	[ "$(cells '.status == "timeout"' | wc -l)" -eq 3 ]
	no_process_left
}

@test "what had not begun when a guest hung is done in another start" {
	FAKE_GUEST=hang-second@beta/0 bench_run -V beta -b 1 --timeout 0.5
	exits 124
	[ "$(cells '.status == "timeout"' | wc -l)" -eq 1 ]
	[ "$(cells '.status == "ok"' | wc -l)" -eq 2 ]
	[ -s "$T/out/logs/tcg.beta.0.1.log" ]
}

@test "a panic is the cell's that was running" {
	FAKE_GUEST=panic@beta/0 bench_run -V beta -b 1
	exits 1
	[ "$(cells '.status == "panicked"' | wc -l)" -eq 1 ]
	[ "$(cells '.status == "ok"' | wc -l)" -eq 2 ]
	cells '.status == "panicked"' | grep -q "kernel panic: page fault"
}

# shellcheck disable=SC2030
@test "an emulator that crashes says by which signal" {
	FAKE_GUEST=crash@beta bench_run -V beta -b 1
	exits 1
	cells '.status == "failed"' | grep -q "killed by signal 9 (Killed)"
}

# costs_one MODE STATUS TEXT: the first program of one boot goes wrong; nothing else is lost, and a resumed run mends it.
costs_one() {
	FAKE_GUEST=$1@beta/0 bench_run -V alpha -V beta -b 2 --timeout 2
	# shellcheck disable=SC2031
	[ "$status" -ne 0 ]
	jq -r '.cells[].boots[] | select(.status != "ok") | "\(.status): \(.reason)"' "$T/out/run.json" | diff - <(echo "$2: $3")
	[ "$(cells '.status == "ok"' | wc -l)" -eq 5 ]
	jq -e '[.cells[].boots | length == 2] | all' "$T/out/run.json"
	no_process_left
	nothing_half_written
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out" -q
	exits 0
	[ "$(cells '.status == "ok"' | wc -l)" -eq 6 ]
}

@test "an emulator that is killed costs one cell" {
	costs_one crash failed "qemu-system-x86_64 was killed by signal 9 (Killed)"
}

@test "a guest that resets costs one cell" {
	costs_one reset failed "qemu-system-x86_64 ended with status 0: the guest reset or switched itself off"
}

@test "a guest that resets for ever costs one cell" {
	costs_one reboots timeout "no end within 2 s"
}

@test "a hung guest costs one cell" {
	costs_one hang timeout "no end within 2 s"
}

@test "a guest that floods its console costs one cell, little memory and a short log" {
	# the address sanitizer reserves terabytes
	grep -qa __asan_init "$ENTRYBENCH" || ulimit -v 1000000
	costs_one flood timeout "no end within 2 s"
	[ "$(find "$T/out/logs" -size +5000k | wc -l)" -eq 0 ]
}

@test "an emulator that refuses to start has the last word" {
	FAKE_GUEST=refuse@beta bench_run -V beta -b 1
	exits 1
	[ "$(cells '.status == "failed"' | wc -l)" -eq 3 ]
	cells true | grep -q "ended with status 1: fake: machine is on fire"
}

# goes_wrong MODE TEXT: just the first program's cell is failed, and says so.
goes_wrong() {
	FAKE_GUEST=$1@beta bench_run -V beta -b 1
	exits 1
	[ "$(cells '.status == "failed"' | wc -l)" -eq 1 ]
	[ "$(cells '.status == "ok"' | wc -l)" -eq 2 ]
	cells '.status == "failed"' | grep -q "$2"
}

@test "a damaged record fails its cell" {
	goes_wrong damage "record 1 is lost (a record with"
}

@test "a lost record fails its cell" {
	goes_wrong lose "record 1 is lost (no damaged line)"
}

@test "a repeated record fails its cell" {
	goes_wrong repeat "record 1 came again"
}

@test "a stream that breaks off fails its cell" {
	goes_wrong cut "breaks off after record 7"
}

@test "a program that fails after its last record is named by the kernel" {
	goes_wrong program-named "the program ended with status 3; the core lacks what it asked for: fork (2)$"
	[ "$(jq -r '[.cells[].boots[].counts."enosys.fork" | select(.)] | join(" ")' "$T/out/run.json")" = 2 ]
}

@test "a program that was killed says by what, and how far it came" {
	goes_wrong killed "the program was killed by SIGSEGV; stream: it breaks off after record 7"
}

# all_fail MODE TEXT: no cell of the boot can be trusted.
all_fail() {
	FAKE_GUEST=$1@beta bench_run -V beta -b 1
	exits 1
	[ "$(cells '.status == "failed"' | wc -l)" -eq 3 ]
	cells true | grep -q "$2"
}

@test "a boot without its exit record fails" {
	all_fail no-exit "kernel stream: it breaks off after record 0"
}

@test "exit record and exit status that disagree fail" {
	all_fail lies "disagree"
}

@test "a program that fails after its last record fails" {
	all_fail program-fails "1 programs failed, one after its last record: status 3"
}

@test "an image that is another variant's fails" {
	all_fail wrong-image "the image of beta says that it is other"
}

@test "a program that is another benchmark's fails" {
	all_fail wrong-bench "another benchmark than the plan's"
}

@test "boots of a deterministic machine that differ by one fail with both values" {
	FAKE_GUEST=unequal@beta bench_run -V beta -B one -b 2
	exits 1
	cells true | grep -Eq "differ: round trip (138 and 139|139 and 138)$"
}

@test "windows of one deterministic boot that differ fail with both values" {
	FAKE_GUEST=uneven@beta bench_run -V beta -B one -b 1
	exits 1
	cells true | grep -q "readings of one boot differ: 145 and 1000 (window of crossing)"
}

@test "other text on the console does no harm" {
	FAKE_GUEST=noise bench_run -V beta -b 1
	exits 0
	[ "$(cells '.status == "ok"' | wc -l)" -eq 3 ]
}

@test "what a kernel or program does not support is skipped" {
	FAKE_GUEST=unsupported@beta bench_run -V beta -b 1
	exits 77
	cells '.status == "skipped"' | grep -q "no umip"
	rm -r "$T/out"
	FAKE_GUEST=unsupported-program@beta bench_run -V alpha -V beta -b 1
	exits 0
	[ "$(cells '.variant == "beta" and .status == "skipped" and .reason == "not here"' | wc -l)" -eq 3 ]
}
