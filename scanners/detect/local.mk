scanners_libreaders_a_SOURCES += \
	scanners/detect/detect.h
