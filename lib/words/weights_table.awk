# Make the table of weights from conf/words/weights.conf.
BEGIN { print "/* Made by weights_table.awk from conf/words; do not edit. */" }
{ sub(/\r$/, ""); sub(/#.*/, "") }
NF == 2 { printf "{ \"%s\", %d },\n", $1, $2 }
