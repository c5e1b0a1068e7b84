/* Figures on disk: DIR/plots/NAME.dat, a script that draws them all, and one gnuplot process that runs it. */
#ifndef FIGURE_GNUPLOT_H
#define FIGURE_GNUPLOT_H

#include "figure/figure.h"

/*
 * The folder of scripts: `given` (--plots), else $ENTRYBENCH_PLOTS, else plots/ of the source tree that this tool was
 * built from, else the installed one. Free it. NULL with error where there is none.
 */
char *gnuplot_scripts(const char *given, struct error *error);

/* Writes DIR/plots/NAME.dat of each figure and DIR/plots/draw.gp. 0, or -1 with error. */
int gnuplot_write(const struct figures *figures, const char *dir, const char *scripts,
		  struct error *error);

/* Runs draw.gp: NAME.svg and NAME.png of each figure. 0, or -1 with error, then no old picture is left behind. */
int gnuplot_draw(const struct figures *figures, const char *dir, struct error *error);

#endif
