"""Word documents with a number in each place; for make_ooxml.py."""
from ooxml_parts import (Sample, binaries, cell, chart, diagram,
                         package, par, properties, rels, run, runs, table,
                         types, xml)


def word_body(s):
    """Everything that a Word document's body may hold a number in."""
    hidden = "<w:rPr><w:vanish/></w:rPr>"
    first = s.split("runs")
    box = s.split("text box")
    old = s.split("text box for old programs")
    vml = s.split("VML text box")
    shown = s.split("around hidden text")
    deleted = s.split("deleted text")
    before = s.split("before an insertion")
    moved = s.split("moved text")
    now = s.split("around deleted text")
    choice = s.split("runs of alternate content")
    join = s.split("joined paragraphs")
    code = s.split("field code")
    around = s.split("around unknown elements")
    symbols = s.plant("symbols")
    hyphen = s.plant("hyphens that do not break")
    comb = s.plant("one digit per cell")
    inner = s.plant("one digit per cell of an inner table")
    parts = [
        par(run("個人番号 ") + runs(*first)),
        par('<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>'
            f"<w:txbxContent>{par(runs(*box))}</w:txbxContent></wps:txbx>"
            "</mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
            f"{par(runs(*old))}</w:txbxContent></v:textbox></w:pict>"
            "</mc:Fallback></mc:AlternateContent></w:r>" + run("箱")),
        par("<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
            f"{par(runs(*vml))}</w:txbxContent></v:textbox>"
            f'<v:textpath string="{s.plant("word art")}"/></v:shape>'
            "</w:pict></w:r>"),
        par(run(s.plant("hidden text"), hidden)),
        par(run(shown[0]) + run("x7x", hidden) + runs(*shown[1:])),
        par(run("旧 ") + '<w:del w:id="1" w:author="a">' + "".join(
            f"<w:r><w:delText>{t}</w:delText></w:r>" for t in deleted)
            + "</w:del>" + run("新")),
        par(run(before[0]) + f'<w:ins w:id="2">{run("99")}</w:ins>'
            + runs(*before[1:])),
        par(f'<w:moveFrom w:id="3">{runs(*moved)}</w:moveFrom>'),
        par(run(now[0]) + '<w:del w:id="4"><w:r><w:delText>55</w:delText>'
            "</w:r></w:del>" + runs(*now[1:])),
        par(run(choice[0]) + "<mc:AlternateContent><mc:Choice Requires='w14'>"
            f"{run(choice[1])}</mc:Choice><mc:Fallback>{run('00')}"
            f"</mc:Fallback></mc:AlternateContent>{run(choice[2])}"),
        par("<w:pPr><w:rPr><w:del w:id='5'/></w:rPr></w:pPr>"
            + run(join[0])), par(runs(*join[1:])),
        par("<w:r><w:fldChar w:fldCharType='begin'/></w:r>" + "".join(
            f"<w:r><w:instrText>{t}</w:instrText></w:r>" for t in code)
            + "<w:r><w:fldChar w:fldCharType='separate'/></w:r>"
            + run(s.plant("field result"))
            + "<w:r><w:fldChar w:fldCharType='end'/></w:r>"),
        par('<w:fldSimple w:instr="QUOTE '
            f'{s.plant("simple field")}">{run("x")}</w:fldSimple>'),
        '<w:sdt><w:sdtPr><w:alias w:val="個人番号"/><w:dropDownList>'
        f'<w:listItem w:displayText="x" w:value="{s.plant("list item")}"/>'
        "</w:dropDownList></w:sdtPr><w:sdtContent>"
        + par(runs(*s.split("content control"))) + "</w:sdtContent></w:sdt>",
        par("<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:textInput>"
            f'<w:default w:val="{s.plant("form field")}"/></w:textInput>'
            "</w:ffData></w:fldChar></w:r>"),
        par("<w:r>" + "".join(f'<w:sym w:font="Symbol" w:char="F03{d}"/>'
                              for d in symbols) + "</w:r>"),
        par("<w:r>" + "<w:noBreakHyphen/>".join(
            f"<w:t>{hyphen[i:i + 4]}</w:t>" for i in (0, 4, 8)) + "</w:r>"),
        par("<w:r><w:ruby><w:rt>"
            + runs(*s.split("phonetic text")) + "</w:rt><w:rubyBase>"
            + runs(*s.split("ruby base")) + "</w:rubyBase></w:ruby></w:r>"),
        par("<m:oMath>" + "".join(f"<m:r><m:t>{t}</m:t></m:r>"
                                  for t in s.split("formula")) + "</m:oMath>"),
        par('<w:r><w:drawing><wp:inline><wp:docPr id="1" descr="'
            f'{s.plant("alternative text")}"/></wp:inline></w:drawing></w:r>'),
        f"<!-- {s.plant('XML comment')} --><?x {s.plant('instruction')}?>",
        par(run(around[0]) + "<x:r xmlns:x='urn:x'><x:t>99</x:t></x:r>"
            + run(around[1]) + "<x:a xmlns:x='urn:x'>" + run("88") + "</x:a>"
            + run(around[2])),
        par("<x:a xmlns:x='urn:x'>" + runs(*s.split("in an unknown element"))
            + "</x:a>"),
        par(run(s.plant("line of the body"))),
        table([cell("氏名"), cell("個人番号")],
              [cell("山田太郎"), cell(s.plant("table cell"))],
              [cell("山田花子"), f"<w:tc>{par(runs(*s.split('split cell')))}</w:tc>"]),
        table([cell("個人番号", 12)], [cell(d) for d in comb]),
        table([cell("外"), "<w:tc>" + par(run("中"))
               + table([cell("個人番号", 12)], [cell(d) for d in inner])
               + par(run("後")) + "</w:tc>", cell("外の後")],
              [cell("x"), cell(s.plant("below an inner table"))]),
        '<w:altChunk r:id="rId9"/>',
    ]
    return "<w:body>" + "".join(parts) + "<w:sectPr/></w:body>"


