# The guides, and their pictures, which "make doc-shots" makes anew.
doc_pages = \
	doc/accuracy.ja.md \
	doc/accuracy.md \
	doc/admin.ja.md \
	doc/admin.md \
	doc/approver.ja.md \
	doc/approver.md \
	doc/recipient.ja.md \
	doc/recipient.md \
	doc/sender.ja.md \
	doc/sender.md
doc_pictures = \
	doc/images/approve.en.png \
	doc/images/approve.ja.png \
	doc/images/case.en.png \
	doc/images/case.ja.png \
	doc/images/evidence.en.png \
	doc/images/evidence.ja.png \
	doc/images/flow.en.svg \
	doc/images/flow.ja.svg \
	doc/images/inbox.en.png \
	doc/images/inbox.ja.png \
	doc/images/links.en.png \
	doc/images/links.ja.png \
	doc/images/locked.en.png \
	doc/images/locked.ja.png \
	doc/images/recipient.en.png \
	doc/images/recipient.ja.png \
	doc/images/report.en.png \
	doc/images/report.ja.png \
	doc/images/sender.en.png \
	doc/images/sender.ja.png
EXTRA_DIST += tests/browser/doc_shots.mjs tests/browser/doc_shots.py

# Installed beside each other, so that the links hold.
docimagesdir = $(docdir)/images
dist_doc_DATA = $(doc_pages)
dist_docimages_DATA = $(doc_pictures)

.PHONY: doc-shots
doc-shots: sekimori-desk$(EXEEXT) tests/quarantine-ui/fake_vault$(EXEEXT) po/ja.mo
	cd $(srcdir)/tests/browser && { [ -d node_modules/playwright-core ] || \
	  npm ci --no-audit --no-fund; }
	/usr/bin/python3 -B $(srcdir)/tests/browser/doc_shots.py --build . \
	  --out $(srcdir)/doc/images
