/* SPDX-License-Identifier: MIT
 *
 * A vector of floats with the few operations the score kernels need: above all a fused multiply-add in every
 * lane, exactly fmaf's. Written with the machine's own vectors because gcc 12 keeps an array of accumulators
 * in memory, at a twentieth of the speed.
 */
#ifndef NF_MATH_LANES_H
#define NF_MATH_LANES_H

#include <math.h>

#if defined(__AVX512F__)
#include <immintrin.h>
enum { VEC = 16 };
typedef __m512 vec;
#define vec_zero()       _mm512_setzero_ps()
#define vec_load(p)      _mm512_loadu_ps(p)
#define vec_store(p, v)  _mm512_storeu_ps(p, v)
#define vec_fma(a, b, c) _mm512_fmadd_ps(_mm512_set1_ps(a), b, c)
#define vec_set(a)       _mm512_set1_ps(a)
#define vec_sub(a, b)    _mm512_sub_ps(a, b)
#define vec_square(a, c) _mm512_fmadd_ps(a, a, c)
#define vec_above(p, x)  ((unsigned)_mm512_cmp_ps_mask(_mm512_loadu_ps(p), x, _CMP_GT_OQ))

#elif defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
enum { VEC = 8 };
typedef __m256 vec;
#define vec_zero()       _mm256_setzero_ps()
#define vec_load(p)      _mm256_loadu_ps(p)
#define vec_store(p, v)  _mm256_storeu_ps(p, v)
#define vec_fma(a, b, c) _mm256_fmadd_ps(_mm256_set1_ps(a), b, c)
#define vec_set(a)       _mm256_set1_ps(a)
#define vec_sub(a, b)    _mm256_sub_ps(a, b)
#define vec_square(a, c) _mm256_fmadd_ps(a, a, c)
#define vec_above(p, x)  ((unsigned)_mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(p), x, _CMP_GT_OQ)))

#else
enum { VEC = 1 };
typedef float vec;
#define vec_zero()       0.0f
#define vec_load(p)      (*(p))
#define vec_store(p, v)  (*(p) = (v))
#define vec_fma(a, b, c) fmaf(a, b, c)
#define vec_set(a)       (a)
#define vec_sub(a, b)    ((a) - (b))
#define vec_square(a, c) fmaf(a, a, c)
#define vec_above(p, x)  ((unsigned)(*(p) > (x)))
#endif

#endif
