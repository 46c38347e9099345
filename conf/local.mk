# Filled by the files of this folder.
