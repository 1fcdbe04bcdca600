"""Places: home areas by official code, countries, and districts abroad that a mission looks after."""

from django.db import models


class Area(models.Model):
    """A province, regency or city, district or village by its official code without dots."""

    unscoped = "places are public"

    code = models.CharField(primary_key=True, max_length=10)
    name = models.CharField(max_length=120)
    level = models.SmallIntegerField()  # 1 province, 2 regency or city, 3 district, 4 village
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    def __str__(self) -> str:
        return self.name


class Country(models.Model):
    """A country or territory by ISO 3166 code, named in both languages."""

    unscoped = "places are public"

    iso3 = models.CharField(primary_key=True, max_length=3)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class AbroadDistrict(models.Model):
    """A part of a country that one mission looks after, such as MYS-TAWAU."""

    unscoped = "places are public"

    code = models.CharField(primary_key=True, max_length=40)
    country = models.ForeignKey(Country, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name
