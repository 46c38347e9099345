
# The sample file; "sekimori check-config --sample" prints the same.
EXTRA_DIST += conf/sekimori.conf
sekimoriconfdir = $(sysconfdir)/sekimori
nodist_sekimoriconf_DATA = conf/sekimori.conf.sample
CLEANFILES += conf/sekimori.conf.sample
conf/sekimori.conf.sample: conf/sekimori.conf
	$(AM_V_GEN)$(MKDIR_P) conf && cp $(srcdir)/conf/sekimori.conf $@


# Words of notices, found below data_dir.
nobase_dist_pkgdata_DATA += \
	conf/notices/en/approved-sender.txt \
	conf/notices/en/bounced-sender.txt \
	conf/notices/en/cancelled-sender.txt \
	conf/notices/en/commented-approver.txt \
	conf/notices/en/companion-sender.txt \
	conf/notices/en/delivered-sender.txt \
	conf/notices/en/entry-sender.txt \
	conf/notices/en/expired-sender.txt \
	conf/notices/en/failed-sender.txt \
	conf/notices/en/footer.txt \
	conf/notices/en/footer-recipient.txt \
	conf/notices/en/held-approver.txt \
	conf/notices/en/held-sender.txt \
	conf/notices/en/link-asked-approver.txt \
	conf/notices/en/link-code-recipient.txt \
	conf/notices/en/link-ended-sender.txt \
	conf/notices/en/link-failed-sender.txt \
	conf/notices/en/link-frozen-sender.txt \
	conf/notices/en/link-receipt-sender.txt \
	conf/notices/en/link-recipient.txt \
	conf/notices/en/link-reminder-recipient.txt \
	conf/notices/en/linked-sender.txt \
	conf/notices/en/passed-sender.txt \
	conf/notices/en/reminder-approver.txt \
	conf/notices/en/returned-sender.txt \
	conf/notices/en/unlocked-sender.txt \
	conf/notices/en/waiting-sender.txt \
	conf/notices/ja/approved-sender.txt \
	conf/notices/ja/bounced-sender.txt \
	conf/notices/ja/cancelled-sender.txt \
	conf/notices/ja/commented-approver.txt \
	conf/notices/ja/companion-sender.txt \
	conf/notices/ja/delivered-sender.txt \
	conf/notices/ja/entry-sender.txt \
	conf/notices/ja/expired-sender.txt \
	conf/notices/ja/failed-sender.txt \
	conf/notices/ja/footer.txt \
	conf/notices/ja/footer-recipient.txt \
	conf/notices/ja/held-approver.txt \
	conf/notices/ja/held-sender.txt \
	conf/notices/ja/link-asked-approver.txt \
	conf/notices/ja/link-code-recipient.txt \
	conf/notices/ja/link-ended-sender.txt \
	conf/notices/ja/link-failed-sender.txt \
	conf/notices/ja/link-frozen-sender.txt \
	conf/notices/ja/link-receipt-sender.txt \
	conf/notices/ja/link-recipient.txt \
	conf/notices/ja/link-reminder-recipient.txt \
	conf/notices/ja/linked-sender.txt \
	conf/notices/ja/passed-sender.txt \
	conf/notices/ja/reminder-approver.txt \
	conf/notices/ja/returned-sender.txt \
	conf/notices/ja/unlocked-sender.txt \
	conf/notices/ja/waiting-sender.txt

# The words of detection, for reading and copying: what is compiled in.
nobase_dist_pkgdata_DATA += $(word_files)
