/* SPDX-License-Identifier: MIT
 *
 * What the numbers of a run depend on besides its config: processor, BLAS and how the program was built.
 */
#ifndef NF_APP_MACHINE_H
#define NF_APP_MACHINE_H

#include "run/record.h"

void machine_describe(struct record *record); /* fills record->machine */

#endif
