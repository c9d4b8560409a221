/** The rules of Rust's Inflector 0.11, which graph-node names its collections by; the last that fits counts. */
const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/(\w*)s$/, 's'],
  [/(\w*([^aeiou]ese))$/, ''],
  [/(\w*(ax|test))is$/, 'es'],
  [/(\w*(alias|[^aou]us|tlas|gas|ris))$/, 'es'],
  [/(\w*(e[mn]u))s?$/, 's'],
  [/(\w*([^l]ias|[aeiou]las|[emjzr]as|[iu]am))$/, ''],
  [/(\w*(alumn|syllab|octop|vir|radi|nucle|fung|cact|stimul|termin|bacill|foc|uter|loc|strat))(?:us|i)$/, 'i'],
  [/(\w*(alumn|alg|vertebr))(?:a|ae)$/, 'ae'],
  [/(\w*(seraph|cherub))(?:im)?$/, 'im'],
  [/(\w*(her|at|gr))o$/, 'oes'],
  [
    /(\w*(agend|addend|millenni|dat|extrem|bacteri|desiderat|strat|candelabr|errat|ov|symposi|curricul|automat|quor))(?:a|um)$/,
    'a',
  ],
  [/(\w*(apheli|hyperbat|periheli|asyndet|noumen|phenomen|criteri|organ|prolegomen|hedr|automat))(?:a|on)$/, 'a'],
  [/(\w*)sis$/, 'ses'],
  [/(\w*(kni|wi|li))fe$/, 'ves'],
  [/(\w*(ar|l|ea|eo|oa|hoo))f$/, 'ves'],
  [/(\w*([^aeiouy]|qu))y$/, 'ies'],
  [/(\w*([^ch][ieo][ln]))ey$/, 'ies'],
  [/(\w*(x|ch|ss|sh|zz)es)$/, ''],
  [/(\w*(x|ch|ss|sh|zz))$/, 'es'],
  [/(\w*(matr|cod|mur|sil|vert|ind|append))(?:ix|ex)$/, 'ices'],
  [/(\w*(m|l)(?:ice|ouse))$/, 'ice'],
  [/(\w*(pe)(?:rson|ople))$/, 'ople'],
  [/(\w*(child))(?:ren)?$/, 'ren'],
  [/(\w*eaux)$/, ''],
]

/**
 * The two query fields of an entity, `content` and `contents` for `Content` (graph-node,
 * graph/src/data/graphql/ext.rs, `camel_cased_names`).
 */
export function queryNames(entity: string): { readonly one: string; readonly many: string } {
  const one = camelCase(entity)
  const many = camelCase(plural(entity))
  return { one, many: many === one ? `${many}_collection` : many }
}

function plural(name: string): string {
  for (const [rule, ending] of PLURALS.toReversed()) {
    const stem = rule.exec(name)?.[1]
    if (stem !== undefined) return `${stem}${ending}`
  }
  return `${name}s`
}

/** Inflector's camel case: upper case starts a word after a lower-case letter only, so `NFTSale` is `nftsale`. */
function camelCase(name: string): string {
  let result = ''
  let newWord = false
  let last = ''
  for (const character of name.replace(/^[^A-Za-z0-9]+|_+$/g, '')) {
    if (character === '_') newWord = true
    else if (/\d/.test(character)) {
      newWord = true
      result += character
    } else if (newWord || (/[a-z]/.test(last) && /[A-Z]/.test(character))) {
      newWord = false
      result += character.toUpperCase()
    } else {
      last = character
      result += character.toLowerCase()
    }
  }
  return result
}
