/* SPDX-License-Identifier: MIT */
#include "math/blas.h"

#include <cblas.h>

void blas_single_thread(void)
{
    openblas_set_num_threads(1);
}

const char *blas_core(void)
{
    return openblas_get_corename();
}

const char *blas_config(void)
{
    return openblas_get_config();
}

/* NOLINTNEXTLINE(readability-function-size): the arguments of BLAS itself */
void gemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, real alpha, const real *a,
          size_t lda, const real *b, size_t ldb, real beta, real *c, size_t ldc)
{
    CBLAS_TRANSPOSE ta = transpose_a ? CblasTrans : CblasNoTrans;
    CBLAS_TRANSPOSE tb = transpose_b ? CblasTrans : CblasNoTrans;
#ifdef REAL_DOUBLE
    cblas_dgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, alpha, a, (int)lda, b, (int)ldb, beta, c,
                (int)ldc);
#else
    cblas_sgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, alpha, a, (int)lda, b, (int)ldb, beta, c,
                (int)ldc);
#endif
}

void gemm_nn(size_t m, size_t n, size_t k, const real *a, const real *b, real *c, bool add)
{
    gemm(false, false, m, n, k, 1, a, k, b, n, add, c, n);
}

void gemm_nt(size_t m, size_t n, size_t k, const real *a, const real *b, real *c, bool add)
{
    gemm(false, true, m, n, k, 1, a, k, b, k, add, c, n);
}

void gemm_tn(size_t m, size_t n, size_t k, const real *a, const real *b, real *c, bool add)
{
    gemm(true, false, m, n, k, 1, a, m, b, n, add, c, n);
}
