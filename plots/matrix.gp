# Round trips as bars, in bands by KPTI, coloured by exit and erase, with the difference beside each
# bar. Costs that range over decades are dots on a logarithmic axis. Single boots are points.
# NAME.dat: cells.  NAME.gp: by_benchmark (1: rows are benchmarks of one variant).

if (!exists("figure")) {
	only = "matrix"; directory = ARG1
	load ARG0[1 : strlen(ARG0) - strlen("matrix.gp")] . "draw.gp"
	exit
}
load scripts . "style.gp"

# ---- what a row of the data is

here = 'column("round_trip") == column("round_trip")'
band_of(safe, kpti) = safe == 0 ? "unsafe: for measurement only" : kpti eq "" ? "other" : "kpti " . kpti
band = 'band_of(column("safe"), strcol("kpti"))'
hue = 'hue_of(column("safe"), strcol("exit"), strcol("erase"))'

# What is written beside a bar: "118  +14 (+13.5 %)", and a star where the table says more.
signed(x) = sprintf(silicon || x != floor(x) ? "%+.1f" : "%+.0f", x)
versus(base, delta, shown) = base != base ? "" \
	: delta != delta ? "  reference" \
	: shown == 0 ? "  ~" \
	: delta == 0 ? "  0" \
	: "  " . signed(delta) . (base == 0 ? "" : sprintf(" (%+.1f %%)", 100 * delta / abs(base)))
is_flagged(flags) = flags ne "" && flags ne "unsafe: for measurement only"
text_of(cost, versus, against, flags) = cost . versus \
	. (mixed && strlen(versus) ? " over " . short(against) : "") . (is_flagged(flags) ? "  *" : "")
beside = 'text_of(cost(column("round_trip")), versus(column("base"), column("delta"), column("shown")), \
	strcol("against"), strcol("flags"))'

# ---- first pass: bands and colours in order of appearance, and how many rows each band has

array band_name[64]
array size[64]
bands = 0
band_number(s) = bands ? sum [i = 1 : bands] (band_name[i] eq s ? i : 0) : 0
take_band(s) = ( \
	band_number(s) || bands == 64 ? 0 : (bands = bands + 1, band_name[bands] = s, size[bands] = 0), \
	b = max(band_number(s), 1), size[b] = size[b] + 1, 0)
lost = ""
reasons = 0
lose(reason) = strstrt(lost, reason) ? 0 : \
	(reasons = reasons + 1, lost = lost . (reasons > 1 ? "; " : "") . reason, 0)
all = 0
reference = NaN
references = 0
starred = 0
# mixed: rows are held against different variants, and each says which.
compared = ""
mixed = 0
compare(against, delta) = delta != delta ? 0 : ( \
	mixed = mixed || (compared ne "" && compared ne against), compared = against, 0)
refer(base, delta) = base == base && delta != delta ? (reference = base, references = references + 1) : 0
@forget
stats data using ( \
	all = all + 1, \
	@here ? ( \
		take(column("round_trip")), take_key(@hue), take_band(@band), \
		measure(short(strcol("label"))), refer(column("base"), column("delta")), compare(strcol("against"), column("delta")), \
		starred = starred + is_flagged(strcol("flags")), 0) \
	: lose(strcol("flags")[(strstrt(strcol("flags"), "skipped: ") == 1 ? 10 : 1) : *]), 0) nooutput
rows = count
headed = bands > 1
keyed = keys > 1 && keys <= 8
logarithmic = by_benchmark && least > 0 && most > 50 * least

# ---- second pass: where each row stands, and how far the axis reaches so that texts fit

array start[64]
do for [i = 1 : bands] {
	start[i] = i == 1 ? headed : start[i - 1] + size[i - 1] + headed
}
array filled[64]
do for [i = 1 : bands] { filled[i] = 0 }
array place[all]
array value[all]
array name[all]
array end[all]
array text[all]
left = letter * longest + 24
room(text) = max(1 - (strlen(text) + 2) * letter / (width - left - 16), 0.2)
base = logarithmic ? least / 2 : min(0, least)
right = logarithmic ? most : max(most, 0)
reach(at, text) = logarithmic ? base * (at / base) ** (1 / room(text)) : base + (at - base) / room(text)
n = 0
whiskers = 0
points = 0
put(b, label, cost, low, high, beside) = ( \
	place[n] = start[b] + filled[b], filled[b] = filled[b] + 1, \
	name[n] = label, value[n] = cost, end[n] = max(cost, high), text[n] = beside, \
	whiskers = whiskers + (low < high), 0)
