from service.checking.name_ground import NameGround


def test_all_texts_are_one_ground() -> None:
    """The words of a name may stand in different texts."""
    ground = NameGround.of(("Bajwa flew.", "The general landed."))
    assert ground.holds("General Bajwa")
    assert not ground.holds("General Zhang")


def test_nothing_stands_on_nothing() -> None:
    """Without texts no name stands, but what says nothing needs no ground."""
    ground = NameGround.of(())
    assert not ground.holds("Bajwa")
    assert ground.holds("The Mr")


def test_acronyms_do_not_reach_over_texts() -> None:
    """The last word of one text and the first of another are no neighbours."""
    assert NameGround.of(("the European Union",)).holds("EU")
    assert not NameGround.of(("they are European", "Union men")).holds("EU")


def test_designations_are_words_with_digits() -> None:
    """COP27 and F-16 are, a word before a number is not."""
    assert NameGround.of(("COP27 had 24 F-16 jets at Gate 5",)).designations == {"cop27", "f16"}
