#!/usr/bin/env bats
# entrybench bill --program, on tcg: every instruction of a whole program, by way into the kernel; the sum is the clock's.
# Needs ENTRYBENCH, the program, and PROGRAM, one with a timer's signals, a second thread that sleeps, and its own signals.

setup() {
	dir=$(mktemp -d)
}

teardown() {
	rm -rf "$dir"
}

@test "ways sum to the clock, on a variant of each kind of exit" {
	for variant in iret sysret-kpti-erase linux-6.8-retpoline; do
		"$ENTRYBENCH" bill "$variant" --json --program "$PROGRAM" >"$dir/bill.json"
		jq -e '.bills[0] | .total == .ring3 + .kernel and ([.ways[].count] | add) == .total
			and ([.ways[].crossings // 0] | add) == .crossings' "$dir/bill.json"
	done
}

@test "two runs are equal to the digit" {
	"$ENTRYBENCH" bill sysret --json --program "$PROGRAM" >"$dir/a"
	"$ENTRYBENCH" bill sysret --json --program "$PROGRAM" >"$dir/b"
	cmp "$dir/a" "$dir/b"
}

@test "calls, faults, interrupts and signals are counted by name" {
	"$ENTRYBENCH" bill sysret --json --folded "$dir/folded" --program "$PROGRAM" >"$dir/bill.json"
	for way in write:1 tgkill:10 exit_group:1; do
		jq -e --arg way "${way%:*}" --argjson times "${way#*:}" \
			'.bills[0].ways[] | select(.way == $way) | .crossings == $times' "$dir/bill.json"
	done
	jq -e '.bills[0] | .idle > 0 and .signals >= 10
		and any(.ways[]; .way == "#PF" and .crossings > 0)
		and any(.ways[]; (.way | test("^interrupt ")) and .crossings > 0)
		and (.ways[] | select(.way == "rt_sigreturn") | .crossings) == .signals' "$dir/bill.json"
	[ "$(awk '{ sum += $NF } END { print sum }' "$dir/folded")" = "$(jq '.bills[0].total' "$dir/bill.json")" ]
	grep -q '^sysret;write;own work;sys_write ' "$dir/folded"
}

@test "a system call costs what the bill of a round trip says, and the program's own difference is told" {
	"$ENTRYBENCH" bill iret iret-kpti --json --program "$PROGRAM" >"$dir/program.json"
	"$ENTRYBENCH" bill iret iret-kpti --json >"$dir/round_trip.json"
	# getpid(2) costs what getppid(2) does but for the function itself: the difference of the two paths is the same.
	[ "$(jq '[.bills[].ways[] | select(.way == "getpid") | .path / .crossings] | .[1] - .[0]' "$dir/program.json")" = \
		"$(jq .difference.total "$dir/round_trip.json")" ]
	"$ENTRYBENCH" bill -V iret,iret-kpti --program "$PROGRAM" >"$dir/text"
	grep -q "of the program" "$dir/text"
	grep -Eq "^ *total .*\+[0-9.]+ %$" "$dir/text"
}

@test "a figure of the whole program" {
	"$ENTRYBENCH" bill iret iret-kpti --plot "$dir/plot" --program "$PROGRAM"
	[ "$(find "$dir/plot/plots" -name 'program-*.svg' -size +1k | wc -l)" = 1 ]
}

@test "wrong words end with one line and status 2" {
	for words in "sysret -B enosys" "sysret --stamped" "sysret -m bochs" "sysret --listing" "kvm:sysret" "nosuch" ""; do
		# shellcheck disable=SC2086 # words
		run "$ENTRYBENCH" bill $words --program "$PROGRAM"
		[ "$status" -eq 2 ] || { echo "bill $words: $status" && return 1; }
		[ "${#lines[@]}" -eq 1 ]
	done
	run "$ENTRYBENCH" bill sysret --program "$dir/no"
	[ "$status" -eq 2 ]
	[[ $output == *"$dir/no"* ]]
}
