bin_PROGRAMS += sekimori
sekimori_SOURCES = \
	cli/cmd_audit.c \
	cli/cmd_check_config.c \
	cli/cmd_doctor.c \
	cli/cmd_hold.c \
	cli/cmd_key.c \
	cli/cmd_policy.c \
	cli/cmd_reload.c \
	cli/cmd_run.c \
	cli/cmd_scan.c \
	cli/cmd_setup.c \
	cli/cmd_store.c \
	cli/cmd_user.c \
	cli/command.c \
	cli/command.h \
	cli/commands.def \
	cli/directories.c \
	cli/directories.h \
	cli/doctor.h \
	cli/doctor_postfix.c \
	cli/doctor_programs.c \
	cli/doctor_vault.c \
	cli/export_open.c \
	cli/export_open.h \
	cli/hold_export.c \
	cli/hold_export.h \
	cli/hold_text.c \
	cli/hold_text.h \
	cli/key_file.c \
	cli/key_file.h \
	cli/main.c \
	cli/options.c \
	cli/options.h \
	cli/output.c \
	cli/output.h \
	cli/programs.c \
	cli/programs.h \
	cli/scan_json.c \
	cli/scan_preview.c \
	cli/scan_text.c \
	cli/scan_text.h \
	cli/secret.c \
	cli/secret.h \
	cli/setup_accounts.c \
	cli/setup_accounts.h \
	cli/setup_answers.c \
	cli/setup_answers.h \
	cli/subcommand.c \
	cli/subcommand.h \
	cli/table.c \
	cli/table.h \
	cli/user_text.c \
	cli/user_text.h \
	cli/vault_ask.c \
	cli/vault_ask.h
sekimori_LDADD = vault/libvaultclient.a scanners/libscanclient.a $(config_libs) lib/libproc.a \
	lib/libcrypto.a $(OPENSSL_LIBS) $(ARGON2_LIBS) lib/libreport.a lib/libwire.a lib/libbase.a $(JANSSON_LIBS) -lm
