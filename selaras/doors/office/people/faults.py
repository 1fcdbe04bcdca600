"""The sentence for each fault of a form about a person: what is wrong and what to do."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selaras.people.faults import Unfit

SENTENCES: dict[str, str | Promise] = {
    "name_missing": _("Write the name as on the paper."),
    "too_long": _("This is too long: at most %(most)s signs."),
    "unknown_sex": _("Choose woman or man."),
    "unknown_precision": _("Write the date as day-month-year, month-year or year."),
    "birth_to_come": _("The date of birth lies in the future."),
    "birth_too_early": _("The date of birth lies before 1900."),
    "unknown_area": _("This area is not in the official list."),
    "unknown_kind": _("Choose which number it is."),
    "nik_length": _("A NIK has 16 digits. Count them again."),
    "nik_place": _("The first two digits of this NIK are no province. Look at the card again."),
    "nik_date": _("Digits 7 to 12 of this NIK are no date of birth. Look at the card again."),
    "nik_serial": _("A NIK does not end in 0000; a spreadsheet has cut it. Look at the card."),
    "nik_birth": _("The date of birth inside this NIK is not the one above. Check both on the card."),
    "nik_sex": _("This NIK is of the other sex. For women 40 is added to the day. Check the card."),
    "passport_form": _("A passport number has one or two letters and six or seven digits, such as C1234567."),
    "kk_form": _("A family card number has 16 digits."),
    "splp_form": _("A travel paper number has up to three letters and five to ten digits."),
    "seafarer_form": _("A seafarer code has ten digits."),
    "ekpmi_form": _("A card number has six to twenty letters and digits."),
    "phone_form": _("This is no telephone number. Write it with its country, such as +62 812 3456 7890."),
    "unknown_country": _("Choose the country from the list."),
    "unknown_district": _("This place does not lie in that country."),
    "unknown_capacity": _("Choose the capacity."),
    "unknown_presence_kind": _("Choose how this is known."),
    "presence_to_come": _("This date lies in the future."),
    "ends_before_it_begins": _("The end lies before the beginning."),
    "died_before_birth": _("The day of death lies before the birth."),
    "unknown_name_kind": _("Choose what kind of name it is."),
    "unknown_relation": _("Choose how they are related."),
    "paper_missing": _("Choose the paper that you have seen. Without one nobody is enrolled."),
    "phone_of_an_office": _("This is the telephone of an office or agency. Ask for the person's own."),
    "phone_of_another": _("Somebody else signs in with this telephone. Ask for another; a card needs none."),
    "phone_shared": _("This telephone stands with several persons of the register. Ask for one that is hers alone; a card needs none."),
    "kin_of_herself": _("Nobody is kin to himself or herself."),
}


def tell(form: forms.Form, unfit: Unfit, fields: dict[str, str]) -> None:
    """Write each fault beside its field; `fields` names the form's field for a field of the verb that is called otherwise."""
    for fault in unfit.faults:
        name = fields.get(fault.field, fault.field)
        sentence = str(SENTENCES[fault.code]) % fault.params if fault.params else str(SENTENCES[fault.code])
        form.add_error(name if name in form.fields else None, sentence)
