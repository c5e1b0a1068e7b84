# Draws the figures of a results folder, each as DIR/plots/NAME.svg and NAME.png.
# All of them:        gnuplot -d -c plots/draw.gp DIR
# Of one kind only:   gnuplot -d -c plots/matrix.gp DIR
# `entrybench report` runs the first, with a second argument: how many of the list to leave out.
#
# DIR/plots/figures.gp lists the names; NAME.gp holds what the figure is about, NAME.dat its numbers (README.md).

scripts = ARG0[1 : strlen(ARG0) - strlen("draw.gp")]
if (!exists("only")) {
	only = ""
	directory = ARG1
}
folder = directory . "/plots/"
first = ARGC > 1 ? ARG2 + 1 : 1
load folder . "figures.gp"
do for [number = first : words(figures)] {
	figure = word(figures, number)
	load folder . figure . ".gp"
	if (only eq "" || only eq script) {
		do for [png = 0 : 1] {
			reset
			load folder . figure . ".gp"
			load scripts . script . ".gp"
			unset multiplot
			unset output
		}
		print "drawn: " . figure
	}
}
