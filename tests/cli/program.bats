# `run --program`: a program of the user's is planned, booted, judged and stored as a benchmark is.

load common

# program_run OPTION... : as bench_run, with the output on stdout and stderr apart in $T/stdout and $T/stderr
program_run() {
	echo "a program" >"$T/mine"
	status=0
	"$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -o "$T/out" "$@" >"$T/stdout" 2>"$T/stderr" || status=$?
	output=$(cat "$T/stdout" "$T/stderr")
}

# boots FILTER: that of each boot
boots() {
	jq -c ".cells[].boots[] | $1" "$T/out/run.json"
}

@test "its own output alone is on stdout, its end on stderr, the cell in the folder" {
	program_run --program "$T/mine" one 'two words' '' %
	exits 0
	printf 'line: program/mine one two%%20words  %%25\nend of alpha' | cmp - "$T/stdout"
	grep -qx "entrybench: tcg alpha: ok" "$T/stderr"
	[ "$(cells true)" = "alpha program:mine ok " ]
	[ "$(boots '[.exit_status, .signal, .counts, .round_trip, .samples, .log]')" = '[0,null,null,null,null,"logs/tcg.alpha.0.log"]' ]
	grep -q "end of alpha" "$T/out/logs/tcg.alpha.0.log"
	jq -e --arg p "$T/mine" '.options.program == [$p, "one", "two words", "", "%"]' "$T/out/run.json"
	[ "$(jq -r .finished "$T/out/run.json")" != "" ]
	$VALIDATE "$T/out/run.json"
	nothing_half_written
}

@test "its exit status decides the cell" {
	FAKE_PROGRAM="status 3" program_run --program "$T/mine"
	exits 3
	says "tcg alpha: failed: boot 0: the program ended with status 3"
	[ "$(boots '[.status, .exit_status, .signal]')" = '["failed",3,null]' ]
}

@test "a signal is told by its name, and by what brought it" {
	FAKE_PROGRAM="signal SIGSEGV" program_run --program "$T/mine"
	exits 139
	says "the program was killed by SIGSEGV (#PF at ip 401000, address 0)"
	[ "$(boots '[.status, .exit_status, .signal]')" = '["failed",null,"SIGSEGV"]' ]
	$VALIDATE "$T/out/run.json"
	printf 'line: program/mine\nend of alpha' | cmp - "$T/stdout"
}

@test "system calls that the core lacks are counted" {
	FAKE_PROGRAM=lacks program_run --program "$T/mine"
	exits 1
	says "ended with status 1; the core lacks what it asked for: fork (2)"
	[ "$(boots .counts)" = '{"enosys.fork":"2"}' ]
}

@test "one that does not end is a timeout, with what it had printed" {
	FAKE_PROGRAM=mute program_run --timeout 0.5 --program "$T/mine"
	exits 124
	[ "$(cells true)" = "alpha program:mine timeout boot 0: no end within 0.5 s" ]
	grep -q "^line: program/mine" "$T/stdout"
	no_process_left
}

@test "a panic below it is the cell's" {
	FAKE_GUEST=panic@alpha program_run --program "$T/mine"
	exits 1
	[ "$(cells true)" = "alpha program:mine panicked boot 0: kernel panic: page fault" ]
	grep -qx "words before the panic" "$T/stdout"
}

@test "without -V one variant and one boot; -V, -b and -m choose more, each under its heading" {
	program_run -V 'alpha' -V beta -b 2 --seed 3 --program "$T/mine"
	exits 0
	[ "$(cells '.status == "ok"' | wc -l)" -eq 2 ]
	[ "$(grep -c '^==> tcg \(alpha\|beta\), boot [01] <==$' "$T/stdout")" -eq 4 ]
	[ "$(grep -c '^line: program/mine$' "$T/stdout")" -eq 4 ]
	[ "$(sed -n '/==> tcg beta, boot 1/{n;p}' "$T/stdout")" = "line: program/mine" ]
	nothing_half_written
}

@test "variants that cannot serve it are skipped with the reason" {
	program_run -V '*' --program "$T/mine"
	exits 0
	[ "$(cells '.status == "ok"' | wc -l)" -eq 2 ]
	cells '.variant == "gamma"' | grep -q "skipped needs pcid, which tcg lacks"
	cells '.variant == "delta"' | grep -q "skipped delta is for measurement only"
}

