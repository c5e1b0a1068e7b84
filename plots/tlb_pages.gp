# Cost of KPTI against the pages touched after a crossing; drawn by sweep.gp.

parameter = "pages touched after the crossing"
logarithmic = 1
load scripts . "/sweep.gp"
