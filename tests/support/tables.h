/* SPDX-License-Identifier: MIT
 *
 * Tables of embeddings for tests: six groups of rows that lie apart, the same at every call, with what is
 * known of them, a map made elsewhere, and queries. Made from formulas.
 */
#ifndef NF_TESTS_TABLES_H
#define NF_TESTS_TABLES_H

enum { TABLES_N = 180, TABLES_D = 6, TABLES_GROUPS = 6 };

/* "<folder>/<name>.npy"; `apart`: how far the groups lie from each other. */
void tables_put(const char *folder, const char *name, double apart);
/* items.csv: kind, title, u, v: (u, v) lies on a ring, a place a group. */
void tables_put_items(const char *folder);
/* Query k points where group k does. */
void tables_put_queries(const char *folder, const char *name);

#endif
