# One round trip on several stock kernels: a stacked bar a kernel, by what its functions are for.
# NAME.dat: variant, part, value; five rows a variant, in the order in which they are stacked.
# NAME.gp:  nothing more.

if (!exists("figure")) { only = "groups"; directory = ARG1; load ARG0[1 : strlen(ARG0) - strlen("groups.gp")] . "draw.gp"; exit }
load scripts . "style.gp"

parts = 5
array from[999]
array total[999]
array name[parts]
rows = 0
at = 0
@forget
add(value, part) = (at = rows % parts ? at : 0, name[rows % parts + 1] = part, rows = rows + 1, from[rows] = at, \
	at = at + value, total[(rows - 1) / parts + 1] = at, take(at), 0)
stats data using (add(column("value"), strcol("part")), measure(short(strcol("variant")))) nooutput
most = most > 0 ? most : 1
bars = rows / parts

notes = "Entry stub and exit are assembly; dispatch leads to the call. Beside a bar: its total, and how much more than above."
@break_notes
height = 92 + 46 * bars + 72 + 16 * lines
@paper
@frame
set lmargin at screen (letter * longest + 24) / width
set rmargin at screen 1 - 16.0 / width
set yrange [bars + 0.7 : 0.3]
set xrange [0 : 1.14 * most]
set xlabel unit . " of one round trip" offset 0, 0.3
set ytics scale 0
set grid xtics noytics
set tmargin at screen top - 30.0 / height
set key at screen 1 - 16.0 / width, top right top horizontal maxrows 1 samplen 1 width -4 font small
array paint[parts] = [1, 3, 4, 5, 6]
y(row) = floor(row / parts) + 1
end(row, value) = from[row + 1] + value
is(part, row) = int(row) % parts == part - 1 ? 1 : NaN
# A number that its part has no room for is left out.
inside(row, value) = value > 0.03 * most ? cost(value) : ""
bar(row) = int(row) / parts + 1
more(row) = bar(row) < 2 ? "" : sprintf("  (%+g)", total[bar(row)] - total[bar(row) - 1])
plot for [part = 1 : parts] data using (is(part, $0) * from[$0 + 1]):(y($0)):(from[$0 + 1]):(end($0, column("value"))): \
		(y($0) - 0.36):(y($0) + 0.36):yticlabels(short(strcol("variant"))) \
		with boxxyerror fillstyle solid 1 noborder linecolor rgb rgb(paint[part]) title name[part], \
	data using (from[$0 + 1] + column("value") / 2):(y($0)):(inside($0, column("value"))) with labels center notitle, \
	data using (is(parts, $0) * end($0, column("value"))):(y($0)):(cost(end($0, column("value"))) . more($0)) \
		with labels left offset 0.8, 0 notitle
