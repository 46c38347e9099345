scanners_libreaders_a_SOURCES += \
	scanners/ciphers/aes.c \
	scanners/ciphers/aes.h \
	scanners/ciphers/aes_instructions.c \
	scanners/ciphers/aes_instructions.h \
	scanners/ciphers/derive.h \
	scanners/ciphers/derive_7z.c \
	scanners/ciphers/derive_pbkdf2.c \
	scanners/ciphers/derive_spin.c \
	scanners/ciphers/hash.c \
	scanners/ciphers/hash.h \
	scanners/ciphers/hash_blocks.c \
	scanners/ciphers/hash_blocks.h \
	scanners/ciphers/hash_sha2.c \
	scanners/ciphers/lanes.c \
	scanners/ciphers/lanes.h \
	scanners/ciphers/lanes_avx2.c \
	scanners/ciphers/lanes_avx512.c \
	scanners/ciphers/lanes_loop.h \
	scanners/ciphers/lanes_ways.h \
	scanners/ciphers/password_form.c \
	scanners/ciphers/password_form.h \
	scanners/ciphers/zip_cipher.c \
	scanners/ciphers/zip_cipher.h \
	scanners/ciphers/zipcrypto.c \
	scanners/ciphers/zipcrypto.h