stats data using ( \
	n = n + 1, place[n] = NaN, value[n] = NaN, end[n] = NaN, text[n] = "", \
	@here ? put(band_number(@band), short(strcol("label")), column("round_trip"), column("low"), column("high"), @beside) : 0, \
	0) nooutput
if (has_boots) {
	stats boots using (points = points + 1, i = column("row"), end[i] = max(end[i], column("round_trip")), 0) nooutput
}
do for [i = 1 : all] { if (place[i] == place[i]) { right = max(right, reach(end[i], text[i])) } }
if (!(right > base)) { right = base + 1 }

notes = also(by_benchmark, "Beside each row: round trip, then the difference to its reference, where there is one.")
notes = also(!by_benchmark && !mixed, "Beside each bar: round trip, then the difference to the reference" \
	. (references == 1 ? " (dashed line)." : "."))
notes = also(!by_benchmark && mixed, "Beside each bar: round trip, then the difference to the variant that is named.")
notes = also(silicon, (whiskers ? "Whiskers: 95 % interval over boots. " : "") . "~: no difference shown.")
notes = also(points > 0, "Circles: single boots; where they lie in two heaps, the machine has two levels.")
notes = also(starred > 0, "*: flagged, the table says why.")
notes = also(reasons > 0 && reasons <= 4, "Not here: " . lost . ".")
notes = also(reasons > 4, sprintf("%d without a result are not here; the table says why.", all - rows))
@break_notes

# ---- the figure

key_height = keyed ? 8 + 19 * ((keys + 2) / 3) : 0
height = 62 + key_height + 22 * (rows + headed * bands) + 72 + 16 * lines
@paper
@frame
set tmargin at screen top - 1.0 * key_height / height
set lmargin at screen left / width
set rmargin at screen 1 - 16.0 / width
set yrange [rows + headed * bands - 0.3 : -0.7]
if (logarithmic) {
	set logscale x
}
set xrange [base : right]
set format x right >= 1e5 ? "%.0s%c" : "%g"
set xlabel unit . " a round trip" . where offset 0, 0.3
set ytics scale 0 ()
do for [i = 1 : all] { if (place[i] == place[i]) { set ytics add (name[i] place[i]) } }
set grid xtics noytics
if (keyed) {
	set key at screen 8.0 / width, 1 - 54.0 / height top left horizontal Left reverse samplen 1 width 1 maxcols 3
} else {
	unset key
}
if (references == 1 && !by_benchmark && !mixed) {
	set arrow 1 from reference, graph 0 to reference, graph 1 nohead linecolor rgb 0xa0a0a0 dashtype 2 back
}
do for [i = 1 : headed * bands] {
	set label 10 + i band_name[i] \
		at base, start[i] - 1 left offset 0.4, 0 textcolor rgb grey
}
# Boots have the upper edge of a row to themselves.
row(i) = place[int(i) + 1]
cost_of(i) = value[int(i) + 1]
upper = points ? 0.1 : 0.38
whisker = whiskers ? 'data using "round_trip":(row($0) + (0.38 - upper) / 2):"low":"high" \
	with xerrorbars pointtype -1 linewidth 1.2 linecolor rgb "black" notitle,' : ''
circles = points ? 'boots using "round_trip":(place[int(column("row"))] - 0.27) \
	with points pointtype 6 pointsize 0.4 linewidth 0.7 linecolor rgb grey notitle,' : ''
dots = 'data using (cost_of($0)):(row($0) + (0.38 - upper) / 2):(rgb(hue_number(@hue))) \
	with points pointtype 7 pointsize 0.8 linecolor rgb variable notitle,'
bars = 'data using (cost_of($0)):(row($0)):(min(cost_of($0), 0)):(max(cost_of($0), 0)): \
	(row($0) - upper):(row($0) + 0.38):(rgb(hue_number(@hue))) \
	with boxxyerror fillstyle solid 1 noborder linecolor rgb variable notitle,'
body = logarithmic ? dots : bars
plot @body @whisker @circles \
	data using (end[int($0) + 1]):(row($0)):(text[int($0) + 1]) \
		with labels left offset 0.8, 0 font small notitle, \
	for [i = 1 : keyed * keys] keyentry with boxes fillstyle solid 1 noborder \
		linecolor rgb rgb(hue_number(key[i])) title key[i]
