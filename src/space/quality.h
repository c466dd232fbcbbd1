/* SPDX-License-Identifier: MIT
 *
 * What an embedding matrix is like, whatever was learned: the diagnostics of docs/maths.md. Float rows (n,
 * d), not normalised; rows of zero norm are left out. Any thread.
 */
#ifndef NF_SPACE_QUALITY_H
#define NF_SPACE_QUALITY_H

#include <stddef.h>

double quality_alignment(const float *a, const float *b, size_t n,
                         size_t d); /* mean |u_a - u_b|^2 (Wang & Isola 2020) */
double quality_uniformity(const float *rows, size_t n, size_t d,
                          double t); /* log mean_{i<j} e^(-t |u_i - u_j|^2) */
double quality_effective_rank(const float *rows, size_t n, size_t d); /* centred; Roy & Vetterli 2007 */
double quality_rankme(const float *rows, size_t n, size_t d); /* uncentred, +1e-7; Garrido et al. 2023 */
double quality_std(const float *rows, size_t n, size_t d); /* sqrt(d) * mean_j std_j of unit rows, unbiased */

#endif
