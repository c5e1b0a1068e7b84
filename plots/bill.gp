# The bill as a waterfall: each bar begins where the one before it ended.
# Also set: rows (bars), left and right (ends of the x axis), label_characters (longest label).
# Data file: y, from, to, colour, label, text.

load scripts . "/common.gp"
width = 1000
height = 62 + 24 * rows + 72 + 16 * lines
@paper
@frame
set lmargin at screen (7.6 * label_characters + 24) / width
set rmargin at screen 1 - 16.0 / width
set yrange [rows - 0.3 : -0.7]
set xrange [left : right]
set xlabel unit . " of one round trip" offset 0, 0.3
set ytics scale 0
set grid xtics noytics
unset key
# A line from the end of each bar down to the next.
plot data using 3:1:(0):(1) with vectors nohead linewidth 0.8 linecolor rgb grey notitle, \
	data using (($2 + $3) / 2):1:2:3:($1 - 0.36):($1 + 0.36):(rgb($4)):yticlabels(5) \
		with boxxyerror fillstyle solid 1 noborder linecolor rgb variable notitle, \
	data using ($2 > $3 ? $2 : $3):1:6 with labels left offset 0.8, 0 font ",10" notitle
