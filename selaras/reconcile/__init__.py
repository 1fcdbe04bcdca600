"""Many registers, one person: intake, link, judge, count."""
