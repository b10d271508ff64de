from geo.directory.commands import ImportCommand
from geo.directory.standard import import_schools


class Command(ImportCommand):
    help = "Bring the directory to the state of an official standard school-location file (CSV)."
    importer = staticmethod(import_schools)
    departures = True
