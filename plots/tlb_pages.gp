# Cost of KPTI against the pages touched after a crossing: sweep.gp with its words.

if (!exists("figure")) {
	only = "tlb_pages"; directory = ARG1
	load ARG0[1 : strlen(ARG0) - strlen("tlb_pages.gp")] . "draw.gp"
	exit
}
parameter = "pages touched after the crossing"
step = "page"
what = "lost in the TLB"
doubling = 1
load scripts . "sweep.gp"
