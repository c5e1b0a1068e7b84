# A benchmark over its parameter, by one feature: on the left the round trips of one variant with and
# without it, on the right what it adds to each variant. erase_depth.gp and tlb_pages.gp load this
# with parameter (name of the x axis), step (of it), what (of the y axis) and doubling (1: steps are powers of two).
# NAME.dat: cells, those of a variant together.  NAME.gp: reference (a variant).

load scripts . "style.gp"

# ---- the variants: which are on the left, and which on the right, those that add the same once

# On the left the family of the reference where it is what others are held against, else the first.
main_family = ""
is_chosen = 0
choose(family, against) = against eq "" || (is_chosen && against ne reference) ? 0 : \
	(is_chosen = 1, main_family = family, 0)
stats data using (choose(strcol("family"), strcol("against"))) nooutput
array is_main[64]
array added[64] # its differences as a text, to compare
array points[64] # number of them
array alike[64] # how many more add the same; -1: another stands for it
do for [i = 1 : 64] { is_main[i] = 0; added[i] = ""; points[i] = 0; alike[i] = 0 }
rows = 0
note(i, family, delta) = ( \
	rows = rows + 1, is_main[i] = family eq main_family, \
	added[i] = added[i] . sprintf("%.9g ", delta), points[i] = points[i] + (delta == delta), 0)
@forget
stats data using ( \
	take(column("parameter")), take_key(strcol("variant")), \
	note(key_of(strcol("variant")), strcol("family"), column("delta"))) nooutput
first_parameter = least
last_parameter = most
do for [i = 2 : keys] {
	do for [j = 1 : i - 1] {
		if (alike[j] >= 0 && alike[i] >= 0 && points[i] > 0 && added[i] eq added[j]) {
			alike[j] = alike[j] + 1
			alike[i] = -1
		}
	}
}
is_added(i) = points[i] > 0 && alike[i] >= 0

# ---- names: on the right with the straight line through the points, by least squares

sign(x) = x < 0 ? "-" : "+"
array name[64]
lefts = 0
rights = 0
do for [i = 1 : keys] {
	lefts = lefts + is_main[i]
	if (is_added(i)) {
		rights = rights + 1
		name[i] = (strlen(key[i]) > 26 ? key[i][1:26] . ".." : key[i]) \
			. (alike[i] > 0 ? sprintf(" (and %d equal)", alike[i]) : "")
		if (points[i] > 1) {
			stats data using (strcol("variant") eq key[i] ? column("parameter") : NaN):"delta" nooutput
			# A slope that comes to nothing over the whole sweep is no slope worth a name.
			is_flat = abs(STATS_slope * (last_parameter - first_parameter)) < 0.03 * abs(STATS_intercept)
			name[i] = name[i] . (is_flat ? sprintf(": %.3g", STATS_mean_y) \
				: sprintf(": %.3g %s %.3g a %s", STATS_intercept, sign(STATS_slope), abs(STATS_slope), step))
		}
	}
}

# Boots belong to a row of the data: its variant and parameter.
array boot_variant[rows]
array boot_parameter[rows]
n = 0
stats data using (n = n + 1, boot_variant[n] = key_of(strcol("variant")), boot_parameter[n] = column("parameter"), 0) nooutput

@forget
stats data using (take(column("round_trip"))) nooutput
wide = doubling && least > 0 && most > 4 * least

notes = also(1, "Left: " . what . ". Right: what is added to the same variant without it; in the key the straight line by least squares.")
notes = also(silicon, "Whiskers: 95 % interval over boots.")
notes = also(has_boots, "Circles: single boots.")
@break_notes

# ---- the figure

key_height = 18 * max(lefts, rights) + 10
height = 62 + 24 + key_height + 320 + 72 + 16 * lines
@paper
@frame
set multiplot
if (doubling) {
	set logscale x 2
	set xrange [first_parameter / 1.15 : last_parameter * 1.15]
} else {
	set xrange [0 : last_parameter * 1.04]
}
set xlabel parameter
set tmargin at screen top - (24.0 + key_height) / height
is_boot(row) = side == 0 && is_main[boot_variant[row]]
circles = has_boots ? 'boots using (is_boot(column("row")) ? boot_parameter[column("row")] : NaN):"round_trip" \
	with points pointtype 6 pointsize 0.4 linewidth 0.7 linecolor rgb grey notitle,' : ''
nth(k) = int(word(shown, k) + 0)
array mark[4] = [7, 5, 9, 13]
do for [side = 0 : 1] {
	left = side ? 0.5 * width + 90 : 90.0
	set lmargin at screen left / width
	set rmargin at screen (left + 0.5 * width - 108) / width
	from = left - (side ? 50 : 0)
	set label 4 side ? "added" : what at screen from / width, 1 - 74.0 / height left
	set key at screen from / width, 1 - 84.0 / height \
		top left Left reverse samplen 2 vertical maxcols 1 font small
	if (wide && !side) {
		set logscale y
		set yrange [* : *]
		set format y "%.0s%c"
	} else {
		unset logscale y
		set yrange [* < 0 : *]
		set format y "%g"
	}
	set ylabel unit . (side ? " added" : " " . what) . where
	value = side ? "delta" : "round_trip"
	low = side ? "delta_low" : "low"
	high = side ? "delta_high" : "high"
	shown = ""
	do for [i = 1 : keys] { shown = shown . ((side ? is_added(i) : is_main[i]) ? sprintf("%d ", i) : "") }
	plot @circles for [k = 1 : words(shown)] data using \
			(strcol("variant") eq key[nth(k)] ? column("parameter") : NaN):value:low:high \
			with yerrorbars pointtype -1 linewidth 1 linecolor rgb rgb(nth(k)) notitle, \
		for [k = 1 : words(shown)] data using \
			(strcol("variant") eq key[nth(k)] ? column("parameter") : NaN):value \
			smooth unique with linespoints linewidth 1.5 linecolor rgb rgb(nth(k)) pointtype mark[(nth(k) - 1) % 4 + 1] pointsize 0.8 \
			title (side ? name[nth(k)] : key[nth(k)])
	unset for [i = 1 : 5] label i
	unset object 1
}
