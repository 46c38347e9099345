noinst_LIBRARIES += lib/libconfig.a
lib_libconfig_a_SOURCES = \
	lib/config/actions.def \
	lib/config/config.c \
	lib/config/config.h \
	lib/config/config_check.c \
	lib/config/config_check.h \
	lib/config/config_file.c \
	lib/config/config_file.h \
	lib/config/config_lines.c \
	lib/config/config_lines.h \
	lib/config/config_memory.c \
	lib/config/config_memory.h \
	lib/config/config_read.c \
	lib/config/config_read.h \
	lib/config/config_table.c \
	lib/config/config_table.h \
	lib/config/config_text.c \
	lib/config/config_units.c \
	lib/config/config_units.h \
	lib/config/config_words.c \
	lib/config/config_words.h \
	lib/config/courier_settings.def \
	lib/config/desk_settings.def \
	lib/config/portal_settings.def \
	lib/config/general_settings.def \
	lib/config/logo.c \
	lib/config/logo.h \
	lib/config/milter_settings.def \
	lib/config/pattern_settings.def \
	lib/config/policy.c \
	lib/config/policy.h \
	lib/config/policy_build.c \
	lib/config/policy_build.h \
	lib/config/policy_link.c \
	lib/config/policy_link.h \
	lib/config/policy_lint.c \
	lib/config/policy_lint.h \
	lib/config/policy_match.c \
	lib/config/policy_match.h \
	lib/config/policy_pattern.c \
	lib/config/policy_pattern.h \
	lib/config/rule_settings.def \
	lib/config/scanner_settings.def \
	lib/config/vault_settings.def

# What a program that reads the configuration links: $(config_libs) $(LDADD)
config_libs = lib/libconfig.a lib/libwords.a lib/libreport.a lib/libwire.a \
	lib/libbase.a $(CONFUSE_LIBS) $(PCRE2_LIBS)
