# Look that all figures share. draw.gp in a results folder sets these before it loads a figure:
#   data                 file of this figure, tab-separated
#   title, subtitle      what is shown; machine, class, unit and CPU
#   caption, lines       what a reader must know, and its number of lines
#   unit, where          of the machine: cycles or instructions; " (machine, class)"
#   png                  1: terminal pngcairo, 0: svg
#   output               file to write

set datafile separator tab
set datafile missing "-"
set encoding utf8

# Okabe and Ito's eight colours, which colour-blind readers can tell apart; pairs of one hue are neighbours.
array colour[8]
colour[1] = 0x0072b2
colour[2] = 0xd55e00
colour[3] = 0x56b4e9
colour[4] = 0xe69f00
colour[5] = 0x009e73
colour[6] = 0xcc79a7
colour[7] = 0x404040
colour[8] = 0xd0c000
rgb(i) = colour[(int(i) - 1) % 8 + 1]

grey = 0x606060
light = 0xd0d0d0

# Points for the one, pixels for the other: these look alike.
small = png ? ",10" : ",12.5"
large = png ? ",15" : ",20"

# paper: opens the output, of width and height.
paper = 'if (png) { \
	set terminal pngcairo size width * 1.5, height * 1.5 fontscale 1.5 linewidth 1.5 pointscale 1.5 noenhanced font "DejaVu Sans,11" background "white"; \
} else { \
	set terminal svg size width, height dynamic noenhanced font "sans-serif,14" name id background "white"; \
}; \
set output output'

# frame: title above, caption below; the drawing keeps clear of both.
frame = 'top = 1 - 62.0 / height; \
bottom = (16.0 * lines + 72) / height; \
set label 1 title at screen 8.0 / width, 1 - 18.0 / height left font large; \
set label 2 subtitle at screen 8.0 / width, 1 - 40.0 / height left textcolor rgb grey; \
set label 3 caption at screen 8.0 / width, (16.0 * lines - 2) / height left textcolor rgb grey font small; \
set tmargin at screen top; \
set bmargin at screen bottom'

set border 3 linecolor rgb grey
set tics nomirror
set grid linecolor rgb light linewidth 0.6
