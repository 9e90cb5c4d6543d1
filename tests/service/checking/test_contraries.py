import pytest

from service.checking.contraries import contraries


@pytest.mark.parametrize(
    ("statement", "sentence", "found"),
    [
        ("€5 million", "The club paid $5 million.", "€5 million"),
        ("5 million euros", "The club paid 5 million dollars.", "5 million euros"),
        ("£5", "The club paid 5 dollars.", "£5"),
        ("They walked 5 miles", "They walked 5 km.", "5 miles"),
        ("two years", "It took two months.", "two years"),
        ("at 5 p.m.", "The vote begins at 5 a.m.", "5 p.m."),
        ("at 3:30 a.m.", "The vote begins at 3:30 p.m.", "3:30 a.m."),
        ("World War I", "He fought in World War II.", "War I"),
        ("Queen Elizabeth I", "It was named after Queen Elizabeth II.", "Elizabeth I"),
        ("on Monday morning", "It was held on Tuesday morning.", "Monday"),
        ("thousands of people", "Hundreds of people fled.", "thousands"),
    ],
)
def test_what_the_source_says_otherwise(statement: str, sentence: str, found: str) -> None:
    """Another unit beside the same value, another numeral behind the same name, another day, another size."""
    assert contraries(statement, [sentence], "en") == (found,)
    assert contraries(statement, [sentence, sentence], "en") == (found,)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("$5 million", "The club paid 5 million dollars."),
        ("$5 million", "The club paid 5 million."),
        ("$5 million", "It paid €5 million for one and $5 million for the other."),
        ("5 million", "The club paid $5 million."),
        ("€6 million", "The club paid $5 million."),
        ("5 p.m.", "The vote begins at 17:00."),
        ("5 p.m.", "The vote begins at 5."),
        ("World War II", "He fought in World War II, not World War I."),
        ("Elizabeth II", "The queen was Elizabeth."),
        ("on Monday", "It was held in the morning."),
        ("on Monday", "It was held on Monday and Tuesday."),
        ("thousands of people", "Thousands of people and hundreds of dogs fled."),
        ("in May I went", "In May I went home."),
    ],
)
def test_what_it_says_alike_or_not_at_all(statement: str, sentence: str) -> None:
    """A source that is silent, or says it too, says nothing otherwise."""
    assert contraries(statement, [sentence], "en") == ()
