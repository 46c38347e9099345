# Mails and files made to be read differently; run by bootstrap.
EXTRA_DIST += \
	tests/hostile/archive_cases.py \
	tests/hostile/archives.py \
	tests/hostile/bomb_cases.py \
	tests/hostile/cases.py \
	tests/hostile/collection.py \
	tests/hostile/mime_content.py \
	tests/hostile/mime_structure.py \
	tests/hostile/name_cases.py \
	tests/hostile/office_cases.py \
	tests/hostile/open.txt \
	tests/hostile/package_cases.py \
	tests/hostile/packages.py \
	tests/hostile/pdf_cases.py \
	tests/hostile/pdfs.py \
	tests/hostile/polyglot_cases.py \
	tests/hostile/text_cases.py \
	tests/hostile/zip_cases.py \
	tests/hostile/zips.py
