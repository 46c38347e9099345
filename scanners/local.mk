# Each folder adds its own; libreaders is readers, text, detect and ciphers
# together.
include scanners/readers/local.mk
include scanners/text/local.mk
include scanners/detect/local.mk
include scanners/ciphers/local.mk
include scanners/rewrite/local.mk
include scanners/worker/local.mk
include scanners/supervisor/local.mk
include scanners/pdf/local.mk
include scanners/locks/local.mk
