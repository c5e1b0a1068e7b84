# Look that all figures share: paper, colours, title, banner and caption. Each script loads it first.
# draw.gp has set folder, figure and png (1: a PNG, 0: an SVG); NAME.gp title, machine, class, unit and cpu.

set datafile separator tab columnheaders
set encoding utf8
data = folder . figure . ".dat"
boots = folder . figure . "-boots.dat"
silicon = class eq "silicon"
notes = ""
where = " (" . machine . ", " . class . ")"
width = 1000

# Okabe and Ito's colours, which colour-blind readers can tell apart; yellow is darkened for white paper.
array colour[8] = [0x0072b2, 0xd55e00, 0x56b4e9, 0xe69f00, 0x009e73, 0xcc79a7, 0x404040, 0xc8b400]
rgb(i) = colour[(int(i) - 1) % 8 + 1]
grey = 0x606060
light = 0xd0d0d0
shade = 0x80000000 # black, half transparent: single boots

# Points for the one, pixels for the other: these look alike.
small = png ? ",10" : ",12.5"
large = png ? ",15" : ",20"
letter = 7.4 # pixels, about, of a letter of the normal font

# ---- numbers and texts

# A cost as the table writes it: instructions whole where they are whole, cycles with one decimal.
cost(x) = sprintf(abs(x) >= 1e9 ? "%.4g" : silicon ? "%.1f" : x == floor(x) ? "%.0f" : "%.2f", x)
short(s) = strlen(s) > 36 ? s[1:34] . ".." : s
max(a, b) = a > b || b != b ? a : b
min(a, b) = a < b || b != b ? a : b

# What `stats ... using (take(x))` has been given since @forget: how many numbers, the least and the most.
forget = 'count = 0; least = NaN; most = NaN'
take(x) = x == x ? (count = count + 1, least = min(least, x), most = max(most, x), 0) : 0

# The same of texts: the longest, in letters.
longest = 0
measure(s) = (longest = max(longest, strlen(s)), 0)

# Distinct texts in order of appearance: key[1] ... key[keys].
array key[64]
keys = 0
key_of(s) = keys ? sum [i = 1 : keys] (key[i] eq s ? i : 0) : 0
take_key(s) = key_of(s) || keys == 64 ? 0 : (keys = keys + 1, key[keys] = s, 0)

# A variant has the same colour in every figure: dark without erase, light with it.
hue_of(safe, exit, erase) = safe == 0 ? "unsafe" : exit eq "" ? "other" \
	: exit . (erase eq "" ? "" : ", erase " . erase)
hue_number(s) = s eq "iret" || s eq "iret, erase off" ? 1 \
	: s eq "sysret" || s eq "sysret, erase off" ? 2 \
	: s eq "iret, erase on" ? 3 : s eq "sysret, erase on" ? 4 : s eq "unsafe" ? 5 : s eq "other" ? 1 \
	: 6 + (key_of(s) % 3)

# ---- paper

# Opens the output, of width and height.
paper = 'if (png) { \
	set terminal pngcairo size width * 1.5, height * 1.5 fontscale 1.5 linewidth 1.5 pointscale 1.5 noenhanced \
		font "DejaVu Sans,11" background "white"; \
} else { \
	id = ""; \
	do for [i = 1 : strlen(figure)] { id = id . (strstrt(".=+:-", figure[i:i]) ? "_" : figure[i:i]) }; \
	set terminal svg size width, height dynamic noenhanced font "sans-serif,14" name id background "white"; \
}; \
set output folder . figure . (png ? ".png" : ".svg")'

# The notes with one line more, if the condition holds.
also(condition, line) = condition ? notes . (notes eq "" ? "" : "\n") . line : notes

# Breaks the notes into a caption of lines as wide as the paper, and counts them.
break_notes = 'caption = ""; lines = notes ne ""; length = 0; \
do for [i = 1 : strlen(notes)] { \
	c = notes[i:i]; \
	c = c eq " " && length > 130 ? "\n" : c; \
	length = c eq "\n" ? 0 : length + 1; \
	lines = lines + (c eq "\n"); \
	caption = caption . c \
}'

# Title, machine and banner above (62 pixels), caption below; the drawing stays between top and bottom.
frame = 'top = 1 - 62.0 / height; \
bottom = (16.0 * lines + 72) / height; \
set label 1 title at screen 8.0 / width, 1 - 18.0 / height left font large; \
set label 2 (machine . ": " . class . ", unit " . unit . "; CPU: " . cpu)[1:100] \
	at screen 8.0 / width, 1 - 40.0 / height left textcolor rgb grey; \
set label 3 caption at screen 8.0 / width, (16.0 * lines - 2) / height left textcolor rgb grey font small; \
if (!silicon) { \
	set object 1 rectangle from screen 1 - 222.0 / width, 1 - 32.0 / height to screen 1 - 8.0 / width, 1 - 8.0 / height \
		fillcolor rgb 0xfdf0d0 fillstyle solid border linecolor rgb colour[4]; \
	set label 5 "instruction counts, not time" at screen 1 - 115.0 / width, 1 - 20.0 / height center; \
}; \
set tmargin at screen top; \
set bmargin at screen bottom'

set border 3 linecolor rgb grey
set tics nomirror
set grid linecolor rgb light linewidth 0.6
