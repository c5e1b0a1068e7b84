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

@test "quiet leaves the lines, verbose adds the CPU and the files" {
	"$ENTRYBENCH" bill sysret -q >"$dir/quiet"
	"$ENTRYBENCH" bill sysret >"$dir/plain"
	"$ENTRYBENCH" bill sysret -v >"$dir/verbose"
	[ "$(awk 'NR == 1 { print $1 }' "$dir/quiet")" = phase ]
	[ "$(awk 'END { print $1 }' "$dir/quiet")" = total ]
	grep -q "Instructions are not time" "$dir/plain"
	grep -vxFf "$dir/plain" "$dir/verbose" | grep -q "^sysret: CPU QEMU .*, kernel .*/sysret.elf, program .*/null_syscall$"
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
		[[ $output == *"$variant"*pcid*"machine bochs has it: add -m bochs" ]]
	done
	run "$ENTRYBENCH" bill sysret-kpti-pcid -B enosys
	[ "$status" -eq 77 ]
	[[ $output == *"entrybench run -m bochs -V sysret-kpti-pcid -B enosys" ]]
	run "$ENTRYBENCH" bill sysret-ibrs # no emulator has it
	[ "$status" -eq 77 ]
	[[ $output != *bochs* ]]
}

@test "an unknown variant brings up only what bill takes" {
	run "$ENTRYBENCH" bill hos # machine native has "host"
	[ "$status" -eq 2 ]
	[[ $output != *host* ]]
	run "$ENTRYBENCH" bill sysre-kpti
	[[ $output == *"did you mean sysret-kpti?"* ]]
	run "$ENTRYBENCH" bill linux:pti=onn
	[[ $output == *"did you mean linux:pti=on"* ]]
	run "$ENTRYBENCH" bill -m bochs pti=on
	[[ $output != *"say linux:"* ]]
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
	jq -e '.difference.special == {"MOV from CR3": 2, "MOV to CR3": 2}
		and .difference.stores == .bills[1].stores - .bills[0].stores' "$dir/both.json"
}

@test "a difference is net by phase, under the variants' names, and by symbol on request" {
	"$ENTRYBENCH" bill sysret sysret-kpti -q >"$dir/phases"
	[ "$(awk '{ print $1, $NF }' "$dir/phases" | tr '\n' ';')" = \
		"phase difference;cr3_to_kernel +3;trampoline +4;cr3_to_user +3;total +10;" ]
	[ "$(awk 'NR == 1 { print $2, $3 }' "$dir/phases")" = "sysret sysret-kpti" ]
	"$ENTRYBENCH" bill sysret sysret-kpti -q --symbols | grep -q "entry_syscall_64  *0  *4  *+4"
	"$ENTRYBENCH" bill sysret sysret-kpti --json |
		jq -e '.difference | ([.phases[].delta] | add) == .total and ([.lines[].delta] | add) == .total'
}

@test "of three variants each is held against the one before" {
	"$ENTRYBENCH" bill floor iret sysret --plot "$dir" >"$dir/three"
	"$ENTRYBENCH" bill floor iret >"$dir/two"
	echo >>"$dir/two"
	"$ENTRYBENCH" bill iret sysret >>"$dir/two"
	diff "$dir/two" "$dir/three"
	[ -s "$dir/plots/waterfall-tcg-floor-to-iret-null_syscall.png" ]
	[ -s "$dir/plots/waterfall-tcg-iret-to-sysret-null_syscall.png" ]
	# What groups the functions of stock kernels says nothing of the core.
	[ ! -e "$dir/plots/groups-tcg-null_syscall.dat" ]
	"$ENTRYBENCH" bill floor iret sysret --json | jq -e '(.bills | map(.variant)) == ["floor", "iret", "sysret"] and .difference == null'
}

@test "what the CPU pushes at an entry is counted as stores, an error code included" {
	local bench stores symbol
	while read -r bench stores symbol; do
		"$ENTRYBENCH" bill iret -B "$bench" --json --listing >"$dir/bill.json"
		[ "$(jq -c '[.lines[] | select(.phase == "enter") | [.symbol, .stores, .bytes_stored]]' "$dir/bill.json")" = \
			"[[\"$symbol\",$stores,$((8 * stores))]]" ] || { echo "$bench:" && jq .lines[0] "$dir/bill.json" && return 1; }
	done <<-END
		null_syscall 0 syscall
		int80 5 int \$0x80
		interrupt_gate 5 int \$0x82
		call_gate 4 lcalll *(%rbx)
		exception:ud 5 ud2
		exception:gp 6 hlt
		exception:pf 6 movq (%rdx), %rax
		exception:db 5 interruption
		interrupt:timer 5 interruption
	END
	# One frame, pushed, popped by IRET, and nothing else.
	"$ENTRYBENCH" bill iret -B interrupt_gate --json >"$dir/bill.json"
	[ "$(jq .stack_bytes "$dir/bill.json")" = 40 ]
}

@test "folded stacks and listing hold every instruction once" {
	"$ENTRYBENCH" bill iret-kpti --json --listing --folded "$dir/folded" >"$dir/bill.json"
	total=$(jq .total "$dir/bill.json")
	[ "$(jq '.listing | map(select(.counted)) | length' "$dir/bill.json")" = "$total" ]
	[ "$(awk '{ sum += $NF } END { print sum }' "$dir/folded")" = "$total" ]
	grep -q '^iret-kpti;dispatch;entry_syscall_64;do_syscall_64' "$dir/folded"
}

