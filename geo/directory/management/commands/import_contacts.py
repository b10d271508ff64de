from geo.directory.commands import ImportCommand
from geo.directory.contacts import import_contacts


class Command(ImportCommand):
    help = "Read register contacts and special schools from the official NEIS file (CSV)."
    importer = staticmethod(import_contacts)
    departures = True
