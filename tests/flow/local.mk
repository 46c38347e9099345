# The whole path; run by bootstrap, which installs what it needs.
EXTRA_DIST += \
	tests/flow/demo.py \
	tests/flow/desk.py \
	tests/flow/doctor.py \
	tests/flow/doctor_portal.py \
	tests/flow/own_words.py \
	tests/flow/people.py \
	tests/flow/flow.py \
	tests/flow/newcomer.py \
	tests/flow/notices.py \
	tests/flow/pictures.py \
	tests/flow/link_mail.py \
	tests/flow/link_stop.py \
	tests/flow/links.py \
	tests/flow/locked_mail.py \
	tests/flow/locks.py \
	tests/flow/portal.py \
	tests/flow/profile.py \
	tests/flow/related.py \
	tests/flow/unlock.py \
	tests/flow/self_test.py \
	tests/flow/setup.py \
	tests/flow/suite.py \
	tests/formats/everyday.py \
	tests/formats/expected.txt \
	tests/formats/formats.py \
	tests/formats/make_everyday.py \
	tests/formats/scanning.py \
	tests/formats/text_cases.py \
	tests/formats/text_family.py \
	tests/formats/tree.py \
	tests/data/everyday \
	tests/harness/checkpoint.py \
	tests/harness/conservation.py \
	tests/harness/desk_client.py \
	tests/harness/dkim_signer.py \
	tests/harness/local.py \
	tests/harness/locked.py \
	tests/harness/host_shim.c \
	tests/harness/mynumber.py \
	tests/harness/nginx.py \
	tests/harness/certificates.py tests/harness/link_guesses.py \
	tests/harness/link_laws.py tests/harness/portal_client.py \
	tests/harness/postfix.py \
	tests/harness/runner.py \
	tests/harness/samples.py \
	tests/harness/sendmail.py \
	tests/harness/test_conservation.py \
	tests/harness/test_mynumber.py
