// Which search result comes first: pages whose title says what was asked, in either language, then the
// glossary's entry for it, then chapters, and the reference of the library last. Sphinx puts this into its search script (html_search_scorer).
var Scorer = {
  score: (result) => {
    const [page, title, anchor, , score] = result;
    const query = (new URLSearchParams(location.search).get("q") || "").trim().toLowerCase();
    // The glossary knows what is asked by another name, too: momentum is 动量法.
    const entries = Object.entries(Search._index.indexentries);
    const asked = entries.filter(([word]) => word.toLowerCase() === query).flatMap(([, places]) => places.map(([, id]) => id));
    const alike = entries.filter(([, places]) => places.some(([, id]) => asked.includes(id))).map(([word]) => word.toLowerCase());
    const named = query !== "" && [query, ...alike].some((word) => title.toLowerCase().includes(word));
    let bonus = named ? 60 : 0;
    if (named && anchor === "") bonus += 100 * (query.length / title.length);
    if (page.startsWith("chapters/")) bonus += 20;
    if (page === "glossary" && anchor !== "") bonus += 25;
    if (page === "api") bonus -= 40;
    // An entry of the glossary is called by its own name, not by that of its page.
    const called = ([, places]) => places.some(([file, id]) => Search._index.docnames[file] === page && `#${id}` === anchor);
    const words = page === "glossary" && anchor !== "" && entries.filter(called);
    if (words.length > 0) [result[1], result[3]] = [words.map(([word]) => word).join(", "), title];
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
