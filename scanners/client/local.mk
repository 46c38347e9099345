noinst_LIBRARIES += scanners/libscanclient.a
scanners_libscanclient_a_SOURCES = \
	scanners/client/scan_client.c \
	scanners/client/scan_client.h \
	scanners/client/scan_client_internal.h \
	scanners/client/scan_rewrite.c \
	scanners/client/scan_rewrite.h \
	scanners/client/scan_spawn.c \
	scanners/client/unlock_client.c \
	scanners/client/unlock_client.h \
	scanners/client/unlock_messages.c \
	scanners/client/unlock_messages.h
