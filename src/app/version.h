/* SPDX-License-Identifier: MIT
 *
 * The program's version, as --version and config.json say it.
 */
#ifndef NF_APP_VERSION_H
#define NF_APP_VERSION_H

#define NEARFAR_VERSION "0.1"

#endif
