# A whole program: a stacked bar a variant, of what its instructions were executed for.
# NAME.dat: variant, part ("ring 3" or an estimate's "rest", "entry and exit", "own work"), value; three rows a variant, in this
#           order.
# NAME.gp:  nothing more.

if (!exists("figure")) { only = "program"; directory = ARG1; load ARG0[1 : strlen(ARG0) - strlen("program.gp")] . "draw.gp"; exit }
load scripts . "style.gp"

array from[999]
parts = 3
rows = 0
at = 0
@forget
array name[3] = ["", "entry and exit paths", "what the kernel was asked for"]
begin(value) = (at = rows % parts ? at : 0, rows = rows + 1, from[rows] = at, at = at + value, take(at), 0)
first(part) = part eq "rest" ? "ring 3, and the calls themselves" : part
label(part) = (rows == 1 ? (name[1] = first(part), name[3] = part eq "rest" ? "" : name[3], 0) : 0)
stats data using (begin(column("value")), label(strcol("part")), measure(short(strcol("variant")))) nooutput
most = most > 0 ? most : 1
bars = rows / parts

@break_notes
height = 84 + 34 * bars + 72 + 16 * lines
@paper
@frame
set lmargin at screen (letter * longest + 24) / width
set rmargin at screen 1 - 16.0 / width
set yrange [bars + 0.7 : 0.3]
set xrange [0 : 1.12 * most]
set xlabel unit . " of the whole program" offset 0, 0.3
set format x "%.1s %c"
set ytics scale 0
set grid xtics noytics
set tmargin at screen top - 24.0 / height
set key at screen 1 - 16.0 / width, top right top horizontal samplen 1 font small
array paint[3] = [7, 2, 1]
y(row) = floor(row / parts) + 1
end(row, value) = from[row + 1] + value
is(part, row) = int(row) % parts == part - 1 ? 1 : NaN
plot for [part = 1 : parts] data using (is(part, $0) * from[$0 + 1]):(y($0)):(from[$0 + 1]):(end($0, column("value"))): \
		(y($0) - 0.36):(y($0) + 0.36):yticlabels(short(strcol("variant"))) \
		with boxxyerror fillstyle solid 1 noborder linecolor rgb rgb(paint[part]) title name[part], \
	data using (is(parts, $0) * end($0, column("value"))):(y($0)):(cost(end($0, column("value")))) \
		with labels left offset 0.8, 0 font small notitle
