import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.asking.followups import accept_rewrite, depends_on_history, history_lines

TURNS = ["Who runs the mill in Aldbury?", "Marta Quill has run the Great Aldbury Mill since 2019.[1]"]

DEPENDENT = [
    "Where did she work before?",
    "How did they pay for it?",
    "What is its capital?",
    "Why did Rome attack it?",
    "Does this affect prices?",
    "Is that true?",
    "What did they say about that?",
    "How many people live there?",
    "Which one is older?",
    "Are there any others?",
    "Who else was there?",
    "And in 2019?",
    "What about the second mill?",
    "Then who was?",
    "Why?",
    "How so?",
    "Anything else?",
    "Can you elaborate?",
    "Tell me more.",
    "You said it burnt down?",
    "No, I meant the other mill.",
    "the other side?",
    "Steam turbines",
    "At what time?",
    "How many people?",
    "Who was arrested?",
    "Who attended?",
    "What changed?",
    "Did anyone resign?",
    "Was anything agreed?",
    "What happened next?",
    "What are the consequences?",
    "Is it free?",
    "How much do owners get back?",
    "Which is larger?",
    "Which is the most popular?",
    "Why did the company close?",
    "How many people live in the city?",
    "How old is the mill?",
]
WHOLE = [
    "Who runs the mill in Aldbury?",
    "Is it true that Marta Quill resigned?",
    "How long does it take to build a ferry?",
    "What time is it in Brenholt?",
    "Is there a ferry to Skarn Point?",
    "Why are there so many floods in Brenholt?",
    "Who was the engineer that led the inquiry?",
    "Why did Marta Quill sell her shares?",
    "Who was Marta Quill and what did she do?",
    "What did the company that built the Gannet Bridge pay?",
    "Did the company Cindercell close?",
    "What happened in Brenholt this year?",
    "Which is larger, Brenholt or Aldbury?",
    "Is a ferry cheaper than a bridge?",
    "What is inflation?",
    "Explain inflation.",
    "Describe the flood in Brenholt.",
    "Who is Dario Quennell?",
    "How old is the moon?",
    "Are vaccines safe?",
    "How does photosynthesis work?",
    "who won the election in brenholt in 2019",
]
ABROAD = [
    ("Wann wurde er gewählt?", True),
    ("Wann trat sie zurück?", True),
    ("Und im Jahr 2019?", True),
    ("Warum?", True),
    ("Was ist mit dem zweiten Werk?", True),
    ("Wem gehört diese Firma?", True),
    ("Was sagte der Rat dazu?", True),
    ("Wie viele Einwohner hat die Stadt?", True),
    ("Gibt es eine Fähre nach Skarn?", False),
    ("Warum verkaufte Siemens seine Sparte?", False),
    ("Können Sie mir sagen, wer Brenholt regiert?", False),
    ("Was ist Inflation?", False),
    ("Quand a-t-il été élu ?", True),
    ("Où est-elle née ?", True),
    ("Et en 2019 ?", True),
    ("Pourquoi ?", True),
    ("Qui dirige cette entreprise ?", True),
    ("Combien d’habitants compte la ville ?", True),
    ("Y a-t-il un bac pour Skarn ?", False),
    ("Quand Angela Merkel a-t-elle été élue ?", False),
    ("Qu'est-ce que l'inflation ?", False),
    ("Combien d'habitants compte la ville de Brenholt ?", False),
    ("¿Dónde vive su madre?", True),
    ("¿Y en 2019?", True),
    ("¿Por qué?", True),
    ("¿Qué más dijo?", True),
    ("¿Quién dirige esta empresa?", True),
    ("¿Cuántos habitantes tiene la ciudad?", True),
    ("¿Por qué vendió Repsol su filial?", False),
    ("¿Es verdad que Marta Quill dimitió?", False),
    ("¿Qué es la inflación?", False),
    ("なぜ?", True),
    ("アルドベリーの製紙工場は誰が経営していますか?", False),
]
REWRITES = [
    ("Where did she work before?", "Where did Marta Quill work before?"),
    ("And in 2018?", "Who runs the mill in Aldbury in 2018?"),
    ("Why?", "Why has Marta Quill run the mill?"),
    ("What about the ferry?", "Who runs the ferry in Aldbury?"),
    ("Tell me more about it", "Tell me more about the Great Aldbury Mill"),
    ("Is it old?", "Is it old?"),
]
REFUSED = [
    ("Where did she work before?", "Where did Petra Lindqvast work before?", "a name from nowhere"),
    ("Where did she work before?", "Where did Marta Quill work before 2017?", "a number from nowhere"),
    ("Where did she work before?", "Where did Marta Quill work after?", "another word that turns the question"),
    ("Where did she work before?", "When did Marta Quill work before?", "it asks for something else"),
    ("Where did she work before?", "Where is the mill?", "too little is kept"),
    ("What did it cost in 2018?", "What did the mill cost?", "the number is left out"),
    ("Who did it?", "Was it Marta Quill?", "it guesses the answer"),
    ("Who runs it?", "Marta Quill runs the mill since 2019.", "it answers"),
    ("Who runs it?", "Who runs the mill? Marta Quill.", "it asks and answers"),
    ("Who runs it?", "Who runs the mill? Who runs Aldbury?", "it asks more"),
    ("Who runs it?", "Who runs\nthe mill?", "it has two lines"),
    ("Who runs it?", "Who runs " + "the mill in Aldbury " * 6 + "?", "it is too long"),
    ("Who runs it?", "", "it is empty"),
    ("Why?", "...?", "it has no word"),
]


