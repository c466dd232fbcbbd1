/* SPDX-License-Identifier: MIT */
#include "data/foreign.h"

#include "base/check.h"
#include "data/source.h"

#include <string.h>

struct foreign {
    const char *what;
    const char *ending[3];
    const char *magic; /* what such a file begins with, or NULL */
    const char *code;  /* Python: reads f, gives the array a */
};

static const struct foreign foreigns[] = {
    {"PyTorch tensors", {".pt", ".pth"}, NULL, "import torch; a = torch.load(f, 'cpu').float().numpy()"},
    {"Excel files",
     {".xlsx"},
     NULL,
     "import pandas; a = pandas.read_excel(f).select_dtypes('number').to_numpy()"},
    {"archives of arrays", {".npz"}, "PK\3\4", "z = np.load(f); a = z[z.files[0]]"},
    {"Parquet files",
     {".parquet"},
     "PAR1",
     "import pandas; a = np.stack(pandas.read_parquet(f)['embedding'])"},
    {"Arrow files",
     {".arrow", ".feather"},
     "ARROW1",
     "import pandas; a = np.stack(pandas.read_feather(f)['embedding'])"},
    {"HDF5 files", {".h5", ".hdf5"}, "\x89HDF", "import h5py; h = h5py.File(f); a = h[list(h)[0]][:]"},
    {"pickles", {".pkl", ".pickle"}, "\x80\4", "import pickle; a = pickle.load(open(f, 'rb'))"},
    {"safetensors",
     {".safetensors"},
     NULL,
     "from safetensors.numpy import load_file; a = next(iter(load_file(f).values()))"},
    {"JSON files", {".json"}, NULL, "import json; a = json.load(open(f))"},
    {"JSON lines",
     {".jsonl"},
     NULL,
     "import json; a = np.array([json.loads(l)['embedding'] for l in open(f)])"},
    {"MATLAB files", {".mat"}, "MATLAB", "import scipy.io as s; a = s.loadmat(f)['X']"},
};

static bool is_one(const struct foreign *foreign, const char *path, const unsigned char *head, size_t n_head)
{
    for (size_t i = 0; i < ARRAY_LEN(foreign->ending) && foreign->ending[i]; i++)
        if (name_ends(path, foreign->ending[i]))
            return true;
    size_t length = foreign->magic ? strlen(foreign->magic) : 0;
    return length > 0 && n_head >= length && memcmp(head, foreign->magic, length) == 0;
}

bool foreign_table(const char *path, const unsigned char *head, size_t n_head, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(foreigns); i++) {
        const struct foreign *f = &foreigns[i];
        if (!is_one(f, path, head, n_head))
            continue;
        err_put(err,
                "%.120s: %s are not read; convert it: python3 -c \"import numpy as np; f = '%.120s'; %s; "
                "np.save('emb.npy', a)\"",
                path, f->what, path, f->code);
        return true;
    }
    return false;
}
