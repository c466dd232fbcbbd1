/* SPDX-License-Identifier: MIT
 *
 * A word that is no command: the one it is most like, or the keys that do what people call so.
 */
#include "base/check.h"
#include "view/command.h"

#include <stdio.h>
#include <string.h>

/* What begins so is done by other means. */
static const struct {
    const char *begins, *instead;
} topics[] = {
    {"hub", "3, then left: who is most often in lists"},
    {"anti", "3, then left twice: who is in no list"},
    {"neigh", "3 shows the nearest"},
    {"near", "3 shows the nearest; :export FILE.csv near 50 writes them"},
    {"knn", "3 shows the nearest"},
    {"neg", "2 shows the hardest negatives"},
    {"hard", "2 shows the hardest negatives"},
    {"false", "2, then right three times: false negatives"},
    {"pos", "2 shows the positives"},
    {"fmr", ":threshold fmr 1%"},
    {"fnmr", ":threshold fnmr 5%"},
    {"eer", ":threshold eer"},
    {"pca", ":axes pca"},
    {"tau", ":set tau 0.1"},
    {"temp", ":set temperature 0.1"},
    {"lr", ":set lr 0.001"},
    {"save", ":w FILE"},
    {"exit", ":q"},
    {"color", ":colour"},
    {"find", ":search"},
    {"open", "what is to be opened is said at the start: nearfar PATH"},
};

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Letters to change, add or leave out (Levenshtein 1966), of words shorter than the row. */
static int distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    int row[LONGEST + 1], n = (int)strlen(a), m = (int)strlen(b);
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (int j = 0; j <= m; j++)
        row[j] = j;
    for (int i = 1; i <= n; i++) {
        int corner = row[0];
        row[0] = i;
        for (int j = 1; j <= m; j++) {
            int changed = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            row[j] = least(changed, 1 + least(row[j], row[j - 1]));
        }
    }
    return row[m];
}

/* The command that is least far, at most a third of its letters; NULL: none is. Words before keys' names. */
static const char *most_alike(const char *name)
{
    const char *best = NULL;
    int nearest = 1 + least((int)strlen(name), 9) / 3;
    for (size_t i = 0; word_at(i); i++) {
        int far = distance(name, word_at(i)->name);
        best = far < nearest ? word_at(i)->name : best;
        nearest = least(far, nearest);
    }
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        const char *action = action_entry((enum action)a)->name;
        int far = distance(name, action);
        best = far < nearest ? action : best;
        nearest = least(far, nearest);
    }
    return best;
}

const char *command_guess(const char *name, char *text, size_t size)
{
    const char *alike = most_alike(name);
    for (size_t i = 0; i < ARRAY_LEN(topics); i++)
        if (strncmp(name, topics[i].begins, strlen(topics[i].begins)) == 0) {
            snprintf(text, size, "%s", topics[i].instead);
            return text;
        }
    if (alike)
        snprintf(text, size, "did you mean :%s?", alike);
    else
        snprintf(text, size, "Tab completes, ? lists the keys with their names");
    return text;
}
