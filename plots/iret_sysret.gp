# IRET against SYSRET: round trips on the left; on the right, where the machine tells time, the saving
# in ns beside the one published in 2015.
# NAME.dat: cells, each an exit by IRET; base and delta: the same by SYSRET, and what that saves.
# NAME.gp: ns_a_cycle (NaN: unknown).

if (!exists("figure")) {
	only = "iret_sysret"; directory = ARG1
	load ARG0[1 : strlen(ARG0) - strlen("iret_sysret.gp")] . "draw.gp"
	exit
}
load scripts . "style.gp"

published_ns = 80 # Linux commit 2a23c6b8a9c4
in_ns = silicon && ns_a_cycle == ns_a_cycle
ns(x) = x * ns_a_cycle
saving(delta, shown) = delta != delta ? "" : shown == 0 ? "no difference shown" \
	: (delta < 0 ? "adds " : "saves ") . cost(abs(delta))

rows = 0
saved_most = published_ns
saved_least = 0
see(label, delta, high, low) = ( \
	measure(label), rows = rows + 1, \
	saved_most = max(saved_most, max(ns(delta), ns(high))), \
	saved_least = min(saved_least, min(ns(delta), ns(low))), 0)
@forget
stats data using ( \
	take(column("round_trip")), take(column("base")), \
	see(short(strcol("label")), column("delta"), column("delta_high"), column("delta_low"))) nooutput
array end_iret[rows]
array end_sysret[rows]
n = 0
stats data using (n = n + 1, end_iret[n] = column("round_trip"), end_sysret[n] = column("base"), 0) nooutput
reach(row, against, x) = against == 1 ? (end_sysret[row] = max(end_sysret[row], x)) : (end_iret[row] = max(end_iret[row], x))
if (has_boots) {
	stats boots using (take(column("round_trip")), reach(column("row"), column("against"), column("round_trip")), 0) nooutput
}
most = most > 0 ? most : 1

notes = also(1, "Published: SYSRET instead of IRET saves \"nearly 80ns\" a system call (Linux commit 2a23c6b8a9c4, 2015: another CPU, a whole Linux, context tracking forced).")
notes = also(!silicon, "The checks before SYSRET cost instructions; what they save is time, which this machine cannot show.")
notes = also(in_ns, "Right: the same saving in ns, at the TSC's frequency. Whiskers: 95 % interval over boots.")
notes = also(silicon && !in_ns, "The TSC's frequency is unknown, so there are no ns of this CPU.")
notes = also(has_boots, "Circles: single boots.")
@break_notes

height = 62 + 34 + 46 * (rows + in_ns) + 72 + 16 * lines
@paper
@frame
split = in_ns ? 640.0 : width - 16.0
set multiplot
set tmargin at screen top - 28.0 / height
set lmargin at screen (letter * longest + 24) / width
set rmargin at screen split / width
set yrange [rows + in_ns - 0.5 : -0.5]
set xrange [0 : most * (in_ns ? 1.6 : 1.3)]
set ytics scale 0 ()
if (in_ns) {
	set ytics add ("Linux, 2015" rows)
	set label 4 "only the saving was published" at 0, rows left offset 0.6, 0 font small textcolor rgb grey
}
set grid xtics noytics
set xlabel unit . " a round trip" . where offset 0, 0.3
set key at screen 8.0 / width, 1 - 50.0 / height \
	top left horizontal Left reverse samplen 1 width 1 maxrows 1
circles = has_boots ? 'boots using "round_trip":(column("row") - 1 + (column("against") == 1 ? 0.2 : -0.2)) \
	with points pointtype 6 pointsize 0.4 linewidth 0.7 linecolor rgb "black" notitle,' : ''
plot data using (0):($0 - 0.2):(0):"round_trip":($0 - 0.37):($0 - 0.03):yticlabels(short(strcol("label"))) with boxxyerror \
		fillstyle solid 1 noborder linecolor rgb rgb(1) title "IRET", \
	data using (0):($0 + 0.2):(0):"base":($0 + 0.03):($0 + 0.37) with boxxyerror \
		fillstyle solid 1 noborder linecolor rgb rgb(2) title "SYSRET", \
	@circles \
	data using (end_iret[int($0) + 1]):($0 - 0.2):(cost(column("round_trip"))) \
		with labels left offset 0.8, 0 font small notitle, \
	data using (end_sysret[int($0) + 1]):($0 + 0.2):(cost(column("base")) . ":  " . saving(column("delta"), column("shown"))) \
		with labels left offset 0.8, 0 font small notitle
if (in_ns) {
	unset for [i = 1 : 5] label i
	unset key
	set lmargin at screen (split + 24) / width
	set rmargin at screen 1 - 16.0 / width
	set xlabel "ns saved by SYSRET"
	unset ytics
	set xrange [saved_least * 1.3 : saved_most * 1.35]
	plot "+" using (0):(rows):(0):(published_ns):(rows - 0.25):(rows + 0.25) every ::0::0 with boxxyerror \
			fillstyle solid 1 noborder linecolor rgb rgb(7) notitle, \
		"+" using (published_ns):(rows):(sprintf("%.0f ns", published_ns)) every ::0::0 \
			with labels left offset 0.6, 0 font small notitle, \
		data using (0):0:(0):(ns(column("delta"))):($0 - 0.25):($0 + 0.25) with boxxyerror \
			fillstyle solid 1 noborder linecolor rgb rgb(5) notitle, \
		data using (ns(column("delta"))):0:(ns(column("delta_low"))):(ns(column("delta_high"))) \
			with xerrorbars pointtype -1 linewidth 1.2 linecolor rgb "black" notitle, \
		data using (max(ns(column("delta")), ns(column("delta_high")))):0:(sprintf("%.0f ns", ns(column("delta")))) \
			with labels left offset 0.8, 0 font small notitle
}
