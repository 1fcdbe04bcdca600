"""Turns a finding of the ledger's verification into a sentence."""

from django.utils.translation import gettext as _

from selaras.ground.sealing import Finding


def finding_sentence(finding: Finding) -> str:
    """Say what is wrong and with which line or seal."""
    values = {"seal": finding.seal, "line": finding.line}
    sentences = {
        "changed": _("Line %(line)s was changed after it was sealed (seal %(seal)s)."),
        "subjects": _("Line %(line)s names other persons than when it was sealed (seal %(seal)s)."),
        "missing": _("Line %(line)s is missing although seal %(seal)s lists it."),
        "added": _("Line %(line)s was slipped into the time of seal %(seal)s afterwards."),
        "seal_changed": _("Seal %(seal)s does not fit its own list or the seal before it."),
        "seal_missing": _("Seal %(seal)s is missing."),
        "signature": _("The signature of seal %(seal)s is not ours."),
        "copy": _("Seal %(seal)s differs from its copy outside the database, or the copy is missing."),
    }
    return sentences[finding.kind] % values
