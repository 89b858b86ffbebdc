/** The page's style sheet. */
export const pageStyle = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--card:#f6f8fa;--link:#0550ae;--bad:#a40e26;--badbg:#ffebe9;--good:#0f5a24;--goodbg:#dafbe1;--warn:#7a4b00;--warnbg:#fff3cd;--dim:#444c56;--dimbg:#eaeef2}
@media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9ea7b3;--line:#3d444d;--card:#161b22;--link:#79b8ff;--bad:#ffa198;--badbg:#4b1113;--good:#7ee787;--goodbg:#0f3d1c;--warn:#f2cc60;--warnbg:#3d2e00;--dim:#c4ccd6;--dimbg:#2a313a}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:72rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.25;margin:.4rem 0}h2{font-size:1.25rem;margin:2rem 0 .5rem}h3{font-size:1.05rem;margin:1rem 0 .3rem}h4{font-size:1rem;margin:.8rem 0 .2rem}
p{margin:.4rem 0}a{color:var(--link)}code,pre{font:13px/1.45 ui-monospace,monospace}
pre{background:var(--bg);border:1px solid var(--line);padding:.5rem;white-space:pre-wrap;margin:.3rem 0;max-height:24rem;overflow:auto}
[data-l=en] [data-t=pt],[data-l=pt] [data-t=en]{display:none}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.5rem;padding-top:.8rem}
.soft{color:var(--soft);font-size:.9rem}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;padding:0;margin:.5rem 0}
button,select,input{font:inherit;color:var(--fg);background:var(--bg);border:1px solid var(--soft);border-radius:4px;padding:.25rem .5rem;max-width:100%}
button[aria-pressed=true]{background:var(--fg);color:var(--bg);border-color:var(--fg)}
button:focus-visible,summary:focus-visible,a:focus-visible,input:focus-visible,select:focus-visible,pre:focus-visible{outline:3px solid var(--link);outline-offset:1px}
.badge{display:inline-block;border-radius:4px;padding:0 .4rem;font-size:.85rem;background:var(--dimbg);color:var(--dim);white-space:nowrap}
.badge.passed{background:var(--goodbg);color:var(--good)}.badge.failed,.badge.not-testable,.badge.stale,.badge.outdated{background:var(--badbg);color:var(--bad)}.badge.warning,.badge.expected{background:var(--warnbg);color:var(--warn)}
.verdict{border-left:8px solid var(--good);padding-left:.8rem}.verdict.bad{border-color:var(--bad)}.verdict.part{border-color:var(--warn)}
.counts{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;padding:0;margin:.4rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.7rem 1rem;margin:.6rem 0}.card h3{margin-top:.2rem}
.card.bad{border-left:6px solid var(--bad)}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.6rem;margin:.5rem 0}.pair>div{background:var(--bg);border:1px solid var(--line);border-radius:4px;padding:.4rem .6rem}.pair>.got{border-color:var(--bad)}.pair strong{display:block;font-size:.85rem;color:var(--soft)}
.filters{display:flex;flex-wrap:wrap;gap:.6rem;align-items:end;margin:.5rem 0}.filters label{display:grid;font-size:.85rem}.filters :is(input,select){height:2.1rem}
details.check{border:1px solid var(--line);border-radius:6px;margin:.3rem 0;padding:.3rem .6rem}details.check[open]{background:var(--card)}
summary{cursor:pointer}details.exchange{margin:.2rem 0}
.why{border-left:3px solid var(--line);padding-left:.6rem;margin:.4rem 0}
ol.seq{list-style:none;padding:0;margin:.5rem 0;position:relative;background:linear-gradient(var(--line),var(--line)) 8% 0/1px 100% no-repeat,linear-gradient(var(--line),var(--line)) 50% 0/1px 100% no-repeat,linear-gradient(var(--line),var(--line)) 92% 0/1px 100% no-repeat}
.lanes{display:grid;grid-template-columns:1fr 1fr 1fr;font-size:.85rem;font-weight:600}.lanes span:nth-child(2){text-align:center}.lanes>:last-child{text-align:right}
ol.seq li{position:relative;border-bottom:2px solid var(--fg);margin-top:.35rem;font-size:.8rem;line-height:1.3;padding:0 .6rem .1rem}
ol.seq li span{background:var(--card);padding:0 .2rem}
ol.seq li.ub,ol.seq li.bu{margin-left:8%;margin-right:8%}ol.seq li.pb,ol.seq li.bp{margin-left:50%;margin-right:8%}ol.seq li.up,ol.seq li.pu{margin-left:8%;margin-right:50%}
ol.seq li.bu,ol.seq li.bp,ol.seq li.pu{border-bottom-style:dashed;text-align:right}
ol.seq li::after{content:"";position:absolute;bottom:-6px;border:5px solid transparent}
ol.seq li.ub::after,ol.seq li.pb::after,ol.seq li.up::after{right:-4px;border-left-color:var(--fg)}ol.seq li.bu::after,ol.seq li.bp::after,ol.seq li.pu::after{left:-4px;border-right-color:var(--fg)}
ol.seq li.step{border:0;margin:.5rem 0 0;padding:0;text-align:left}ol.seq li.step::after{display:none}ol.seq li.step span{font-weight:600;color:var(--soft);background:var(--card)}
.trace table{table-layout:fixed}.trace th:first-child{width:38%}.trace th:nth-child(2){width:7.5rem}.trace th:last-child{width:26%}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}th{background:var(--card)}caption{text-align:left;padding:.3rem 0}
td{min-width:5rem}.booklet dl{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.2rem 1rem}.booklet dd{margin:0}
footer{padding:2rem 1rem}
@media (max-width:640px){body{font-size:15px}h1{font-size:1.3rem}h2{margin-top:1.2rem}.pair{grid-template-columns:1fr}.booklet dl{grid-template-columns:1fr}td,th{padding:.2rem .3rem}.trace thead{position:absolute;clip-path:inset(50%)}.trace tr{display:block;border:1px solid var(--line);margin:.4rem 0}.trace td{display:block;border:0}}
@media print{:root{color-scheme:light;--bg:#fff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--card:#f6f8fa;--link:#0550ae;--bad:#a40e26;--badbg:#ffebe9;--good:#0f5a24;--goodbg:#dafbe1;--warn:#7a4b00;--warnbg:#fff3cd;--dim:#444c56;--dimbg:#eaeef2}nav,.filters,button,noscript{display:none!important}body{font-size:11pt}header,main,footer{max-width:none}details.check:not([open]){border:0;padding:0}pre{max-height:none}.scroll{overflow:visible}tr,.card{break-inside:avoid}.booklet{break-before:page}input{border:0;border-bottom:1px solid}}
`.trim();
