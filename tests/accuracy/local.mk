# How much is found: "make accuracy" after "make install". Writes
# doc/accuracy.md and doc/accuracy.ja.md of the source tree.
EXTRA_DIST += \
	tests/accuracy/accuracy.py \
	tests/accuracy/corpus.py \
	tests/accuracy/figures.py \
	tests/accuracy/fourth_columns.py \
	tests/accuracy/fourth_everyday.py \
	tests/accuracy/fourth_files.py \
	tests/accuracy/fourth_first.json \
	tests/accuracy/fourth_forms.py \
	tests/accuracy/fourth_labelled.py \
	tests/accuracy/fourth_reports.py \
	tests/accuracy/fourth_rivals.py \
	tests/accuracy/fourth_tables.py \
	tests/accuracy/fourth_words.py \
	tests/accuracy/fresh_columns.py \
	tests/accuracy/fresh_everyday.py \
	tests/accuracy/fresh_first.json \
	tests/accuracy/fresh_forms.py \
	tests/accuracy/fresh_labelled.py \
	tests/accuracy/fresh_rivals.py \
	tests/accuracy/fresh_tables.py \
	tests/accuracy/fresh_words.py \
	tests/accuracy/held_everyday.py \
	tests/accuracy/held_forms.py \
	tests/accuracy/held_labelled.py \
	tests/accuracy/held_rivals.py \
	tests/accuracy/held_tables.py \
	tests/accuracy/held_words.py \
	tests/accuracy/letters.py \
	tests/accuracy/measure.py \
	tests/accuracy/records.py \
	tests/accuracy/shapes.py \
	tests/accuracy/sheets.py \
	tests/accuracy/tables.py \
	tests/accuracy/test_corpus.py \
	tests/accuracy/tuning_everyday.py \
	tests/accuracy/tuning_forms.py \
	tests/accuracy/tuning_labelled.py \
	tests/accuracy/tuning_rivals.py \
	tests/accuracy/tuning_tables.py \
	tests/accuracy/tuning_words.py

.PHONY: accuracy
accuracy:
	/usr/bin/python3 -B $(srcdir)/tests/accuracy/test_corpus.py
	/usr/bin/python3 -B $(srcdir)/tests/accuracy/accuracy.py \
		--root $(prefix) --write-doc $(srcdir)/doc
