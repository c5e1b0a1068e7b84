# IRET against SYSRET: round trips on the left in the machine's unit, on the right the saving published in 2015 in ns.
# Also set: rows (pairs), label_characters (longest label), in_ns (1: the machine's savings are known in ns too),
# published_ns and published_name.
# Data file: y, iret, sysret, label, texts of iret, sysret and saving, ns saved, 95 % low, 95 % high.

load scripts . "/common.gp"
width = 1000
height = 62 + 34 + 46 * (rows + 1) + 72 + 16 * lines
@paper
@frame
split = in_ns ? 640.0 : 740.0
stats data using ($2 > $3 ? $2 : $3) nooutput
longest_bar = STATS_max
most = published_ns
least = 0
if (in_ns) {
	stats data using 8 nooutput
	most = STATS_max > most ? STATS_max : most
	least = STATS_min < 0 ? STATS_min : 0
}
set multiplot
set tmargin at screen top - 28.0 / height
set lmargin at screen (7.4 * label_characters + 24) / width
set rmargin at screen split / width
set yrange [rows + 0.5 : -0.5]
set xrange [0 : longest_bar * 1.5]
set ytics scale 0 (published_name rows)
set grid xtics noytics
set xlabel unit . " a round trip" . where offset 0, 0.3
set key at screen 8.0 / width, 1 - 50.0 / height top left horizontal Left reverse samplen 1 width 1 maxrows 1
set label 4 "only the saving was published" at 0, rows left offset 0.6, 0 font small textcolor rgb grey
plot data using ($2 / 2):($1 - 0.2):(0):2:($1 - 0.37):($1 - 0.03):yticlabels(4) with boxxyerror \
		fillstyle solid 1 noborder linecolor rgb rgb(1) title "IRET", \
	data using ($3 / 2):($1 + 0.2):(0):3:($1 + 0.03):($1 + 0.37) with boxxyerror \
		fillstyle solid 1 noborder linecolor rgb rgb(2) title "SYSRET", \
	data using 2:($1 - 0.2):5 with labels left offset 0.6, 0 font small notitle, \
	data using 3:($1 + 0.2):(strcol(6) . ":  " . strcol(7)) with labels left offset 0.6, 0 font small notitle
unset for [i = 1:4] label i
unset key
set lmargin at screen (split + 24) / width
set rmargin at screen 1 - 16.0 / width
set xlabel "ns saved by SYSRET"
set format y ""
unset ytics
set xrange [least * 1.3 : most * 1.35]
set xtics autofreq
# A data set of nothing but NaN makes gnuplot 5.4 crash.
plot "+" using (published_ns / 2):(rows):(0):(published_ns):(rows - 0.25):(rows + 0.25) every ::0::0 with boxxyerror \
		fillstyle solid 1 noborder linecolor rgb rgb(7), \
	"+" using (published_ns):(rows):(sprintf("%.0f ns", published_ns)) every ::0::0 \
		with labels left offset 0.6, 0 font small, \
	for [i = 1:!!in_ns] data using ($8 / 2):1:(0):8:($1 - 0.25):($1 + 0.25) with boxxyerror \
		fillstyle solid 1 noborder linecolor rgb rgb(5), \
	for [i = 1:!!in_ns] data using 8:1:9:10 with xerrorbars pointtype -1 linewidth 1.2 linecolor rgb "black", \
	for [i = 1:!!in_ns] data using ($8 > $10 ? $8 : $10):1:(sprintf("%.0f ns", $8)) with labels left offset 0.8, 0 font small
