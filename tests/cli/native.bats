# Machine native and the counting of events, from outside.

load common

@test "native: real programs on this Linux, in cycles, with the reference case timed in turn" {
	run "$ENTRYBENCH" run -m native -o "$T/out" -q -B enosys -B 'sigreturn_exit:*' -b 6 -n 10
	exits 0
	[ "$(cells '.machine == "native" and .variant == "host" and .status == "ok"' | wc -l)" -eq 4 ]
	jq -e '[.cells[] | .unit == "cycles" and .class == "silicon" and (.boots | length) == 6] | all' "$T/out/run.json"
	# IRET costs more than SYSRET on every CPU, and both programs know by how much.
	jq -e '[.cells[] | select(.bench == "sigreturn_exit:iret-rcx") | .boots[].over_reference] | sort | .[3] > 1' "$T/out/run.json"
	jq -e '[.cells[] | select(.bench == "enosys") | .boots[].over_reference == null] | all' "$T/out/run.json"
	nothing_half_written
}

@test "native has its own variant and no other" {
	run "$ENTRYBENCH" list --json
	exits 0
	jq -e '[.variants[] | select(.machine == "native") | .name] == ["host"]' <<<"$output"
	run "$ENTRYBENCH" run -m native -m tcg -V host -V iret -B enosys --dry-run -q
	exits 0
	grep -q 'of host on native' <<<"$output"
	grep -q 'of iret on tcg' <<<"$output"
	[ "$(grep -c "of iret on native" <<<"$output")" -eq 0 ]
	[ "$(grep -c "of host on tcg" <<<"$output")" -eq 0 ]
}

@test "native beside a variant that it has not gives nothing, which is said" {
	run "$ENTRYBENCH" run -m native,tcg -V iret -B enosys -b 1 -q -o "$T/out"
	exits 1
	says "no results from native: none of the variants and benchmarks chosen is for it"
	[ "$(cells true)" = "iret enosys ok " ]
	run "$ENTRYBENCH" run -m native -V iret -q -o "$T/out2"
	exits 77
}

@test "software events are counted for a crossing" {
	run "$ENTRYBENCH" run -m native -o "$T/out" -q -B page_fault:read -b 2 -n 10 -e page-faults:u -e task-clock
	exits 0
	jq -e '[.cells[].boots[].counts["page-faults:u"] == "1"] | all' "$T/out/run.json"
	grep -Eq 'page-faults:u +native +host +page_fault:read +1 ' <<<"$output"
}

@test "bad events: one line that says which" {
	run "$ENTRYBENCH" run -m native -o "$T/out" -B enosys -e nonsense
	exits 2
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"-e nonsense: "* ]]
	[ ! -e "$T/out" ]
}

@test "hardware events without hardware: no PMU on this machine" {
	run "$ENTRYBENCH" doctor --json
	jq -e '.warnings[] | select(.code == "no_pmu")' <<<"$output" >/dev/null || skip "there is a PMU"
	run "$ENTRYBENCH" run -m native -o "$T/out" -B enosys -e cycles
	exits 77
	[[ $output == *"no PMU on this machine: "* ]]
	[ ! -e "$T/out" ]
}

@test "doctor: every warning has a code, a text and a remedy" {
	run "$ENTRYBENCH" doctor --json
	exits 0
	jq -e '[.warnings[] | (.code | test("^[a-z_]+$")) and .text != "" and .remedy != ""] | all' <<<"$output"
	jq -e '.machines[] | select(.name == "native") | .available and .unit == "cycles"' <<<"$output"
}

@test "the core says that it has no PMU to program" {
	unset ENTRYBENCH_QEMU
	run "$ENTRYBENCH" run -m tcg -V iret -o "$T/out" -q -B enosys -b 1 -- -append pmu=43003c
	exits 77
	[[ $output == *"no PMU on this machine: CPUID shows no performance counters"* ]]
	run "$ENTRYBENCH" run -m tcg -V iret -o "$T/out" -q -B enosys -b 1 -- -append pmu=43003C
	exits 77
	[[ $output == *"no list of at most 8 hexadecimal codes"* ]]
}

@test "native: the tool is killed outright, and its program goes with it" {
	# Static, and long at it.
	"${CC:-cc}" -O1 -static -o "$T/sleeper" -x c - <<<'#include <unistd.h>
		int main(void) { return (int)sleep(300); }'
	"$ENTRYBENCH" run -q -m native -o "$T/out" --program "$T/sleeper" "$T" >/dev/null 2>&1 3>&- &
	tool=$!
	for _ in $(seq 200); do
		pgrep -f "^program/sleeper $T" && break
		sleep 0.1
	done
	pgrep -f "^program/sleeper $T"
	kill -KILL "$tool"
	wait "$tool" || true
	for _ in $(seq 50); do
		[ -n "$(pgrep -f "^program/sleeper $T")$(ls -A "$T/tmp")" ] || break
		sleep 0.1
	done
	[ -z "$(ls -A "$T/tmp")" ]
	if pgrep -f "^program/sleeper $T"; then
		pkill -KILL -f "^program/sleeper $T"
		false
	fi
}
