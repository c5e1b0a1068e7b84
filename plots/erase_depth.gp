# Cost of erasing the kernel stack against the depth that a system call used; drawn by sweep.gp.

parameter = "bytes of kernel stack used"
logarithmic = 0
load scripts . "/sweep.gp"
