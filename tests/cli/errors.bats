# Bad requests and bad surroundings: one line that says what and how to mend it, the right status, nothing half-written.

load common

# refused STATUS TEXT ARGUMENT...: entrybench ends with that status and one line on stderr that holds the text.
refused() {
	local expected=$1 text=$2
	shift 2
	run "$ENTRYBENCH" "$@"
	[ "$status" -eq "$expected" ] || { echo "status $status: $output" && return 1; }
	[ "${#lines[@]}" -eq 1 ] || { echo "more than one line: $output" && return 1; }
	says "$text"
	[ -z "$(ls -A "$T/tmp")" ]
	[ ! -e "$T/out" ]
}

run_refused() {
	local status=$1 text=$2
	shift 2
	refused "$status" "$text" run --manifest "$T/manifest.json" -m tcg -o "$T/out" "$@"
}

@test "unknown names are told with what is near" {
	run_refused 2 'no variant matches "alpa"; did you mean alpha? (entrybench list shows all)' -V alpa
	run_refused 2 'no benchmark matches "sweap"; did you mean sweep?' -B sweap
	run_refused 2 'no benchmark matches "sweep:2"; did you mean sweep:1, sweep:20' -B sweep:2
	run_refused 2 'no variant matches "x*"' -V 'x*'
	run_refused 2 'no machine is called "tgc"; did you mean tcg' -m tgc
	run_refused 2 'no variant matches "beto"; did you mean beta' --reference beto
	refused 2 'no command "rum"; did you mean run?' rum
	refused 2 'list: unknown option --jsn; did you mean --json? (entrybench list --help lists all options)' list --jsn
	refused 2 'run: unknown option -x (entrybench run --help' run -x
}

@test "bad numbers name the range" {
	for bad in 0 -1 x 1x "" 99999 1e3 99999999999999999999; do
		run_refused 2 "-b \"$bad\" is no whole number from 1 to 10000" -b "$bad"
	done
	run_refused 2 '-n "0" is no whole number from 1 to 1000000000' -n 0
	run_refused 2 '-n "1000000001" is no whole number' -n 1000000001
	run_refused 2 '-j "0" is no whole number' -j 0
	run_refused 2 '--seed "4294967296" is no whole number from 0 to 4294967295' --seed 4294967296
	for bad in 0 -1 x 1s nan inf 1e9; do
		run_refused 2 "--timeout \"$bad\" is no number of seconds from 0.001 to 86400" --timeout "$bad"
	done
	run_refused 2 'run: missing argument for -b' -b
	run_refused 2 'run: "word" is too much' word
}

@test "extra words are usage errors, behind -- too" {
	refused 2 'list: "foo" is too much (usage: entrybench list' list foo
	refused 2 'list: "foo" is too much' list -- foo
	refused 2 'report: "b" is too much' report a -- b
	refused 2 'bill: "i" is too much' bill a b c d e f g h -- i
	refused 2 'run: what stands behind -- goes to QEMU' run -m native -- -x
	refused 2 'run: what stands behind -- goes to QEMU' run -m bochs,native:host -- -x
	refused 2 'cannot read -dir/run.json' report -- -dir
	refused 2 'unknown option -d' report -dir
}

@test "empty words are refused" {
	for command in report export; do
		refused 2 "$command: \"\" is empty" "$command" ''
	done
	run_refused 2 '--reference "": the VARIANT is empty' --reference ''
	refused 2 '--manifest "": the FILE is empty' list --manifest ''
	refused 2 '-o "": the DIR is empty' run -o ''
	refused 2 '--resume "": the DIR is empty' run --resume ''
	refused 2 '--plots "": the DIR is empty' report --plots '' x
	run_refused 2 'no variant matches ""' -V alpha,
	run_refused 2 '-m "": the NAME,... is empty' -m ''
}

@test "missing QEMU: what to install" {
	ENTRYBENCH_QEMU=$T/no/qemu run_refused 1 "nothing can run: tcg: $T/no/qemu is not there: apt-get install qemu-system-x86"
}

@test "a manifest that is missing, broken or of another time" {
	refused 1 "cannot read $T/none: No such file or directory; build first" run --manifest "$T/none"
	echo '{"manifest": "entrybench-manifest/1", "variants": [' >"$T/broken"
	refused 1 "$T/broken: line" list --manifest "$T/broken"
	echo '{"manifest": "entrybench-manifest/9"}' >"$T/later"
	refused 1 "$T/later: no entrybench-manifest/1 file; build anew" list --manifest "$T/later"
	echo '{"manifest": "entrybench-manifest/1", "variants": [{"name": 1}], "benchmarks": []}' >"$T/typed"
	refused 1 'variants[0].name: Expected string' list --manifest "$T/typed"
	echo '{"manifest": "entrybench-manifest/1", "variants": [], "benchmarks": []}' >"$T/empty"
	refused 77 'nothing can run: no machine chosen has a variant and a benchmark chosen' run --manifest "$T/empty" -m tcg
}

@test "a program of the manifest that is gone" {
	rm "$T/bench/sweep"
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -o "$T/out" -q
	exits 1
	says "cannot read $T/bench/sweep: No such file or directory"
}

@test "a results folder that cannot be written" {
	: >"$T/file"
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -q -o "$T/file/out"
	exits 1
	says "cannot make folder $T/file/out: Not a directory"
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -q -o /proc/out
	exits 1
	says "cannot make folder /proc/out"
	[ "$(id -u)" -eq 0 ] && return
	mkdir "$T/shut" && chmod 555 "$T/shut"
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -q -o "$T/shut/out"
	exits 1
	says "Permission denied"
}

