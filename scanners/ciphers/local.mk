scanners_libreaders_a_SOURCES += \
	scanners/ciphers/zipcrypto.c \
	scanners/ciphers/zipcrypto.h
