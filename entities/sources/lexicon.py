"""Words by which the Entity List tells names from addresses.

None of this is law. The list separates a name from its address by a comma or by a line
break that comes and goes, so reading it needs to know what a legal form looks like
("Co., Ltd."), what begins an address ("Room 1105"), and what a country is called.
"""

import re

# Legal forms and the like that belong to a name although a comma stands before them.
_LEGAL_FORMS = (
    r"co|ltd|inc|corp|llc|llp|lp|plc|jsc|pjsc|ojsc|cjsc|ooo|oao|ao|zao|pao|npo|fsue|sftue|"
    r"kb|okb|skb|rkb|tskb|gmbh|ag|kg|bv|nv|sa|sas|sarl|srl|spa|sro|doo|oy|oyj|ab|as|aps|ou|"
    r"uab|ad|eood|ood|zrt|kft|sti|tic|san|pt|pte|pty|pvt|bhd|sdn|kk|fze|fzc|fzco|dmcc|fz|"
    r"limited|incorporated|corporation|company|private|sirketi|şirketi|sociedad anonima|"
    r"limited liability company|private limited|joint[- ]stock company|"
    r"(?:public|open|closed) joint[- ]stock company"
)
_DOTTED_FORMS = (
    r"l\.?\s?l\.?\s?c|s\.?\s?a\.?\s?l|s\.?\s?r\.?\s?l|s\.?\s?p\.?\s?a|s\.?\s?r\.?\s?o|"
    r"s\.a\.r\.l|b\.v|n\.v|s\.a|k\.k|a\.s|u\.a|l\.p|d\.o\.o"
)
LEGAL_FORM = rf"(?:\(?(?:{_LEGAL_FORMS}|{_DOTTED_FORMS})\)?(?![\w'-])\.?)"
LEGAL_FORMS = re.compile(rf"(?:{LEGAL_FORM}[\s,&]*)+", re.IGNORECASE)

# Abbreviations that keep their full stop at the end of a name.
KEEPS_STOP = re.compile(
    r"(?:\b(?:co|ltd|inc|corp|bros|pte|pty|pvt|bhd|sdn|sti|şti|tic|san|gmbh|jr|sr|elec|int|"
    r"mfg|tech|eng|ind|intl)|\b\w(?:\.\s?\w)+)\.$",
    re.IGNORECASE,
)
# Abbreviations and initials whose full stop does not end a name.
NO_STOP = re.compile(
    r"(?:^|[\s.(])(?:\w|st|dr|mr|mrs|ms|prof|eng|gen|col|no|nr|ul|str|d|g|im|m|bldg|rd|ave|"
    r"named after|etc)\.$",
    re.IGNORECASE,
)

# Words that mark an organisation's own unit when no address word stands beside them.
INSTITUTION = re.compile(
    r"\b(?:institut\w*|academ\w*|cent(?:er|re)s?|laborator\w*|bureau|plant|factory|branch|"
    r"universit\w*|college|department|faculty|division|corps|commission|committee|enterprise|"
    r"concern|headquarters|school|ministry|works|agency|association|council|sciences?)\b",
    re.IGNORECASE,
)
PARENT_INSTITUTION = re.compile(
    r"\b(?:academ\w*|corporation|concern|institut\w*|sciences?|organi[sz]ation|universit\w*|"
    r"commission|ministry|association|plant|enterprise|airlines|bureau|stock company)\b",
    re.IGNORECASE,
)
ADDRESS_WORD = re.compile(
    r"\b(?:room|rooms|rm|unit|units|flat|floor|fl|building|bldg|block|blk|suite|ste|office|shop|"
    r"house|apt|apartment|no|number|nos|lot|plot|p\.?\s?o\.?\s?b(?:ox)?|pob|box|c/o|"
    r"street|str|st|road|rd|avenue|ave|av|boulevard|blvd|highway|hwy|lane|drive|way|square|"
    r"embankment|prospekt|prospect|pr|shosse|ulitsa|ul|ulica|pereulok|proezd|proyezd|passage|"
    r"alley|sokak|sok|sk|cadde|caddesi|cad|mah|mahallesi|mahalle|bulvari|jalan|jl|jln|"
    r"tee|tower|towers|plaza|mansion|complex|park|zone|district|dist|city|town|township|"
    r"village|province|region|oblast|county|state|airport|estate|bazar|bazaar|"
    r"market|sector|phase|colony|area|quarter|base|hub|mall|arcade|chambers|dead end|"
    r"located|address|rue|via|calle|avenida|carrera|chemin|strada|strasse|straße|\w+str|"
    r"\w+straat|\w+strasse)\b",
    re.IGNORECASE,
)
# An address may begin in lower case only with one of these.
LOWER_CASE_ADDRESS = re.compile(
    r"(?:ul|d|dom|str|pr|per|pl|g|k|kv|korp|al|el|nab|bld|sh|in|at|near|opposite|behind)\b"
)

