# report.html in Chromium, at the widths of a desk and of a phone: probe.js uses the page and says what it found.
bats_require_minimum_version 1.5.0

setup() {
	command -v chromium >/dev/null || skip "no chromium"
	T=$BATS_TEST_TMPDIR
}

# probe WIDTH: the title that the probe leaves. Its first script must stand before all others.
probe() {
	sed 's|<head>|<head><script>const errors = []; onerror = text => { errors.push(text); };</script>|' \
		"$T/run/report.html" >"$T/run/probe.html"
	{ echo "<script>" && cat "$BATS_TEST_DIRNAME/probe.js" && echo "</script>"; } >>"$T/run/probe.html"
	timeout 120 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$T/chromium" \
		--window-size="$1,1000" --dump-dom "file://$T/run/probe.html" 2>/dev/null |
		grep -o '<title>[^<]*' | head -n 1 | cut -d '>' -f 2
}

# page_is EXPECTED: at both widths.
page_is() {
	"$ENTRYBENCH" report -q "$T/run"
	for width in 1280 390; do
		said=$(probe "$width")
		[ "$said" = "$1" ] || { echo "$width: $said" && return 1; }
	done
	[ "$(stat -c %s "$T/run/report.html")" -lt 1000000 ]
}

@test "a run on two machines" {
	"$MAKE_UP" default "$T/run"
	page_is "probe chose: ok"
	grep -q '<td class="text">kpti=on</td>' "$T/run/report.html"
}

@test "a run on silicon, with failed and skipped cells" {
	"$MAKE_UP" silicon "$T/run"
	jq '.cells[0].boots[0] as $boot | (.cells[] | select(.status == "panicked") | .boots) |=
		[$boot | .status = "panicked" | .log = "logs/made-up.log"]' "$T/run/run.json" >"$T/new"
	mv "$T/new" "$T/run/run.json"
	page_is "probe chose: ok"
	grep -q 'panicked: #GP at phase syscall.leave' "$T/run/report.html"
	grep -q '<a href="logs/' "$T/run/report.html"
}

@test "a run of one cell, by a long command" {
	"$MAKE_UP" single "$T/run"
	jq '.command += [range(40) | "--append=word\(.)"]' "$T/run/run.json" >"$T/new"
	mv "$T/new" "$T/run/run.json"
	page_is "probe did not choose: ok"
}

@test "bills that were drawn into the folder are on the page, and no script in them runs" {
	"$MAKE_UP" single "$T/run"
	mkdir -p "$T/run/plots"
	echo '<svg xmlns="http://www.w3.org/2000/svg"><script>parent.stranger = 1; document.title = "x"</script></svg>' \
		>"$T/run/plots/waterfall-tcg-sysret.svg"
	cp "$T/run/plots/waterfall-tcg-sysret.svg" "$T/run/plots/flame-tcg-sysret.svg"
	page_is "probe did not choose: ok"
	grep -q '<section id="bill">' "$T/run/report.html"
	for name in waterfall flame; do
		grep -q "alt=\"$name-tcg-sysret.svg\" src=\"data:image/svg+xml;base64," "$T/run/report.html"
	done
}

@test "at most 15 pages are printed" {
	"$MAKE_UP" default "$T/run"
	"$ENTRYBENCH" report -q "$T/run"
	timeout 120 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$T/chromium" \
		--print-to-pdf="$T/run.pdf" "file://$T/run/report.html" 2>/dev/null
	pages=$(grep -ac '/Type */Page\b' "$T/run.pdf")
	echo "$pages pages"
	[ "$pages" -ge 1 ] && [ "$pages" -le 15 ]
}

@test "the host's warnings are on the page" {
	"$MAKE_UP" single "$T/run"
	jq '.host.warnings = {"busy": "CPU 1 runs <something> else"}' "$T/run/run.json" >"$T/new" && mv "$T/new" "$T/run/run.json"
	page_is "probe did not choose: ok"
	grep -q 'warning: busy</td><td class="text">CPU 1 runs &lt;something&gt; else' "$T/run/report.html"
}

@test "a run in which nothing was measured" {
	"$MAKE_UP" nothing "$T/run"
	page_is "probe did not choose: ok"
}

@test "a hostile run" {
	"$MAKE_UP" silicon "$T/run"
	jq '(.reference, .cells[].variant) |= "\u001b[31m<script>stranger = 1</script>\" onclick=\"x" + . |
		(.cells[] | .reason) |= "<img src=x onerror=stranger=1>" |
		(.cells[].boots[] | .log) |= "javascript:alert(1)//logs/" |
		.host.cpu |= "</style><script>stranger = 1</script>" | .command |= ["</title><script>stranger = 1</script>"]' \
		"$T/run/run.json" >"$T/new" && mv "$T/new" "$T/run/run.json"
	page_is "probe chose: ok"
	run ! grep -q $'\033' "$T/run/report.html"
}
