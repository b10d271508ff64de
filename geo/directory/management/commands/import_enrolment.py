from geo.directory.commands import ImportCommand
from geo.directory.enrolment import import_enrolment


class Command(ImportCommand):
    help = "Set the number of pupils per school from the official disclosure file (CSV)."
    importer = staticmethod(import_enrolment)
