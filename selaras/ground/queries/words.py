"""The words in which a verb and its outcome are told to people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERB_WORDS: dict[str, str | Promise] = {
    "agreements.end_agreement": _("ended an agreement"),
    "agreements.see_agreements": _("looked at agreements"),
    "agreements.sign_agreement": _("entered an agreement"),
    "ground.add_officer": _("entered an officer"),
    "ground.change_sign_in": _("changed how she signs in"),
    "ground.end_posting": _("ended a posting"),
    "ground.move_officer": _("moved an officer"),
    "ground.open_office": _("opened an office"),
    "ground.post_officer": _("posted an officer"),
    "ground.read_ledger": _("read the ledger"),
    "ground.remove_strays": _("removed files that nothing names"),
    "ground.reseal_values": _("sealed values under a new key"),
    "ground.reset_second_step": _("removed an officer's second step"),
    "ground.seal_ledger": _("sealed the ledger"),
    "ground.see_officer": _("looked at an officer's account"),
    "ground.see_officers": _("looked at officers"),
    "ground.see_offices": _("looked at offices"),
    "ground.sign_in": _("signed in"),
    "ground.sign_out": _("signed out"),
    "ground.switch_off_officer": _("switched an officer's account off"),
    "ground.switch_on_officer": _("switched an officer's account on"),
    "ground.unlock_officer": _("unlocked an officer's account"),
    "ground.verify_ledger": _("verified the ledger"),
    "ground.widen_office": _("let an office see more"),
    "insight.export_headcount": _("exported the headcount"),
    "insight.publish_headcount": _("published the headcount"),
    "insight.see_headcount": _("looked at the headcount"),
    "people.add_identifier": _("added a number"),
    "people.add_kin": _("added kin"),
    "people.add_name": _("added a name"),
    "people.add_presence": _("added a stay abroad"),
    "people.ask_papers": _("asked for a paper"),
    "people.correct": _("corrected the record"),
    "people.find_by_name": _("searched by name"),
    "people.find_by_number": _("searched by number"),
    "people.join_reach": _("wrote a registration"),
    "people.merge": _("merged two records"),
    "people.open_person": _("opened the record"),
    "people.propose_merge": _("proposed to merge two records"),
    "people.register": _("registered a person"),
    "people.reveal_number": _("opened a number"),
    "people.rule": _("said whether two records are one person"),
    "people.unmerge": _("separated two records"),
    "people.note_conflict": _("noted a number that stands with two"),
    "people.see_conflict": _("compared two records"),
    "people.see_conflicts": _("looked at numbers that stand with two"),
    "people.upsert_persons": _("wrote what the registers say"),
    "people.who_opened": _("asked who opened the record"),
    "reconcile.apply_run": _("linked the registers"),
    "reconcile.cancel_delivery": _("cancelled a delivery"),
    "reconcile.cancel_run": _("asked a linkage to stop"),
    "reconcile.download_faults": _("downloaded the faults of a linkage"),
    "reconcile.download_rejects": _("downloaded rejected rows"),
    "reconcile.export_clusters": _("exported which row is whose"),
    "reconcile.draw_sample": _("drew a sample of pairs for reading"),
    "reconcile.fail_delivery": _("noted that a delivery failed"),
    "reconcile.fail_run": _("noted that a linkage failed"),
    "reconcile.hand_in": _("handed in a delivery"),
    "reconcile.judge": _("judged a pair"),
    "reconcile.map_columns": _("said which column is which"),
    "reconcile.open_numbers": _("opened the numbers of two rows"),
    "reconcile.open_shared_number": _("opened a number that many share"),
    "reconcile.read_drawn": _("read a drawn pair"),
    "reconcile.retry_delivery": _("tried a delivery again"),
    "reconcile.see_deliveries": _("looked at deliveries"),
    "reconcile.see_delivery": _("looked at a delivery"),
    "reconcile.see_drawn": _("opened a drawn pair"),
    "reconcile.see_pair": _("compared two rows"),
    "reconcile.see_queue": _("looked at the review queue"),
    "reconcile.see_rejects": _("looked at rejected rows"),
    "reconcile.see_run": _("looked at a linkage run"),
    "reconcile.see_runs": _("looked at linkage runs"),
    "reconcile.see_sample": _("looked at the quality of a linkage"),
    "reconcile.start_run": _("asked for a linkage"),
    "reconcile.take_in": _("took a delivery in"),
    "reconcile.unread_drawn": _("took the reading of a drawn pair back"),
    "reconcile.undo_judgement": _("took a judgement back"),
    "reconcile.wipe_delivery": _("wiped a delivery past its day"),
}

OUTCOME_WORDS: dict[str, str | Promise] = {
    "done": _("done"),
    "read": _("read"),
    "refused": _("refused"),
    "not_there": _("not within reach, or not there"),
}


def verb_words(address: str) -> str:
    """Say a verb in words; a verb without words is shown by its address."""
    return str(VERB_WORDS.get(address, address))


def outcome_words(outcome: str) -> str:
    """Say an outcome in words."""
    return str(OUTCOME_WORDS.get(outcome, outcome))
