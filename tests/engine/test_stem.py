"""English words and their stems: the expected ones are what Snowball 3.1 gives, by way of PyStemmer 3.1.0."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.engine.rules.stem import stem

SUFFIXES = (
    *(
        "s",
        "es",
        "ies",
        "sses",
        "us",
        "ied",
        "ed",
        "eed",
        "eedly",
        "edly",
        "ing",
        "ying",
        "ingly",
        "y",
        "ly",
        "e",
        "ll",
    ),
    *(
        "tional",
        "ational",
        "ization",
        "izer",
        "ator",
        "ency",
        "ancy",
        "ably",
        "ently",
        "ally",
        "alism",
        "ality",
        "fulness",
    ),
    *(
        "ousness",
        "iveness",
        "ivity",
        "bility",
        "ogist",
        "ogy",
        "fully",
        "lessly",
        "alize",
        "icate",
        "icity",
        "ical",
        "ness",
    ),
    *(
        "ative",
        "ance",
        "ence",
        "er",
        "ic",
        "able",
        "ible",
        "ant",
        "ement",
        "ment",
        "ent",
        "ism",
        "ate",
        "ous",
        "ion",
        "'s",
    ),
)
letters = st.text(string.ascii_lowercase, min_size=1, max_size=8)
suffixed = st.builds(
    lambda start, ends: start + "".join(ends), letters, st.lists(st.sampled_from(SUFFIXES), max_size=3)
)

PLURALS = """
    cats=cat gaps=gap kiwis=kiwi bees=bee this=this gas=gas bus=bus class=class classes=class witnesses=wit ties=tie
    dies=die cries=cri tied=tie ied=ie cried=cri ieds=i kieds=ki
"""
EED = """
    feed=feed bleed=bleed agreed=agre agreedly=agre proceed=proceed proceeds=proceed exceed=exceed exceedingly=exceed
    succeed=succeed succeeding=succeed
"""
ED_AND_ING = """
    boxing=box bending=bend ringing=ring sing=sing string=string stringed=string bed=bed bingly=bing repeatedly=repeat
    hoped=hope hoping=hope hopingly=hope used=use using=use
"""
LOST_E = "luxuriated=luxuri rating=rate disabled=disabl troubling=troubl sized=size"
DOUBLED = """
    sobbed=sob nodding=nod puffing=puf hugging=hug trimmed=trim planning=plan mapped=map stirred=stir fitted=fit
    falling=fall hissed=hiss fizzed=fizz ebbed=ebb added=add egging=egg offing=off unadded=unad
"""
KEPT_ING = """
    inning=inning innings=inning outing=outing outings=outing canning=canning earrings=earring herring=herring
    evenings=evening binning=bin pouting=pout dying=die lying=lie tying=tie vying=vie flying=fli
"""
FINAL_Y = "cry=cri crying=cri happy=happi by=by say=say enjoy=enjoy dyed=dy"
CONSONANT_Y = """
    youth=youth yes=yes yellows=yellow yying=yie boyish=boyish sayyid=sayyid toyed=toy playing=play abbeys=abbey
    beyond=beyond voyeuryism=voyeury
"""
STEP_2 = """
    national=nation rational=ration relational=relat operational=oper valency=valenc hesitancy=hesit comfortably=comfort
    possibly=possibl differently=differ digitizer=digit organization=organiz nation=nation relation=relat operator=oper
    formality=formal formalism=formal formally=formal hopefulness=hope hopefully=hope callousness=callous
    callously=callous decisiveness=decis sensitivity=sensit sensibility=sensibl endlessly=endless geologist=geolog
    geology=geolog pedagogy=pedagogi quickly=quick bravely=brave really=realli holy=holi fly=fli
"""
STEP_3 = """
    conditional=condit formalize=formal triplicate=triplic electricity=electr electrical=electr hopeful=hope
    goodness=good formative=format imitative=imit negative=negat
"""
STEP_4 = """
    revival=reviv allowance=allow inference=infer airliner=airlin gyroscopic=gyroscop adjustable=adjust
    defensible=defens irritant=irrit replacement=replac adjustment=adjust dependent=depend magnetism=magnet
    activate=activ angularity=angular homologous=homolog effective=effect standardize=standard adoption=adopt
    decision=decis million=million onion=onion ration=ration plural=plural real=real
"""
STEP_5 = """
    probate=probat rate=rate cease=ceas house=hous hope=hope use=use owe=owe paste=paste controll=control roll=roll
    rolled=roll control=control
"""
LONG_STARTS = """
    general=general generate=generat arsenal=arsenal arsenic=arsenic communes=commune community=communiti emerge=emerg
    emergency=emergenc internal=internal interred=inter later=later lateral=lateral organ=organ organic=organic
    past=past pasted=paste unpasted=unpast gendering=gender universe=univers university=universiti
"""
IRREGULAR = """
    andes=andes atlas=atlas bias=bias cosmos=cosmos howe=howe news=news sky=sky skis=ski skies=sky early=earli
    gently=gentl idly=idl only=onli singly=singl ugly=ugli univers=univer
"""


@pytest.mark.parametrize(
    "pairs",
    [
        pytest.param(PLURALS, id="plurals lose their s"),
        pytest.param(EED, id="-eed becomes -ee in R1"),
        pytest.param(ED_AND_ING, id="-ed and -ing go if a vowel is left"),
        pytest.param(LOST_E, id="an e lost before -ed and -ing comes back"),
        pytest.param(DOUBLED, id="a letter doubled before -ed and -ing is single again"),
        pytest.param(KEPT_ING, id="some nouns keep -ing, and -ying may come from -ie"),
        pytest.param(FINAL_Y, id="a y after a consonant becomes i"),
        pytest.param(CONSONANT_Y, id="a y at the start or after a vowel is a consonant"),
        pytest.param(STEP_2, id="step 2: double suffixes become single in R1"),
        pytest.param(STEP_3, id="step 3: -ical, -ful, -ness and their like in R1"),
        pytest.param(STEP_4, id="step 4: single suffixes go in R2"),
        pytest.param(STEP_5, id="step 5: a last e or l"),
        pytest.param(LONG_STARTS, id="some starts belong to no region"),
        pytest.param(IRREGULAR, id="irregular words"),
        pytest.param("a=a is=is as=as ed=ed by=by", id="short words are their own stems"),
        pytest.param("'tis=tis dogs'=dog james's=jame o'brien's=o'brien boss's'=boss s's=s ''s=", id="apostrophes"),
        pytest.param("café=café naïvely=naïv 3ds=3ds x2ing=x2ing", id="other signs are consonants"),
    ],
)
def test_words_have_these_stems(pairs: str) -> None:
    expected = dict(pair.split("=") for pair in pairs.split())

    assert {word: stem(word) for word in expected} == expected


@given(st.text(st.characters(max_codepoint=127)) | st.text() | suffixed)
def test_any_string_has_a_stem_that_is_no_longer(word: str) -> None:
    assert len(stem(word)) <= len(word)


@given(letters | suffixed.map(lambda word: word.replace("'", "")))
def test_a_word_of_letters_has_a_stem_of_small_letters_that_starts_alike(word: str) -> None:
    stemmed = stem(word)

    assert stemmed[0] == word[0]
    assert set(stemmed) <= set(string.ascii_lowercase)
