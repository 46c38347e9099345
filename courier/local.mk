noinst_LIBRARIES += courier/libsmtp.a
courier_libsmtp_a_CPPFLAGS = $(AM_CPPFLAGS) $(OPENSSL_CFLAGS)
courier_libsmtp_a_SOURCES = \
	courier/smtp/smtp_args.c \
	courier/smtp/smtp_args.h \
	courier/smtp/smtp_client.c \
	courier/smtp/smtp_client.h \
	courier/smtp/smtp_data.c \
	courier/smtp/smtp_data.h \
	courier/smtp/smtp_reply.c \
	courier/smtp/smtp_reply.h \
	courier/smtp/smtp_session.c \
	courier/smtp/smtp_session.h \
	courier/smtp/smtp_stream.c \
	courier/smtp/smtp_stream.h \
	courier/smtp/tls.c \
	courier/smtp/tls.h \
	courier/smtp/wait.c \
	courier/smtp/wait.h
