/// The style sheet of report pages.
///
/// One column of about a hundred letters; hairlines in place of boxes; one accent. Dark colours are for screens alone, so that paper stays white.
/// The colours are the charts' own, so that charts lie on the page's paper without an edge. Cells and code run in the direction of what they hold:
/// a sentence of Arabic or Hebrew has its full stop at the left.
enum PageStyle {
    private static let colors: [(name: String, paint: Paint)] = [
        ("ink", .ink), ("soft", .soft), ("line", .grid), ("panel", .panel), ("paper", .paper), ("accent", .accent), ("warm", .warm),
    ]
    private static let light = colors.map { "--\($0.name):\($0.paint.light)" }.joined(separator: ";")
    private static let dark = colors.map { "--\($0.name):\($0.paint.dark)" }.joined(separator: ";")

    static let sheet = """
        :root{\(light);color-scheme:light dark}
        @media screen and (prefers-color-scheme:dark){:root{\(dark)}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0 auto;max-width:62rem;padding:3rem 1rem 4rem;background:var(--paper);color:var(--ink);
        font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
        h1{margin:0;font-size:clamp(1.6rem,1.2rem + 1.8vw,2.2rem);line-height:1.2;letter-spacing:-.015em;font-weight:680;text-wrap:balance}
        .subtitle{margin:.5rem 0 0;color:var(--soft);font-size:1.05rem;max-width:46rem}
        nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-top:1.25rem;font-size:.92rem}
        a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.2em}
        nav a{text-decoration:none}
        nav a:hover{text-decoration:underline}
        section{margin-top:2.25rem;padding-top:1.5rem;border-top:1px solid var(--line)}
        h2{margin:0 0 1rem;font-size:1.25rem;line-height:1.3;letter-spacing:-.008em;font-weight:650}
        p,ul{margin:.9rem 0;max-width:46rem}
        ul{padding-left:1.2rem}
        li{margin:.25rem 0}
        li::marker{color:var(--soft)}
        figure{margin:1.25rem 0}
        figcaption{color:var(--soft);font-size:.88rem;line-height:1.45;max-width:46rem}
        .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,10.5rem),1fr));gap:.75rem;margin:1rem 0 1.25rem}
        .figures div{padding:.85rem 1rem .9rem;border-radius:.6rem;background:var(--panel);min-width:0}
        dt{color:var(--soft);font-size:.86rem;line-height:1.35}
        dd{margin:0}
        .value{margin-top:.2rem;font-size:1.7rem;line-height:1.2;font-weight:640;letter-spacing:-.02em}
        .value.long{font-size:1.15rem;line-height:1.35;letter-spacing:-.005em}
        .note{margin-top:.2rem;color:var(--soft);font-size:.82rem;line-height:1.4}
        .picture svg{display:block;margin:0}
        .picture{margin-left:-14px}
        .picture figcaption{padding:.25rem 14px 0}
        .pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem 1.25rem;margin:1.25rem 0}
        .pictures figure{margin:0;min-width:0}
        .narrow{display:none}
        .scroll{overflow:auto;scrollbar-width:thin}
        .picture .scroll svg{max-width:none!important;margin:0}
        .table figcaption{margin-bottom:.4rem;color:var(--ink);font-weight:600;font-size:.95rem}
        .long{max-height:32rem;border-bottom:1px solid var(--line)}
        table{border-collapse:separate;border-spacing:0;min-width:min(100%,24rem);font-size:.92rem;line-height:1.4}
        th,td{padding:.42rem .9rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:baseline}
        td,pre,summary{unicode-bidi:plaintext}
        th:first-child,td:first-child{padding-left:.25rem}
        td{max-width:30rem}
        thead th{position:sticky;top:0;background:var(--paper);color:var(--soft);font-weight:600;font-size:.86rem;white-space:nowrap}
        tbody tr:last-child td{border-bottom:0}
        tbody tr:hover td{background:var(--panel)}
        .number{text-align:right;white-space:nowrap}
        .count{margin:.35rem 0 0;color:var(--soft);font-size:.82rem}
        pre{margin:0;padding:.85rem 1rem;border-radius:.6rem;background:var(--panel);overflow:auto;scrollbar-width:thin;tab-size:4;
        font:.86rem/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        code{font:inherit}
        .code figcaption{margin-bottom:.4rem}
        .warning{padding:.7rem 1rem;border-left:4px solid var(--warm);border-radius:0 .6rem .6rem 0;background:var(--panel)}
        .warning strong{margin-right:.35rem;color:var(--warm)}
        details{margin:1rem 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
        details+details{margin-top:-1.0625rem}
        summary{padding:.65rem .25rem;cursor:pointer;font-weight:600}
        summary::marker{color:var(--soft)}
        summary:hover{color:var(--accent)}
        .inside{padding:0 .25rem .75rem}
        .inside>:first-child{margin-top:0}
        :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:.25rem}
        footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.86rem}
        @media (max-width:640px){
        body{padding:1.75rem 1.0625rem 3rem}
        .figures{grid-template-columns:repeat(auto-fill,minmax(min(100%,9.5rem),1fr));gap:.6rem}
        .value{font-size:1.45rem}
        .wide{display:none}
        .narrow{display:block}
        section{margin-top:1.75rem;padding-top:1.25rem}
        }
        @media print{
        @page{margin:16mm}
        body{max-width:none;padding:0;font-size:10.5pt}
        nav{display:none}
        .wide{display:block}
        .narrow{display:none}
        .scroll,pre{overflow:visible;max-height:none}
        pre{white-space:pre-wrap}
        .picture .scroll svg{max-width:100%!important}
        h2{break-after:avoid}
        figure.picture,.figures,.warning,tr{break-inside:avoid}
        thead th{position:static}
        .figures div,pre,.warning{border:1px solid var(--line)}
        details::details-content{content-visibility:visible;block-size:auto}
        }
        """
}
