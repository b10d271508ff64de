from geo.directory.commands import ImportCommand
from geo.directory.universities import import_universities


class Command(ImportCommand):
    help = "Read the active college campuses from the official campus file (CSV)."
    importer = staticmethod(import_universities)
    departures = True
