bin_PROGRAMS += sekimori
sekimori_SOURCES = \
	cli/cmd_check_config.c \
	cli/command.c \
	cli/command.h \
	cli/commands.def \
	cli/main.c \
	cli/options.c \
	cli/options.h
sekimori_LDADD = vault/libvaultclient.a $(config_libs) lib/libproc.a \
	lib/libreport.a lib/libwire.a lib/libbase.a $(JANSSON_LIBS) -lm
