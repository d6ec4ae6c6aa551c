// How a query is split into words: as chinese_search.py splits a text. Sphinx puts this into its search script.
function splitQuery(query) {
  const runs = query.match(/[\u3400-\u9fff]+|[\p{L}\p{N}_]+/gu) || [];
  return runs.flatMap((run) =>
    /^[\u3400-\u9fff]{3}/.test(run)
      ? Array.from({length: run.length - 1}, (_, i) => run.slice(i, i + 2))
      : [run]
  );
}
