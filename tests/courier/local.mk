# Tests of courier.
courier_smtp_libs = courier/libsmtp.a $(LDADD) $(OPENSSL_LIBS)
unit_tests += tests/courier/test_smtp_reply tests/courier/test_smtp_data
unit_tests += tests/courier/test_smtp_client
tests_courier_test_smtp_reply_SOURCES = tests/courier/test_smtp_reply.c
tests_courier_test_smtp_reply_LDADD = $(courier_smtp_libs)
tests_courier_test_smtp_data_SOURCES = tests/courier/test_smtp_data.c
tests_courier_test_smtp_data_LDADD = $(courier_smtp_libs)
tests_courier_test_smtp_client_SOURCES = \
	tests/courier/smtp_server.c \
	tests/courier/smtp_server.h \
	tests/courier/test_smtp_client.c
tests_courier_test_smtp_client_LDADD = $(courier_smtp_libs)
