/* SPDX-License-Identifier: MIT
 *
 * The one door to BLAS, and the one number type of everything that is trained. `real` is float in the program
 * and double where gradients are checked (make REAL=double). Matrices are row-major and dense: a (rows, cols)
 * matrix of leading dimension ld has element (i, j) at a[i * ld + j]. OpenBLAS is told once, by main, to use
 * one thread: work is cut by base/parallel, and a call from several threads at once is fine. For the same
 * bits on every thread count, always call with the same shapes (the last micro-batch is padded).
 */
#ifndef NF_MATH_BLAS_H
#define NF_MATH_BLAS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef REAL_DOUBLE
typedef double real;
#else
typedef float real;
#endif

/* Before the first thread starts; nobody changes it afterwards. */
void blas_single_thread(void);

/* Name of the kernel that OpenBLAS chose for this machine ("SkylakeX"), and its build configuration. Lent. */
const char *blas_core(void);
const char *blas_config(void);

/* C(m, n) = alpha * op(A) * op(B) + beta * C; op(A) is (m, k), op(B) is (k, n). */
void gemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, real alpha, const real *a,
          size_t lda, const real *b, size_t ldb, real beta, real *c, size_t ldc);

/* Dense, no leading dimensions to get wrong: C(m,n) = A(m,k) B(k,n) ... with `add`, C += . */
void gemm_nn(size_t m, size_t n, size_t k, const real *a, const real *b, real *c, bool add);
void gemm_nt(size_t m, size_t n, size_t k, const real *a, const real *b, real *c, bool add); /* B is (n, k) */
void gemm_tn(size_t m, size_t n, size_t k, const real *a, const real *b, real *c, bool add); /* A is (k, m) */

#endif