@pytest.mark.parametrize("question", DEPENDENT)
def test_what_points_back_depends_on_the_conversation(question: str) -> None:
    """Pronouns without an antecedent, fragments, half comparisons and nouns that name nothing need the turns."""
    assert depends_on_history(question, TURNS)


@pytest.mark.parametrize("question", WHOLE)
def test_what_is_whole_stands_alone(question: str) -> None:
    """Antecedents in the question, idle "it" and "there", and full names need nothing else."""
    assert not depends_on_history(question, TURNS)


@pytest.mark.parametrize(("question", "expected"), ABROAD)
def test_the_commonest_of_other_languages(question: str, *, expected: bool) -> None:
    """German, French and Spanish are read by their own words, scripts without spaces by their length."""
    assert depends_on_history(question, TURNS) is expected


@pytest.mark.parametrize("question", DEPENDENT)
def test_a_first_question_depends_on_nothing(question: str) -> None:
    """Without earlier messages there is nothing to depend on."""
    assert not depends_on_history(question, [])


def test_a_full_name_is_not_short_for_itself() -> None:
    """A definite noun depends only where an earlier message has a longer name that the question does not give."""
    turns = ["Who built the Berlin Wall?"]
    assert depends_on_history("Who lived in Berlin near the wall?", ["Tell me of the Chinese Wall"])
    assert not depends_on_history("How high is the Berlin Wall?", turns)
    assert not depends_on_history("Who lived in Berlin near the wall?", turns)


@pytest.mark.parametrize(("question", "rewrite"), REWRITES)
def test_rewrites_of_what_was_said_are_accepted(question: str, rewrite: str) -> None:
    """A rewrite may take words and numbers from the question and the messages, and small words."""
    assert accept_rewrite(rewrite, question, TURNS)


@pytest.mark.parametrize(("question", "rewrite", "reason"), REFUSED)
def test_other_rewrites_are_refused(question: str, rewrite: str, reason: str) -> None:
    """A rewrite that brings something new, drops what was asked, or answers, is not believed."""
    assert not accept_rewrite(rewrite, question, TURNS), reason


@pytest.mark.parametrize(
    ("question", "rewrite"),
    [
        ("Wann wurde sie gewählt?", "Wann wurde Marta Quill gewählt?"),
        ("Quand a-t-elle été élue ?", "Quand Marta Quill a-t-elle été élue ?"),
        ("¿Cuándo fue elegida?", "¿Cuándo fue elegida Marta Quill?"),
    ],
)
def test_rewrites_in_other_languages(question: str, rewrite: str) -> None:
    """The small words are those of the question's language."""
    assert accept_rewrite(rewrite, question, TURNS)
    assert not accept_rewrite(rewrite.replace("Marta", "Petra"), question, TURNS)


def test_history_is_shown_in_lines_of_one_message() -> None:
    """Each message is one line with its role, without markers and line ends."""
    turns = [("user", "Who runs\nthe mill?"), ("assistant", "Marta Quill runs it.[1][2]")]
    assert history_lines(turns, max_chars=200) == ["user: Who runs the mill?", "assistant: Marta Quill runs it."]


def test_the_newest_messages_are_kept() -> None:
    """Where room is short, the oldest messages go first, and one is shortened."""
    turns = [("user", "first " * 10), ("assistant", "second " * 10), ("user", "Why?")]
    assert history_lines(turns, max_chars=40) == ["assistant: second second seco…", "user: Why?"]
    assert history_lines(turns, max_chars=12) == ["user: Why?"]
    assert history_lines([("user", str(n)) for n in range(11)], max_chars=200)[0] == "user: 3"


@given(
    st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=600)), max_size=9), st.integers(0, 900)
)
def test_history_keeps_its_bounds(turns: list[tuple[str, str]], max_chars: int) -> None:
    """The lines are within the length, each without a line end."""
    lines = history_lines(turns, max_chars=max_chars)
    assert sum(map(len, lines)) <= max_chars
    assert all(len(line.splitlines()) == 1 for line in lines)


@given(st.text(max_size=200), st.lists(st.text(max_size=200), min_size=1, max_size=3))
def test_any_text_is_read(question: str, turns: list[str]) -> None:
    """Nothing that a person can write is an error, and a question is always an acceptable rewrite of itself."""
    depends_on_history(question, turns)
    assert accept_rewrite(question, question, turns)
