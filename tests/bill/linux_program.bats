#!/usr/bin/env bats
# entrybench bill --program beside and without the core: on a stock kernel the sum is the clock's, and its ways have the
# core's names; on this host an estimate from what ptrace counts.
# Needs ENTRYBENCH, the program, VMLINUZ, a kernel, and PROGRAM, which sends itself ten signals and more.

setup() {
	dir=$BATS_TEST_TMPDIR
}

stock() {
	"$ENTRYBENCH" bill linux:pti=on "$@" --linux "$VMLINUZ" --timeout 400 --json --program "$PROGRAM"
}

@test "on a stock kernel the ways sum to the clock, beside the core's, and two runs are equal to the digit" {
	[ -r "$VMLINUZ" ] || skip "no kernel $VMLINUZ: tools/setup --linux gets it"
	stock sysret-kpti --folded "$dir/folded" >"$dir/both"
	jq -e '.bills | map(.machine) == ["linux", "tcg"]' "$dir/both"
	jq -e '.bills[0] | .total == .ring3 + .kernel and ([.ways[].count] | add) == .total' "$dir/both"
	for way in write:1 tgkill:10 getpid:10 exit_group:1; do
		jq -e --arg way "${way%:*}" --argjson times "${way#*:}" \
			'.bills[] | any(.ways[]; .way == $way and .crossings == $times)' "$dir/both"
	done
	jq -e '.bills[0] | .idle > 0 and .signals >= 10 and any(.ways[]; .way == "#PF" and .crossings > 0)
		and any(.ways[]; .way == "start") and any(.ways[]; (.way | test("^interrupt ")) and .path > 0)' "$dir/both"
	[ "$(grep '^pti=on;' "$dir/folded" | awk '{ sum += $NF } END { print sum }')" = "$(jq '.bills[0].total' "$dir/both")" ]
	stock >"$dir/again"
	[ "$(jq -c '.bills[0]' "$dir/both")" = "$(jq -c '.bills[0]' "$dir/again")" ]
}

@test "on this host calls are counted and the crossings are an estimate, which says so" {
	"$ENTRYBENCH" bill native:host --json --program "$PROGRAM" >"$dir/bill"
	jq -e '.bills[0] | .estimate and .unit == "cycles" and ((([.ways[].count] | add) - .total) | fabs) < 1' "$dir/bill"
	for way in tgkill:10 getpid:10 gettid:10 exit_group:1 clock_nanosleep:20; do
		jq -e --arg way "${way%:*}" --argjson times "${way#*:}" \
			'.bills[0] | any(.ways[]; .way == $way and .crossings == $times)' "$dir/bill"
	done
	# Every system call is taken for the same.
	[ "$(jq '[.bills[0].ways[] | select(.way == "tgkill" or .way == "getpid") | .count] | unique | length' "$dir/bill")" = 1 ]
	"$ENTRYBENCH" bill native:host --program "$PROGRAM" | grep -q "An estimate: system calls as ptrace counts them"
	run "$ENTRYBENCH" bill native:host sysret --program "$PROGRAM"
	[ "$status" -eq 2 ]
	[[ $output == *"is billed alone"* ]]
}
