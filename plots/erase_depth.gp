# Cost of erasing the kernel stack against the depth that a system call used: sweep.gp with its words.

if (!exists("figure")) {
	only = "erase_depth"; directory = ARG1
	load ARG0[1 : strlen(ARG0) - strlen("erase_depth.gp")] . "draw.gp"
	exit
}
parameter = "bytes of kernel stack used"
step = "byte"
what = "a round trip"
doubling = 0
load scripts . "sweep.gp"
