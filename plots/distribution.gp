# Single windows: reading against percentile, on a scale that stretches the tail. A panel a value of
# KPTI, and at most eight lines in one.
# NAME.dat: label, kpti, safe, reading, beyond (the part of the windows that read more; at least one
# window), line by line.  NAME.gp: empty_window, sampled (0: only run.json's quantiles were there).

if (!exists("figure")) {
	only = "distribution"; directory = ARG1
	load ARG0[1 : strlen(ARG0) - strlen("distribution.gp")] . "draw.gp"
	exit
}
load scripts . "style.gp"

# ---- lines in order of appearance, each in a panel, and how many a panel has

name_of(label, safe) = short(label) . (safe == 0 ? " (unsafe)" : "")
panel_of(kpti, safe) = safe == 0 ? "unsafe: for measurement only" : kpti eq "" ? "" : "kpti " . kpti
name = 'name_of(strcol("label"), column("safe"))'
array panel[64]
array slot[64]
array panel_name[64]
array filled[64]
panels = 0
# The last panel of that name with room for one more; 0: none.
open_panel(s) = panels ? sum [i = 1 : panels] (panel_name[i] eq s && filled[i] < 8 ? i : 0) : 0
add_panel(s) = (panels = panels + 1, panel_name[panels] = s, filled[panels] = 0)
add_line(line, s) = ( \
	open_panel(s) ? 0 : add_panel(s), \
	panel[line] = open_panel(s), \
	filled[panel[line]] = filled[panel[line]] + 1, \
	slot[line] = filled[panel[line]], 0)
tail(beyond) = min(-log10(beyond), 6)
deepest = 1
see(name, panel, beyond) = ( \
	measure(name), \
	key_of(name) || keys == 64 ? 0 : (take_key(name), add_line(keys, panel)), \
	deepest = max(deepest, tail(beyond)), 0)
@forget
stats data using ( \
	take(column("reading")), \
	see(@name, panel_of(strcol("kpti"), column("safe")), column("beyond"))) nooutput
fullest = 0
do for [i = 1 : panels] { fullest = max(fullest, filled[i]) }
logarithmic = least > 0 && most > 3 * least

notes = also(1, sprintf("One crossing a window, all boots together; the empty window (%.0f) is included.", empty_window))
notes = also(sampled == 0, "From the quantiles of run.json: there are no samples.")
notes = also(keys == 64, "Only the first 64 are shown.")
@break_notes

# ---- the figure

heading = panels == 1 && panel_name[1] eq "" ? 0 : 18
columns = min(panels, longest > 26 ? 3 : 4)
ranks = (panels + columns - 1) / columns
key_height = 17 * fullest + 12
panel_height = 330 + key_height
height = 62 + panel_height * ranks + 28 + 16 * lines
@paper
@frame
unset key
set multiplot
set xrange [0 : deepest]
set xtics ("50" 0.30103, "90" 1, "99" 2, "99.9" 3, "99.99" 4, "99.999" 5, "99.9999" 6) font small
set xlabel "percentile" offset 0, 0.5
set ytics font small
if (logarithmic) {
	set logscale y
	set yrange [least / 1.15 : most * 1.15]
	set mytics 10
} else {
	set yrange [least < 0 ? least * 1.1 : 0 : most > 0 ? most * 1.1 : 1]
}
span = (width - 106.0) / columns
do for [p = 1 : panels] {
	column_of = (p - 1) % columns
	left = 92.0 + column_of * span
	ceiling = 58.0 + heading + (p - 1) / columns * panel_height
	set lmargin at screen left / width
	set rmargin at screen (left + span - 20) / width
	set tmargin at screen 1 - (ceiling + 18 + key_height) / height
	set bmargin at screen 1 - (ceiling + panel_height - 58) / height
	set label 4 panel_name[p] at screen left / width, 1 - (ceiling + 6) / height left
	# A key of its own: gnuplot's breaks into columns where it is longer than the panel is high.
	do for [i = 1 : keys] {
		if (panel[i] == p) {
			at = 1 - (ceiling + 10 + 17 * slot[i]) / height
			set arrow 100 + i from screen (left + 6) / width, at to screen (left + 26) / width, at \
				nohead linewidth 1.8 linecolor rgb rgb(slot[i])
			set label 100 + i key[i] at screen (left + 34) / width, at left font small
		}
	}
	if (column_of == 0) {
		set ylabel unit . " a window" . where
		set format y most >= 1e4 ? "%.0s%c" : "%g"
	} else {
		unset ylabel
		set format y ""
	}
	plot for [i = 1 : keys] data using (panel[i] == p && @name eq key[i] ? tail(column("beyond")) : NaN):"reading" \
		with fsteps linewidth 1.8 linecolor rgb rgb(slot[i])
	do for [i = 1 : keys] {
		unset arrow 100 + i
		unset label 100 + i
	}
	unset for [i = 1 : 5] label i
	unset object 1
}
