// A case as the server tells it -> as the page wants it: what belongs to which group, and whose case it is.

/** The case with `groups` at its scenarios and questions, and `home`: the country most questions are about, if any. */
export function prepare(info) {
  const groupsOf = (goods) => info.groups.filter((group) => group.goods.some((good) => goods.includes(good))).map((group) => group.name);
  const asked = info.questions.map((question) => question.arguments?.of).filter(Boolean);
  const count = (country) => asked.filter((one) => one === country).length;
  return {
    ...info,
    home: [...new Set(asked)].sort((a, b) => count(b) - count(a))[0] ?? '',
    // A scenario of other years changes nothing in the days that are solved.
    scenarios: info.scenarios.filter((one) => one.id !== 'base' && isWithin(one, info.calendar)).map((one) => ({ ...one, groups: one.groups ?? groupsOf(one.goods ?? []) })),
    questions: info.questions.map((one) => ({ ...one, groups: groupsOf([one.arguments?.good, ...(one.arguments?.goods ?? [])].filter(Boolean)) })),
  };
}

function isWithin({ start, end }, calendar) {
  return !calendar || ((!start || start < calendar.end) && (!end || end > calendar.start));
}