@test "two bills by time stamps differ as those of the plugin do" {
	"$ENTRYBENCH" bill iret sysret-kpti --stamped --json --plot "$dir/plot" >"$dir/stamped.json"
	"$ENTRYBENCH" bill iret sysret-kpti --json >"$dir/plugin.json"
	[ "$(find "$dir/plot/plots" -name 'waterfall-*.svg' -size +1k | wc -l)" = 3 ]
	for phase in cr3_to_kernel save_regs dispatch exit_choice trampoline leave; do
		jq -c --arg phase "$phase" '[.difference.lines[] | select(.phase == $phase) | .delta] | add' \
			"$dir/stamped.json" "$dir/plugin.json" >"$dir/deltas"
		[ "$(sort -u "$dir/deltas" | wc -l)" = 1 ] || { echo "$phase: $(cat "$dir/deltas")" && return 1; }
	done
	[ "$(jq .difference.total "$dir/stamped.json")" = "$(jq .difference.total "$dir/plugin.json")" ]
	[ "$(jq .difference.unexplained "$dir/stamped.json" | cut -d. -f1)" = 0 ]
}

@test "waterfalls are drawn" {
	"$ENTRYBENCH" bill sysret sysret-kpti --plot "$dir/plot"
	[ "$(find "$dir/plot/plots" -name 'waterfall-*.svg' -size +1k | wc -l)" = 3 ]
	[ "$(find "$dir/plot/plots" -name 'waterfall-*.png' -size +1k | wc -l)" = 3 ]
	# Differences of two in a hundred are to be seen; a parameter may stand in the name.
	"$ENTRYBENCH" bill iret sysret -B signal_roundtrip:tgkill --plot "$dir/small"
	grep -q 'The axis does not begin at 0' "$dir"/small/plots/waterfall-tcg-iret-to-sysret-*.svg
	[ "$(grep -l 'does not begin' "$dir"/small/plots/*.svg | wc -l)" = 1 ]
}

@test "the ledger needs no temporary file that stays behind" {
	TMPDIR=$dir "$ENTRYBENCH" bill sysret
	[ -z "$(ls "$dir")" ]
}

@test "wrong words end with one line and status 2" {
	for words in "" "nosuch" "sysret -B nosuch" "sysret -B deep_syscall" "a b c" "sysret --nosuch" \
		"sysret --timeout x" "sysret -m native" "sysret -m linux" "linux:pti=on --stamped" \
		"sysret --stamped -B enosys" "sysret --stamped --listing" "sysret --stamped --folded $dir/no"; do
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

@test "a full disk ends with one line and status 1, and /dev/full stays" {
	run "$ENTRYBENCH" bill sysret --folded /dev/full
	[ "$status" -eq 1 ]
	[ "$output" = "entrybench: bill: --folded: cannot write /dev/full" ]
	[ -c /dev/full ]
	run bash -c '"$ENTRYBENCH" bill sysret >/dev/full'
	[ "$status" -eq 1 ]
	[[ $output == *"cannot write to standard output"* ]]
}

@test "a ledger that finds no room is named with the reason" {
	run bash -c 'trap "" XFSZ; ulimit -f 400; TMPDIR=$1 "$ENTRYBENCH" bill sysret -B deep_syscall:12288' _ "$dir"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"the plugin cannot write $dir/"*"/ledger: File too large" ]]
	[ -z "$(ls "$dir")" ]
}

@test "a boot that takes too long ends with status 124" {
	printf '#!/bin/sh\nexec sleep 60\n' >"$dir/qemu" # a boot of QEMU's own may end before anybody looks
	chmod +x "$dir/qemu"
	ENTRYBENCH_QEMU=$dir/qemu run "$ENTRYBENCH" bill sysret --timeout 0.3
	[ "$status" -eq 124 ]
	[ "${#lines[@]}" -eq 1 ]
}

# A build folder of links, with this file as plugin: the bill must end with one line, which goes to $dir/line.
with_plugin() {
	local code=0
	mkdir "$dir/build"
	ln -s "$(dirname "$ENTRYBENCH")"/{bench,kernels} "$dir/build"
	cp "$(dirname "$ENTRYBENCH")/manifest.json" "$dir/build"
	[ -z "$1" ] || cp "$1" "$dir/build/libledger.so"
	"$ENTRYBENCH" bill sysret --manifest "$dir/build/manifest.json" 2>"$dir/line" || code=$?
	[ "$code" -eq 1 ] && [ "$(wc -l <"$dir/line")" -eq 1 ]
}

@test "without the plugin the line says what to build" {
	with_plugin ""
	grep -q 'libledger.so is not there: build the target "ledger"' "$dir/line"
}

@test "a plugin that QEMU does not take, and one that crashes" {
	echo 'no plugin' >"$dir/text"
	with_plugin "$dir/text"
	grep -q "Could not load plugin" "$dir/line"
	rm -r "$dir/build"
	echo 'int qemu_plugin_version = 1; int qemu_plugin_install(void) { __builtin_trap(); }' |
		cc -shared -fPIC -x c -o "$dir/crash.so" -
	with_plugin "$dir/crash.so"
	grep -q "was killed by signal" "$dir/line"
}

@test "interrupted, it leaves no guest and no file behind" {
	TMPDIR=$dir "$ENTRYBENCH" bill sysret --stamped -b 1000 2>"$dir/errors" &
	sleep 1
	kill -INT $!
	wait $! && code=0 || code=$?
	[ "$code" -eq 130 ]
	[ "$(ls "$dir")" = errors ]
	[ ! -s "$dir/errors" ]
}
