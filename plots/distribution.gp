# The distribution of single windows: reading against percentile, on a scale that stretches the tail.
# Also set: panels, panel_1 ... (their names), last_1 ... (their last lines), line_1 ..., colour_1 ...,
# deepest (end of the x axis), least and most (readings), logarithmic (1: readings on a logarithmic scale),
# flat (1: no line has any spread).
# Blocks of the data file: one a line (-log10(1 - percentile / 100), reading).

load scripts . "/common.gp"
width = 1000
columns = panels < 4 ? panels : 4
heights = (panels + columns - 1) / columns
longest = 0
do for [panel = 1:panels] {
	count = value("last_" . panel) - (panel > 1 ? value("last_" . (panel - 1)) : 0)
	longest = count > longest ? count : longest
}
key_height = 17 * longest + 12
panel_height = (flat ? 200 : 330) + key_height
height = 62 + panel_height * heights + 28 + 16 * lines
@paper
@frame
unset key
set multiplot
set xrange [0 : deepest]
set xtics ("50" 0.30103, "90" 1, "99" 2, "99.9" 3, "99.99" 4, "99.999" 5, "99.9999" 6) font small
set xlabel "percentile" offset 0, 0.5
if (logarithmic) {
	set logscale y
	set yrange [least / 1.15 : most * 1.15]
	set mytics 10
} else {
	set yrange [least < 0 ? least * 1.1 : 0 : most * 1.1]
}
unit_label = flat ? unit : unit . " a window" . where
first = 1
do for [panel = 1:panels] {
	column = (panel - 1) % columns
	row = (panel - 1) / columns
	last = value("last_" . panel)
	left = 92.0 + column * (width - 106.0) / columns
	ceiling = 76.0 + row * panel_height
	set lmargin at screen left / width
	set rmargin at screen (left + (width - 106.0) / columns - 20) / width
	set tmargin at screen 1 - (ceiling + 18 + key_height) / height
	set bmargin at screen 1 - (ceiling + panel_height - 58) / height
	set label 4 value("panel_" . panel) at screen left / width, 1 - (ceiling + 6) / height left
	# A key of its own: gnuplot's breaks into columns where it is longer than the panel is high.
	do for [i = first:last] {
		y = 1 - (ceiling + 10 + 17 * (i - first + 1)) / height
		set arrow 100 + i from screen (left + 6) / width, y to screen (left + 26) / width, y \
			nohead linewidth 1.8 linecolor rgb rgb(value("colour_" . i))
		set label 100 + i value("line_" . i) at screen (left + 34) / width, y left font small
	}
	if (column == 0) {
		set ylabel unit_label
		set format y logarithmic ? "%.0s%c" : "%.0f"
		set ytics font small
	} else {
		unset ylabel
		set format y ""
	}
	plot for [i = first:last] data index i - 1 using 1:2 with lines linewidth 1.8 \
		linecolor rgb rgb(value("colour_" . i)) notitle
	do for [i = first:last] {
		unset arrow 100 + i
		unset label 100 + i
	}
	unset label 1
	unset label 2
	unset label 3
	first = last + 1
}
