#!/usr/bin/env bats
# entrybench bill, on tcg: every bill sums to what the clock reports, also in a boot without the plugin.
# Needs ENTRYBENCH, the program.

setup() {
	dir=$(mktemp -d)
}

teardown() {
	rm -rf "$dir"
}

variants() {
	"$ENTRYBENCH" list --json | jq -r '.variants[].name'
}

# Succeeds if the bill of $1, $2 sums and equals $3.
check_sum() {
	local total lines
	"$ENTRYBENCH" bill "$1" -B "$2" --json >"$dir/bill.json"
	total=$(jq .total "$dir/bill.json")
	lines=$(jq '[.lines[].count] | add' "$dir/bill.json")
	[ "$total" = "$lines" ] || { echo "$1 $2: lines sum to $lines, total $total" && return 1; }
	[ "$total" = "$3" ] || { echo "$1 $2: bill $total, run without plugin $3" && return 1; }
}

@test "the bill of every variant sums to the round trip of a boot without the plugin" {
	"$ENTRYBENCH" run -q -m tcg -B null_syscall -B deep_syscall:1024 -B int80 -b 1 -o "$dir/run"
	jq -r '.cells[] | select(.status == "ok") | "\(.variant) \(.bench) \(.boots[0].round_trip | floor)"' \
		"$dir/run/run.json" >"$dir/cells"
	[ "$(wc -l <"$dir/cells")" -ge 20 ]
	while read -r variant bench round_trip; do
		check_sum "$variant" "$bench" "$round_trip"
	done <"$dir/cells"
}

@test "two boots of one variant give the same bill" {
	"$ENTRYBENCH" bill sysret-kpti --json --listing >"$dir/a"
	"$ENTRYBENCH" bill sysret-kpti --json --listing >"$dir/b"
	cmp "$dir/a" "$dir/b"
}

@test "a variant that the machine cannot run is skipped with the reason" {
	for variant in $(variants | grep pcid); do
		run "$ENTRYBENCH" bill "$variant"
		[ "$status" -eq 77 ]
		[[ $output == *"$variant"*pcid* ]]
	done
}

@test "phases come from the labels of the entry code" {
	"$ENTRYBENCH" bill sysret-kpti --json >"$dir/bill.json"
	phases=$(jq -r '[.lines[].phase] | unique | join(" ")' "$dir/bill.json")
	for phase in enter swapgs cr3_to_kernel stack save_regs dispatch exit_choice restore_regs \
		trampoline cr3_to_user leave; do
		[[ " $phases " == *" $phase "* ]] || { echo "no $phase among $phases" && return 1; }
	done
	[ "$(jq '.lines[] | select(.phase == "dispatch" and .symbol == "do_syscall_64") | .count > 0' "$dir/bill.json")" = true ]
	[ "$(jq -c '[.special["SWAPGS", "SYSCALL", "SYSRETQ", "MOV to CR3"]]' "$dir/bill.json")" = "[2,1,1,2]" ]
}

@test "without a protection its phases are not there" {
	"$ENTRYBENCH" bill iret --json >"$dir/bill.json"
	[ "$(jq '[.lines[] | select(.phase | test("cr3|erase|trampoline"))] | length' "$dir/bill.json")" = 0 ]
	[ "$(jq -c '[.special["IRETQ", "SYSRETQ", "MOV to CR3"]]' "$dir/bill.json")" = "[1,null,null]" ]
}

@test "the difference of two variants is that of their totals" {
	"$ENTRYBENCH" bill sysret sysret-kpti-erase --json >"$dir/both.json"
	jq -e '(.bills[1].total - .bills[0].total) as $d
		| $d > 0 and .difference.total == $d and ([.difference.lines[].delta] | add) == $d' "$dir/both.json"
}

@test "folded stacks and listing hold every instruction once" {
	"$ENTRYBENCH" bill iret-kpti --json --listing --folded "$dir/folded" >"$dir/bill.json"
	total=$(jq .total "$dir/bill.json")
	[ "$(jq '.listing | map(select(.counted)) | length' "$dir/bill.json")" = "$total" ]
	[ "$(awk '{ sum += $NF } END { print sum }' "$dir/folded")" = "$total" ]
	grep -q '^iret-kpti;dispatch;entry_syscall_64;do_syscall_64' "$dir/folded"
}

@test "waterfalls are drawn" {
	"$ENTRYBENCH" bill sysret sysret-kpti --plot "$dir/plot"
	[ "$(find "$dir/plot/plots" -name 'bill-*.svg' -size +1k | wc -l)" = 3 ]
	[ "$(find "$dir/plot/plots" -name 'bill-*.png' -size +1k | wc -l)" = 3 ]
}

@test "the ledger needs no temporary file that stays behind" {
	TMPDIR=$dir "$ENTRYBENCH" bill sysret
	[ -z "$(ls "$dir")" ]
}

@test "wrong words end with one line and status 2" {
	for words in "" "nosuch" "sysret -B nosuch" "sysret -B deep_syscall" "a b c" "sysret --nosuch" \
		"sysret --timeout x"; do
		# shellcheck disable=SC2086 # words
		run "$ENTRYBENCH" bill $words
		[ "$status" -eq 2 ] || { echo "bill $words: $status" && return 1; }
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "a file that cannot be written ends with one line and status 1" {
	run "$ENTRYBENCH" bill sysret --folded "$dir/no/folded"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"$dir/no/folded"* ]]
}
