bin_PROGRAMS += sekimori
sekimori_SOURCES = \
	cli/cmd_check_config.c \
	cli/cmd_policy.c \
	cli/cmd_reload.c \
	cli/cmd_run.c \
	cli/command.c \
	cli/command.h \
	cli/commands.def \
	cli/directories.c \
	cli/directories.h \
	cli/main.c \
	cli/options.c \
	cli/options.h \
	cli/programs.c \
	cli/programs.h
sekimori_LDADD = vault/libvaultclient.a $(config_libs) lib/libproc.a \
	lib/libreport.a lib/libwire.a lib/libbase.a $(JANSSON_LIBS) -lm
