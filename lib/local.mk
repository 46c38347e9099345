include lib/base/local.mk
include lib/wire/local.mk
include lib/report/local.mk
include lib/words/local.mk
include lib/proc/local.mk
include lib/crypto/local.mk
include lib/config/local.mk
include lib/i18n/local.mk
