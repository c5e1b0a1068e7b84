# The bill by calls: a row a depth, the round trip lowest; a frame is as wide as what it and its callees execute, from the left to
# the right in the order in which the round trip first reaches them.
# NAME.dat: label, depth, from, to.
# NAME.gp:  nothing more.

if (!exists("figure")) { only = "flame"; directory = ARG1; load ARG0[1 : strlen(ARG0) - strlen("flame.gp")] . "draw.gp"; exit }
load scripts . "style.gp"

@forget
stats data using (take(column("depth"))) nooutput
depths = count ? most + 1 : 1
@forget
stats data using (take(column("to"))) nooutput
most = most > 0 ? most : 1

notes = "Lowest the round trip, above it its phases, above them functions and what they call."
notes = also(!silicon, "An IRETQ, a MOV to CR3 and an ADD count one each.")
@break_notes
height = 62 + 28 * depths + 72 + 16 * lines
@paper
@frame
set lmargin at screen 16.0 / width
set rmargin at screen 1 - 16.0 / width
set yrange [-0.6 : depths - 0.4]
set xrange [0 : most]
set xlabel unit . " of one round trip" offset 0, 0.3
unset ytics
set border 1
unset key
# As many letters of a label as its frame has place for; two are none.
fits(label, from, to) = (letters = floor((to - from) / most * (width - 32.0) / letter) - 1, \
	letters < 3 ? "" : strlen(label) <= letters ? label : label[1 : letters - 2] . "..")
paint(depth) = depth == 0 ? light : rgb(depth == 1 ? 3 : 4)
plot data using (column("from")):(column("depth")):(column("from")):(column("to")):(column("depth") - 0.46): \
		(column("depth") + 0.46):(paint(column("depth"))) \
		with boxxyerror fillstyle solid 1 border rgb "white" linecolor rgb variable, \
	data using ((column("from") + column("to")) / 2):(column("depth")):(fits(strcol("label"), column("from"), column("to"))) \
		with labels center font small textcolor rgb "black"
