/* SPDX-License-Identifier: MIT
 *
 * The standard normal distribution, in double. Any thread.
 */
#ifndef NF_MATH_NORMAL_H
#define NF_MATH_NORMAL_H

#define NORMAL_Z95 1.959963984540054 /* two-sided 95 % */

double normal_cdf(double x);
/* Its inverse (the probit): -inf at 0, inf at 1, NaN outside. To 1e-12 (Acklam's approximation and one step
 * of Halley's method). */
double normal_quantile(double p);

#endif