@test "what follows a last -- is QEMU's, even behind a -- of the program" {
	program_run --program "$T/mine" -v -- --help -- -cpu fake
	exits 0
	jq -e '.options.program[1:] == ["-v", "--", "--help"] and .options.qemu_args == ["-cpu", "fake"]' "$T/out/run.json"
	[ "$(head -n 1 "$T/stdout")" = "line: program/mine -v -- --help" ]
}

@test "--dry-run plans it, interrupted it is resumed, from anywhere" {
	program_run --dry-run -V alpha -V beta --program "$T/mine" x
	exits 0
	grep -qx "boot 0 of beta on tcg: program:mine" "$T/stdout"
	[ ! -e "$T/out" ]
	(cd "$T" && FAKE_GUEST=crash@beta "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -o "$T/out" -V alpha -V beta --program mine x || true)
	[ "$(cells '.status == "ok"')" = "alpha program:mine ok " ]
	before=$(cat "$T/state/starts.alpha")
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out"
	exits 0
	says "line: program/mine x"
	says "end of beta"
	[ "$(cells '.status == "ok"' | wc -l)" -eq 2 ]
	# One start for the boot that was missing, none for that of alpha.
	[ "$(cat "$T/state/starts.alpha")" -eq "$before" ]
}

@test "Ctrl-C while it runs: no process, and its cell is still to be done" {
	echo "a program" >"$T/mine"
	FAKE_PROGRAM=mute "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -o "$T/out" --program "$T/mine" \
		>"$T/stdout" 2>"$T/stderr" 3>&- &
	tool=$!
	for _ in $(seq 100); do
		grep -q "^line" "$T/stdout" 2>/dev/null && break
		sleep 0.05
	done
	kill -INT "$tool"
	status=0
	wait "$tool" || status=$?
	exits 130
	no_process_left
	nothing_half_written
	[ "$(jq '.cells[0].boots | length' "$T/out/run.json")" -eq 0 ]
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out"
	exits 0
}

@test "a reader of its output that goes away leaves nothing behind" {
	echo "a program" >"$T/mine"
	"$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -q -V alpha -b 3 -o "$T/out" --program "$T/mine" 2>"$T/stderr" | true
	"$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -q -V alpha -o "$T/one" --program "$T/mine" 2>>"$T/stderr" | true
	[ ! -s "$T/stderr" ]
	[ "$(jq '[.cells[].boots[] | .status == "ok"] | length' "$T/out/run.json")" -eq 3 ]
	nothing_half_written
}

@test "output that cannot be written is no success" {
	[ -e /dev/full ] || skip "no /dev/full"
	echo "a program" >"$T/mine"
	for boots in 1 2; do
		run bash -c "'$ENTRYBENCH' run --manifest '$T/manifest.json' -m tcg -V alpha -b $boots -o '$T/out$boots' --program '$T/mine' >/dev/full"
		exits 1
		says "cannot write to standard output"
	done
}

@test "report and export know it" {
	FAKE_PROGRAM="status 0" program_run -V alpha -V beta --program "$T/mine"
	run "$ENTRYBENCH" export "$T/out" --format csv
	exits 0
	grep -q '^tcg,deterministic,.*,program:mine,mine,ok,' <<<"$output"
	command -v gnuplot >/dev/null || skip "no gnuplot"
	run "$ENTRYBENCH" report "$T/out"
	exits 0
	says "2  ok: the program ended with status 0"
	says "alpha, beta: program:mine"
	grep -q "the program ended with status 0" "$T/out/report.html"
}

@test "what does not go with it is refused" {
	refused() {
		program_run "${@:2}"
		exits 2
		[ "$(wc -l <"$T/stderr")" -eq 1 ]
		says "$1"
		[ ! -e "$T/out" ]
	}
	refused "--program $T/nosuch: No such file or directory" --program "$T/nosuch"
	refused "--program $T: it is no regular file" --program "$T"
	refused "-B, -e and -n go with benchmarks, not with --program" -B one --program "$T/mine"
	refused "-B, -e and -n go with benchmarks, not with --program" -n 5 --program "$T/mine"
	refused "run: missing argument for --program" --program
	refused "run: missing argument for --program" --program -- -cpu x
	refused 'run: "word" is too much' word --program "$T/mine"
	refused "run: --resume goes with" --resume "$T/none" --program "$T/mine"
}
