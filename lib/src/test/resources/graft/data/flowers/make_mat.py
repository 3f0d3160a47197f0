"""Two small files in the form of 102 Category Flowers' own, by SciPy: python make_mat.py (in this folder)."""
import numpy as np
from scipy.io import savemat

savemat("imagelabels.mat", {"labels": np.array([[77, 77, 52, 102, 52, 52, 77]], dtype=np.float64)}, do_compression=True)
savemat("setid.mat", {"trnid": np.array([[1, 3]], dtype=np.uint16), "valid": np.array([[2, 5]], dtype=np.uint16),
                      "tstid": np.array([[6, 7]], dtype=np.uint16)}, do_compression=True)
