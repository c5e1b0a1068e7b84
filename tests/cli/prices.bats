# prices: of runs and of files, CPU beside CPU.

load common

# priced FOLDER BENCH TICKS: a run of the made-up guest, as if BENCH had cost so much.
priced() {
	"$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -V alpha -B one -b 3 -o "$1" -q >/dev/null 2>&1
	jq --arg bench "$2" --argjson ticks "$3" \
		'.cells[].bench = $bench | (.cells[].boots[] | .round_trip) = $ticks' "$1/run.json" >"$1/new"
	mv "$1/new" "$1/run.json"
}

published() {
	cat >"$1" <<-END
		{ "format": "entrybench-prices/1",
		  "rows": [ { "instruction": "lfence", "ring": "3", "cpu": "Made Up 9", "core_cycles": 27,
		              "source": "A Manual, page 3" } ] }
	END
}

@test "a run's prices as a table and as a file, which is read again" {
	priced "$T/run" instruction_cost:lfence 17
	run "$ENTRYBENCH" prices "$T/run"
	exits 0
	[[ $output =~ lfence\ +3\ +17$'\n' ]]
	says "instructions counted on tcg"
	"$ENTRYBENCH" prices --json "$T/run" >"$T/file.json"
	jq -e '.format == "entrybench-prices/1" and (.rows | length == 1)' "$T/file.json"
	jq -e '.rows[0] | .instruction == "lfence" and .ring == "3" and .machine == "tcg" and .instructions == 17' "$T/file.json"
	[ "$("$ENTRYBENCH" prices "$T/file.json")" = "$output" ]
}

@test "several sources stand beside each other, each with its name" {
	priced "$T/run" kernel_instruction_cost:lfence 5
	published "$T/published.json"
	run "$ENTRYBENCH" prices "$T/run" "$T/published.json"
	exits 0
	[[ $output =~ lfence\ +0\ +5 ]]
	[[ $output =~ lfence\ +3\ +27 ]]
	says "2: Made Up 9, cycles of the core; A Manual, page 3"
}

@test "what was not measured alone is marked, what was not measured says why" {
	priced "$T/run" instruction_cost:verw 9
	jq '.cells[].class = "silicon" | .cells[].unit = "cycles" | .cells[].boots[].flags = [{"name": "unstable", "count": 1}]' \
		"$T/run/run.json" >"$T/run/new"
	mv "$T/run/new" "$T/run/run.json"
	run "$ENTRYBENCH" prices "$T/run"
	exits 0
	says "9*"
	jq '.cells[] |= (.status = "skipped" | .reason = "no such instruction" | .boots = [])' "$T/run/run.json" >"$T/run/new"
	mv "$T/run/new" "$T/run/run.json"
	"$ENTRYBENCH" prices --json "$T/run" >"$T/file.json"
	jq -e '.rows[0] | .note == "no such instruction" and (has("cycles") | not)' "$T/file.json"
}

@test "the price of a pair is that of the whole benchmark, of the one variant that is nothing else" {
	priced "$T/run" null_syscall 2
	run "$ENTRYBENCH" prices "$T/run"
	exits 1
	says "no price in there"
	jq '.cells[].variant = "floor"' "$T/run/run.json" >"$T/run/new"
	mv "$T/run/new" "$T/run/run.json"
	run "$ENTRYBENCH" prices "$T/run"
	exits 0
	[[ $output =~ syscall_sysret\ +3\ 0\ 3\ +2 ]]
}

@test "the price files of the project are read" {
	run "$ENTRYBENCH" prices "$BATS_TEST_DIRNAME"/../../results/prices/*.json
	exits 0
	[[ $output =~ syscall\ +3\ to\ 0\ +27 ]]
	says "25112 rev. 3.06"
}

@test "what is no price file is refused" {
	echo '{"rows": []}' >"$T/other.json"
	echo '{' >"$T/broken.json"
	published "$T/nameless.json"
	jq '.rows += [{"instruction": "verw", "ring": "3", "core_cycles": 27}]' "$T/nameless.json" >"$T/new"
	mv "$T/new" "$T/nameless.json"
	for file in other.json broken.json missing.json nameless.json; do
		run "$ENTRYBENCH" prices "$T/$file"
		exits 2
		says "$file"
	done
	run "$ENTRYBENCH" prices "$T/nameless.json"
	says "nameless.json: row 2: "
	run "$ENTRYBENCH" prices
	exits 2
}