COUNTRIES = (
    "Afghanistan", "Argentina", "Armenia", "Australia", "Austria", "Azerbaijan", "Bahrain",
    "Bangladesh", "Belarus", "Belgium", "Belize", "Bolivia", "Brazil", "British Virgin Islands",
    "Bulgaria", "Burma", "Cambodia", "Canada", "Cayman Islands", "Chile", "China", "Costa Rica",
    "Crimea", "Croatia", "Cuba", "Cyprus", "Czech Republic", "Denmark", "Dubai", "Ecuador",
    "Egypt", "England", "Estonia", "Finland", "France", "Georgia", "Germany", "Great Britain",
    "Greece", "Hong Kong", "Hungary", "India", "Indonesia", "Iran", "Iraq", "Ireland", "Israel",
    "Italy", "Jamaica", "Japan", "Jordan", "Kazakhstan", "Kenya", "Kosovo", "Kuwait",
    "Kyrgyzstan", "Kyrgyz Republic", "Laos", "Latvia", "Lebanon", "Libya", "Lithuania",
    "Luxembourg", "Macau", "Madagascar", "Malaysia", "Malta", "Mauritius", "Mexico", "Moldova",
    "Mongolia", "Morocco", "Nepal", "Netherlands", "New Zealand", "Nicaragua", "Nigeria",
    "North Korea", "North Macedonia", "Norway", "Oman", "Pakistan", "Panama", "Paraguay", "Peru",
    "Philippines", "Poland", "Portugal", "Qatar", "Romania", "Russia", "Russian Federation",
    "Saudi Arabia", "Senegal", "Serbia", "Seychelles", "Singapore", "Slovakia", "Slovenia",
    "South Africa", "South Korea", "South Sudan", "Spain", "Sri Lanka", "Sudan", "Sweden",
    "Switzerland", "Syria", "Taiwan", "Tajikistan", "Thailand", "Tunisia", "Turkey",
    "Turkmenistan", "Türkiye", "U.A.E", "U.K", "U.S.A", "UAE", "Uganda", "UK", "Ukraine",
    "United Arab Emirates", "United Kingdom", "United States", "Uruguay", "Uzbekistan",
    "Venezuela", "Vietnam", "Virgin Islands", "Yemen", "Zimbabwe",
)  # fmt: skip
COUNTRY = rf"(?:{'|'.join(re.escape(name) for name in COUNTRIES)})"
ENDS_IN_COUNTRY = re.compile(rf"\b{COUNTRY}\W*(?:[\w-]*\d[\w-]*\W*){{0,2}}(?:and)?$", re.IGNORECASE)

_ONE_TO_TWENTY = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)  # fmt: skip
NUMBERS = {word: count for count, word in enumerate(_ONE_TO_TWENTY, start=1)} | {"thirty": 30}
NUMBERS |= {
    f"{tens}-{word}": NUMBERS[tens] + NUMBERS[word]
    for tens in ("twenty", "thirty")
    for word in _ONE_TO_TWENTY[:9]
}


def number(word: str | None) -> int | None:
    """The number that ``word`` ("three", "twenty-two", "22") stands for, if it is one."""
    if word is None:
        return None
    is_figure = word.isdecimal() and len(word) <= len("9999")
    return int(word) if is_figure else NUMBERS.get(word.lower())