def story(root, element, texts):
    return xml(root, f'<{element} w:id="1" w:author="a">{par(runs(*texts))}'
                     f"</{element}>")


def word(path):
    s = Sample(path)
    html = ("<html><body>" + s.plant("HTML chunk") + "</body></html>")
    mail = ("MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
            + s.plant("mail chunk") + "\r\n")
    members = {
        "[Content_Types].xml": types(("word/document.xml", "application/vnd."
                                      "openxmlformats-officedocument.wordproc"
                                      "essingml.document.main+xml")),
        "_rels/.rels": rels(("rId1", "officeDocument", "word/document.xml",
                             "")),
        "word/document.xml": xml("w:document", word_body(s)),
        "word/_rels/document.xml.rels": rels(
            ("rId9", "aFChunk", "chunk.htm", ""),
            ("rId7", "hyperlink", "http://example.com/?q=%E5%80%8B%E4%BA%BA"
             "%E7%95%AA%E5%8F%B7%20" + "".join(
                 "%3" + d for d in s.plant("encoded link")),
             ' TargetMode="External"'),
            ("rId8", "hyperlink", "http://example.com/?"
             + s.plant("hyperlink"), ' TargetMode="External"')),
        "word/comments.xml": story("w:comments", "w:comment",
                                   s.split("comment")),
        "word/footnotes.xml": story("w:footnotes", "w:footnote",
                                    s.split("footnote")),
        "word/endnotes.xml": story("w:endnotes", "w:endnote",
                                   s.split("endnote")),
        "word/header1.xml": xml("w:hdr", par(runs(*s.split("header")))),
        "word/footer1.xml": xml("w:ftr", par(runs(*s.split("footer")))),
        "word/glossary/document.xml": xml(
            "w:glossaryDocument", "<w:docParts><w:docPart><w:docPartBody>"
            + par(runs(*s.split("building block")))
            + "</w:docPartBody></w:docPart></w:docParts>"),
        "word/settings.xml": xml(
            "w:settings", '<w:docVars><w:docVar w:name="個人番号" w:val="'
            f'{s.plant("document variable")}"/></w:docVars>'),
        "word/charts/chart1.xml": chart(
            s.split("chart title"), "x", [s.plant("chart value")]),
        "word/diagrams/data1.xml": diagram(s.split("diagram")),
        "word/chunk.htm": html,
        "word/chunk.mht": mail,
    }
    package(path, members | properties(s) | binaries(s, "word"))
    return members


def small_word(path):
    s = Sample(path)
    package(path, {
        "[Content_Types].xml": types(("word/document.xml", "application/vnd."
                                      "openxmlformats-officedocument.wordproc"
                                      "essingml.document.main+xml")),
        "word/document.xml": xml("w:document", "<w:body>"
                                 + par(runs(*s.split("runs")))
                                 + table([cell("個人番号")],
                                         [cell(s.plant("table cell"))])
                                 + "</w:body>"),
        "word/comments.xml": story("w:comments", "w:comment",
                                   s.split("comment"))})
