"""What a worker shares with one member of her family: the four kinds of information of the law, each by her own consent."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.scope import ScopedModel
from selaras.people.models.person import OfPerson, Person

OTHER = "other"
"""The papers that are kept for her and are of no kind that the law names."""


class FamilyAccess(ScopedModel):
    """One relative whom she named. The row is hers: whoever reaches her sees it, the relative never does."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="family_accesses")
    member = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="shared_with")
    name = SealedText()  # as she named the relative
    relation = models.CharField(max_length=10)
    condition = models.BooleanField(default=False)  # how she is, her problems, her return
    property = models.BooleanField(default=False)  # all that is hers, should she die
    papers = models.BooleanField(default=False)  # copies of documents and contract
    # Which kinds of papers; null in a consent from before she could choose: all of them, until she says it anew.
    paper_kinds = ArrayField(models.CharField(max_length=40), null=True)
    contact = models.BooleanField(default=False)  # access to communication
    index = models.UUIDField(unique=True)  # keyed index of the word by which the relative is joined at a desk
    until = models.DateTimeField()  # the word's last moment
    made_at = models.DateTimeField(auto_now_add=True)
    joined_at = models.DateTimeField(null=True)
    joined_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    cut_at = models.DateTimeField(null=True)  # an officer found that it endangers her
    cut_by = models.CharField(max_length=80, blank=True)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "member"],
                condition=models.Q(withdrawn_at__isnull=True, member__isnull=False),
                name="one_standing_access_each",
            )
        ]

    def __str__(self) -> str:
        return self.relation

    def gives(self, kind: str) -> bool:
        """Say whether she shares papers of a kind; a paper of no kind of the law's is one of the others."""
        return self.papers and (self.paper_kinds is None or (kind or OTHER) in self.paper_kinds)
