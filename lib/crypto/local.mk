noinst_LIBRARIES += lib/libcrypto.a
lib_libcrypto_a_SOURCES = \
	lib/crypto/box.c \
	lib/crypto/certificate.c \
	lib/crypto/certificate.h \
	lib/crypto/certificate_look.c \
	lib/crypto/content.c \
	lib/crypto/content.h \
	lib/crypto/digest.c \
	lib/crypto/digest.h \
	lib/crypto/gcm.c \
	lib/crypto/gcm.h \
	lib/crypto/link_files.c \
	lib/crypto/link_key.c \
	lib/crypto/link_key.h \
	lib/crypto/link_password.c \
	lib/crypto/link_password.h \
	lib/crypto/password.c \
	lib/crypto/password.h \
	lib/crypto/seal.c \
	lib/crypto/seal.h \
	lib/crypto/seal_wrap.c \
	lib/crypto/seal_wrap.h \
	lib/crypto/sign.c \
	lib/crypto/sign.h \
	lib/crypto/signed_text.c \
	lib/crypto/signed_text.h \
	lib/crypto/spool_cipher.c \
	lib/crypto/totp.c \
	lib/crypto/totp.h \
	lib/crypto/x25519.c \
	lib/crypto/x25519.h
