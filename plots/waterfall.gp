# The bill as a waterfall: each bar begins where the one before it ended; a total begins at 0.
# NAME.dat: label, value, kind ("total"; "part": what it consists of; "change": what differs between two totals).
# NAME.gp:  nothing more.

if (!exists("figure")) { only = "waterfall"; directory = ARG1; load ARG0[1 : strlen(ARG0) - strlen("waterfall.gp")] . "draw.gp"; exit }
load scripts . "style.gp"

# from[i] to to[i]: the bar; the axis begins at 0, or where the changes begin if they were too small to see.
array from[999]
array to[999]
bars = 0
at = 0
differences = 0
@forget
bar(value, kind) = ( \
	bars = bars + 1, \
	from[bars] = kind eq "total" ? 0 : at, \
	to[bars] = at = from[bars] + value, \
	kind eq "change" ? (differences = 1, take(from[bars])) : 0, \
	take(to[bars]), 0)
stats data using (bar(column("value"), strcol("kind")), measure(short(strcol("label")))) nooutput
most = most > 0 ? most : 1
span = most - least
cut = differences && span > 0 && 8 * span < most
left = cut ? least - span : min(least, 0)
changes(kind) = kind eq "change"
text(value, kind) = (changes(kind) && value > 0 ? "+" : "") . cost(value)
paint(value, kind) = rgb(kind eq "total" ? 7 : kind eq "part" ? 1 : value > 0 ? 2 : 5)

notes = also(cut, "The axis does not begin at 0.")
notes = also(silicon, "By time stamps, whose own cost is taken off; what they do not sum to is unexplained.")
notes = also(!silicon, "An IRETQ, a MOV to CR3 and an ADD count one each.")
@break_notes
height = 62 + 24 * bars + 72 + 16 * lines
@paper
@frame
set lmargin at screen (letter * longest + 24) / width
set rmargin at screen 1 - 16.0 / width
set yrange [bars + 0.7 : 0.3]
set xrange [left : most + 0.12 * (most - left)]
set xlabel unit . " of one round trip" offset 0, 0.3
set ytics scale 0
set grid xtics noytics
unset key
y(row) = row + 1
start(row) = max(from[row + 1], left)
end(row) = max(to[row + 1], left)
# A line from the end of each bar down to the next.
plot data using (end($0)):(y($0)):(0):(1) with vectors nohead linewidth 0.8 linecolor rgb grey, \
	data using (start($0)):(y($0)):(min(start($0), end($0))):(max(start($0), end($0))):(y($0) - 0.36):(y($0) + 0.36): \
		(paint(column("value"), strcol("kind"))):yticlabels(short(strcol("label"))) \
		with boxxyerror fillstyle solid 1 noborder linecolor rgb variable, \
	data using (max(start($0), end($0))):(y($0)):(text(column("value"), strcol("kind"))) with labels left offset 0.8, 0 font small