@test "no folder for temporary files" {
	TMPDIR=/proc/none run_refused 77 "set TMPDIR to a writable folder" -q
}

@test "a full disk stops the run with one line, and what is there is whole" {
	mkdir "$T/small"
	mount -t tmpfs -o size=96k none "$T/small" 2>/dev/null || skip "cannot mount a small file system here"
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -q -b 200 -V alpha -o "$T/small/out"
	code=$status
	found=$(find "$T/small" -name '*.new')
	jq -e '.cells | length == 3' "$T/small/out/run.json" || code=damaged
	"$ENTRYBENCH" validate "$T/small/out" || code=invalid
	cp -r "$T/small/out" "$T/out"
	umount "$T/small"
	[ "$code" -eq 1 ]
	says "No space left on device"
	[ -z "$found" ]
	no_process_left
	# With room again the rest is done.
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out" -q
	exits 0
	jq -e '[.cells[] | .status == "ok" and (.boots | length) == 200] | all' "$T/out/run.json"
}

@test "no room for what guests boot from: their cells fail and say so, and a resumed run mends it" {
	# A probe's initrd fits.
	mount -t tmpfs -o size=64k none "$T/tmp" 2>/dev/null || skip "cannot mount a small file system here"
	head -c 100K /dev/urandom >"$T/bench/sweep"
	bench_run -b 1 -V alpha
	code=$status
	umount "$T/tmp"
	[ "$code" -eq 1 ]
	cells '.status == "failed"'
	[ "$(cells '.status == "failed"' | grep -c "No space left on device")" -eq 3 ]
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out" -q
	exits 0
	[ "$(cells '.status == "ok"' | wc -l)" -eq 3 ]
}

@test "a folder that holds a run already is not overwritten" {
	bench_run -V alpha -b 1
	exits 0
	before=$(cat "$T/out/run.json")
	bench_run -V alpha -b 1
	exits 1
	says "$T/out holds a run already: give another -o, or --resume $T/out"
	[ "$(cat "$T/out/run.json")" = "$before" ]
}

@test "--resume of what is no run, and with options that the run has already" {
	refused 2 "cannot read $T/none: No such file or directory" run --manifest "$T/manifest.json" --resume "$T/none"
	refused 2 "run: --resume goes with" run --resume "$T/none" -b 3
	mkdir "$T/other" && echo '{"schema": "x"}' >"$T/other/run.json"
	refused 2 "no entrybench-run/1 file" run --manifest "$T/manifest.json" --resume "$T/other"
}

@test "a folder that another process has is refused with its number" {
	FAKE_SLEEP_MS=5000 "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -V alpha -b 1 -o "$T/out" -q >/dev/null 2>&1 3>&- &
	tool=$!
	for _ in $(seq 100); do
		[ -e "$T/out/run.json" ] && break
		sleep 0.1
	done
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out"
	exits 1
	says "$T/out is in use by process $tool"
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -V beta -o "$T/out"
	exits 1
	says "$T/out is in use by process $tool"
	wait "$tool"
	# It is free again, and whole.
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out" -q
	exits 0
	[ "$(cells '.status == "ok"' | wc -l)" -eq 3 ]
}

@test "two runs at the same moment get folders of their own" {
	mkdir "$T/here"
	for _ in 1 2 3; do
		(cd "$T/here" && exec "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -V alpha -B one -b 1 -q >/dev/null 2>>"$T/stderr" 3>&-) &
	done
	wait
	[ ! -s "$T/stderr" ]
	[ "$(find "$T/here/results" -name run.json | wc -l)" -eq 3 ]
}

@test "a file size limit is told, and nothing is left" {
	run bash -c "ulimit -f 8; exec '$ENTRYBENCH' run --manifest '$T/manifest.json' -m tcg -q -V alpha -b 50 -o '$T/out'"
	exits 1
	says "File too large"
	says "cannot write"
	nothing_half_written
	no_process_left
}

@test "limits of the guest are told before it boots" {
	program_refused() {
		echo "a program" >"$T/mine"
		run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -o "$T/out" --program "$T/mine" "${@:2}"
		exits 2
		says "$1"
		[ ! -e "$T/state/processes" ] && [ ! -e "$T/out" ]
	}
	program_refused "300 words are more than the 256 that fit" $(seq 299)
	program_refused "bytes, more than the 8192 that fit" "$(printf '%09000d' 0)"
	refused 2 '"word" is neither NAME=VALUE nor a word that kernels know' run -m linux --append 'pti=on word'
	refused 2 "2000 bytes are more than the 1900" run -m linux --append "x=$(printf '%01998d' 0)"
}

@test "report and export of what is no run" {
	refused 2 "report: which folder?" report
	refused 2 "cannot read $T/none/run.json" report "$T/none"
	refused 2 "cannot read $T/none/run.json" export "$T/none"
	refused 2 '--format "xml" is neither csv nor json' export --format xml "$T/none"
}

@test "nothing can run: 77 and the reason" {
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -V gamma -o "$T/out"
	exits 77
	says "nothing can run: needs pcid, which tcg lacks"
	[ ! -e "$T/out" ]
}

@test "output that cannot be written is no success" {
	[ -e /dev/full ] || skip "no /dev/full"
	run bash -c "'$ENTRYBENCH' list --manifest '$T/manifest.json' >/dev/full"
	exits 1
	says "cannot write to standard output"
}
