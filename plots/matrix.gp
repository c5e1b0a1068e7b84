# The matrix as bars, grouped by a feature, with round trip and difference written beside each bar.
# Also set: rows (height in bars), base, right (ends of the x axis), logarithmic (1: it is),
# reference (round trip of the reference, or NaN),
# label_characters (longest label), keys and key_1 ... (colours in use; 0: too many for a key),
# whiskers (their number).
# Blocks of the data file: bars (y, value, colour, label, text, where the text stands); groups (y, name);
# whiskers (y, value, 95 % low, 95 % high).

load scripts . "/common.gp"
width = 1000
keyed = keys > 1
key_height = keyed ? 8 + 19 * ((keys + 2) / 3) : 0
height = 62 + key_height + 22 * rows + 72 + 16 * lines
@paper
@frame
set tmargin at screen top - 1.0 * key_height / height
set lmargin at screen (7.6 * label_characters + 24) / width
set rmargin at screen 1 - 16.0 / width
set yrange [rows - 0.3 : -0.7]
if (logarithmic) {
	set logscale x
}
set xrange [base : right]
set xlabel unit . " a round trip" . where offset 0, 0.3
set ytics scale 0
set grid xtics noytics
if (keyed) {
	set key at screen 8.0 / width, 1 - 54.0 / height top left horizontal Left reverse samplen 1 width 1 maxcols 3
} else {
	unset key
}
if (reference == reference) {
	set arrow 1 from reference, graph 0 to reference, graph 1 nohead linecolor rgb 0xa0a0a0 dashtype 2 back
}
whisker_plot = whiskers ? 'data index 2 using 2:1:3:4 with xerrorbars pointtype -1 linewidth 1.2 linecolor rgb "black" notitle,' : ''
plot data index 0 using 2:1:(base):2:($1 - 0.38):($1 + 0.38):(rgb($3)):yticlabels(4) \
		with boxxyerror fillstyle solid 1 noborder linecolor rgb variable notitle, \
	@whisker_plot \
	data index 0 using 6:1:5 with labels left offset 0.8, 0 font small notitle, \
	data index 1 using (base):1:2 with labels left offset 0.4, 0 textcolor rgb grey notitle, \
	for [i = 1:keys] keyentry with boxes fillstyle solid 1 noborder linecolor rgb rgb(i) title value("key_" . i)
