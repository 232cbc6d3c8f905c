"""What follows the list."""

from intake.forms.fields import QuestionForm, radios


class AfterListForm(QuestionForm):
    after_list = radios(
        "What would you like to do next?",
        [("help", "Ask a nurse advocate to help me"), ("list", "No thanks, just the list")],
        missing="Choose what you would like to do next",
        hint="A nurse advocate can call these places with you. It is free.",
    )
