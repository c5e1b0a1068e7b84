# Two panels of one sweep: round trips on the left, what a feature adds on the right. erase_depth.gp and tlb_pages.gp
# load it with: parameter (name of the x axis), logarithmic (1: it spans powers of two).
# Also set: costs and cost_1 ..., added and added_1 ... (lines of each panel and their names), first_param, last_param.
# Blocks of the data file: costs, then added, each (parameter, value, 95 % low, 95 % high).

load scripts . "/common.gp"
width = 1000
longest = costs > added ? costs : added
key_height = 18 * longest + 10
height = 62 + 24 + key_height + 320 + 72 + 16 * lines
@paper
@frame
set multiplot
if (logarithmic) {
	set logscale x 2
	set xrange [first_param / 1.15 : last_param * 1.15]
} else {
	set xrange [0 : last_param * 1.04]
}
set xlabel parameter
set tmargin at screen top - (24.0 + key_height) / height
array mark[4] = [7, 5, 9, 13]
do for [side = 0:1] {
	left = side ? 0.5 * width + 90 : 90.0
	set lmargin at screen left / width
	set rmargin at screen (left + 0.5 * width - 108) / width
	set label 4 side ? "added" : "round trip" at screen (left - (side ? 50 : 0)) / width, 1 - 74.0 / height left
	set key at screen (left - (side ? 50 : 0)) / width, 1 - 84.0 / height top left Left reverse samplen 2 vertical maxcols 1 font small
	if (logarithmic && !side) {
		set logscale y
		set yrange [* : *]
		set format y "%.0s%c"
	} else {
		unset logscale y
		set format y "%.0f"
		set yrange [* < 0 : *]
	}
	set ylabel unit . (side ? " added" : " a round trip") . where
	n = side ? added : costs
	block = side ? costs - 1 : -1
	plot for [i = 1:n] data index block + i using 1:2:3:4 with yerrorbars \
			pointtype 7 pointsize 0.05 linewidth 1 linecolor rgb rgb(i) notitle, \
		for [i = 1:n] data index block + i using 1:2 with linespoints linewidth 1.5 \
			linecolor rgb rgb(i) pointtype mark[(i - 1) % 4 + 1] pointsize 0.8 \
			title value((side ? "added_" : "cost_") . i)
	unset label 1
	unset label 2
	unset label 3
}
