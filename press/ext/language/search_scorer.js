// Which search result comes first: pages whose title says what was asked, then the glossary's entry
// for it, then chapters, and the reference of the library last. Sphinx puts this into its search script (html_search_scorer).
var Scorer = {
  score: ([page, title, anchor, , score]) => {
    const query = (new URLSearchParams(location.search).get("q") || "").trim().toLowerCase();
    const named = query !== "" && title.toLowerCase().includes(query);
    let bonus = named ? 60 : 0;
    if (named && anchor === "") bonus += 100 * (query.length / title.length);
    if (page.startsWith("chapters/")) bonus += 20;
    if (page === "glossary" && anchor !== "") bonus += 25;
    if (page === "api") bonus -= 40;
    return score + bonus;
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
